-- Statements line by line. What is projected by older rules is written again from chain_log by the next mirror, which
-- finds its rules newer than chain_cursor.fold; until then there are no statements and no lines.
alter table chain_cursor add column fold integer not null default 0;

delete from statement;
alter table statement add column root text not null;
alter table statement add column lines integer not null;

-- One log can be a line in two statements: a payee's share is the payee's and the merchant's. Kinds are those of a
-- statement's leaves; amounts are signed, what adds to a statement is positive. `cycle` is the account's open cycle at
-- that moment; `statement_cycle`, `position` and `running_before` come with the settlement.
delete from movement;
alter table movement alter column cycle set not null;
alter table movement add column statement_cycle integer;
alter table movement add column position integer;
alter table movement add column running_before numeric(30, 0);
alter table movement drop constraint movement_pkey;
alter table movement add primary key (instance_id, block_hash, log_index, kind, merchant);
drop index movement_merchant;
create index movement_statement on movement (instance_id, operator, token, merchant, statement_cycle, position);
