-- What the complete ledger and court tell beside: fees in a merchant's word, reserve, waiting awards, bonds, offers.
alter table account add column fees numeric(30, 0) not null default 0;
alter table account add column reserve numeric(30, 0) not null default 0;
alter table account add column unpaid numeric(30, 0) not null default 0;
alter table dispute add column award numeric(30, 0);
alter table dispute add column locked_reserve numeric(30, 0) not null default 0;
alter table dispute add column bond numeric(30, 0) not null default 0;
alter table dispute add column payer_offer numeric(30, 0);
alter table dispute add column merchant_offer numeric(30, 0);
alter table dispute add column deferred numeric(30, 0) not null default 0;
alter table settlement_cycle add column fees numeric(30, 0) not null default 0;
alter table settlement_cycle add column root text;
alter table statement add column fees numeric(30, 0) not null default 0;
