-- What the remaining events tell: moved deadlines, who earned fees and who collected, canceled ids, waiting awards by
-- order, what the fund advances, seizures, payout address requests, successors. Filled by the next mirror, as in 0006.
alter table escrow_order add column fee_receiver text;
alter table escrow_order add column collector text;
alter table escrow_order add column delivered_at bigint;
-- Seconds by which disputes and extensions moved the deadlines; null where no event tells it.
alter table escrow_order add column clock_shift bigint default 0;
alter table book add column advance_limit numeric(30, 0) not null default 0;
alter table chain_participant add column kyc_level integer not null default 0;
alter table chain_participant add column requested_payout_address text;
alter table chain_participant add column payout_effective_from bigint;
alter table chain_participant add column successor text;

create table canceled_order (
  instance_id integer not null references chain_instance (id),
  order_id text not null,
  merchant text not null,
  payer text not null,
  word text not null,
  block_hash text not null,
  block_number bigint not null,
  log_index integer not null,
  tx_hash text not null,
  primary key (instance_id, order_id)
);

-- Awards that an account could not pay at once; deferred - paid still waits.
create table unpaid_award (
  instance_id integer not null references chain_instance (id),
  operator text not null,
  token text not null,
  account text not null,
  order_id text not null,
  payer text not null,
  deferred numeric(30, 0) not null,
  paid numeric(30, 0) not null,
  block_hash text not null,
  block_number bigint not null,
  log_index integer not null,
  tx_hash text not null,
  primary key (instance_id, operator, token, account, order_id)
);

create table seizure (
  instance_id integer not null references chain_instance (id),
  seizure_id text not null,
  operator text not null,
  token text not null,
  account text not null,
  amount numeric(30, 0) not null,
  court_reference text not null,
  executable_from bigint not null,
  state text not null,
  statutory_account text,
  block_hash text not null,
  block_number bigint not null,
  log_index integer not null,
  tx_hash text not null,
  primary key (instance_id, seizure_id)
);
