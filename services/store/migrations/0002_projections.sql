-- Folds of chain_log; only the mirror writes here, and it can write all of it again.
create table escrow_order (
  instance_id integer not null references chain_instance (id),
  order_id text not null,
  operator text not null,
  merchant text not null,
  payer text not null,
  token text not null,
  fee_bps integer not null,
  fixed_fee numeric(30, 0) not null,
  amount numeric(30, 0) not null,
  captured numeric(30, 0) not null,
  voided numeric(30, 0) not null,
  reclaimed numeric(30, 0) not null,
  refunded numeric(30, 0) not null,
  awarded numeric(30, 0) not null,
  fees numeric(30, 0) not null,
  capturable numeric(30, 0) not null,
  refundable numeric(30, 0) not null,
  state text not null,
  cycle integer not null,
  captured_at bigint not null,
  is_disputed boolean not null,
  dispute_count integer not null,
  word text not null,
  block_hash text not null,
  block_number bigint not null,
  log_index integer not null,
  tx_hash text not null,
  primary key (instance_id, order_id)
);
create index escrow_order_merchant on escrow_order (instance_id, merchant, token);

create table account (
  instance_id integer not null references chain_instance (id),
  operator text not null,
  token text not null,
  address text not null,
  available numeric(30, 0) not null,
  pending numeric(30, 0) not null,
  debt numeric(30, 0) not null,
  paid numeric(30, 0) not null,
  status text not null,
  open_cycle integer not null,
  word text not null,
  cold_word text not null,
  block_hash text not null,
  block_number bigint not null,
  log_index integer not null,
  primary key (instance_id, operator, token, address)
);

create table book (
  instance_id integer not null references chain_instance (id),
  operator text not null,
  token text not null,
  vault text not null,
  open_cycle integer not null,
  guarantee numeric(30, 0) not null,
  deposited numeric(30, 0) not null,
  withdrawn numeric(30, 0) not null,
  paid numeric(30, 0) not null,
  primary key (instance_id, operator, token)
);

create table dispute (
  instance_id integer not null references chain_instance (id),
  dispute_id text not null,
  order_id text not null,
  merchant text not null,
  payer text not null,
  amount numeric(30, 0) not null,
  reason text not null,
  state text not null,
  basis text,
  payer_bps integer,
  evidence text not null,
  respond_by bigint not null,
  rule_by bigint,
  captured numeric(30, 0) not null,
  held numeric(30, 0) not null,
  locked_pending numeric(30, 0) not null,
  locked_available numeric(30, 0) not null,
  locked_cycle integer not null,
  awarded numeric(30, 0) not null,
  voided numeric(30, 0) not null,
  block_hash text not null,
  block_number bigint not null,
  log_index integer not null,
  tx_hash text not null,
  primary key (instance_id, dispute_id)
);
create index dispute_order on dispute (instance_id, order_id);

-- One line of a merchant's statement; kind: capture, refund, award, payout.
create table movement (
  instance_id integer not null references chain_instance (id),
  block_hash text not null,
  block_number bigint not null,
  log_index integer not null,
  tx_hash text not null,
  operator text not null,
  token text not null,
  merchant text not null,
  kind text not null,
  order_id text,
  cycle integer,
  gross numeric(30, 0) not null,
  fee numeric(30, 0) not null,
  net numeric(30, 0) not null,
  primary key (instance_id, block_hash, log_index, kind)
);
create index movement_merchant on movement (instance_id, merchant, token, cycle);

create table settlement_cycle (
  instance_id integer not null references chain_instance (id),
  operator text not null,
  token text not null,
  number integer not null,
  closed_at bigint not null,
  net numeric(30, 0) not null,
  debt_repaid numeric(30, 0) not null,
  merchants integer not null,
  block_hash text not null,
  block_number bigint not null,
  log_index integer not null,
  tx_hash text not null,
  primary key (instance_id, operator, token, number)
);

create table statement (
  instance_id integer not null references chain_instance (id),
  operator text not null,
  token text not null,
  cycle integer not null,
  merchant text not null,
  net numeric(30, 0) not null,
  debt_repaid numeric(30, 0) not null,
  block_hash text not null,
  block_number bigint not null,
  log_index integer not null,
  tx_hash text not null,
  primary key (instance_id, operator, token, cycle, merchant)
);

create table payout (
  instance_id integer not null references chain_instance (id),
  block_hash text not null,
  block_number bigint not null,
  log_index integer not null,
  tx_hash text not null,
  operator text not null,
  token text not null,
  merchant text not null,
  recipient text not null,
  amount numeric(30, 0) not null,
  state text not null,
  reason text,
  primary key (instance_id, block_hash, log_index)
);

create table chain_participant (
  instance_id integer not null references chain_instance (id),
  address text not null,
  kind text not null,
  status text not null,
  kyc_until bigint not null,
  payout_address text not null,
  block_number bigint not null,
  log_index integer not null,
  primary key (instance_id, address)
);
