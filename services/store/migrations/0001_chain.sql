-- What the mirror read off the chain, raw and kept for rebuilds. Hex is lower case with 0x; amounts are base units.
create table chain_instance (
  id integer generated always as identity primary key,
  chain_id bigint not null,
  genesis_hash text not null,
  contract_set_hash text not null,
  first_seen timestamptz not null,
  retired_at timestamptz,
  unique (chain_id, genesis_hash, contract_set_hash)
);

create table chain_cursor (
  instance_id integer primary key references chain_instance (id),
  head_number bigint not null,
  head_hash text not null,
  final_number bigint not null,
  epoch bigint not null
);

create table block (
  instance_id integer not null references chain_instance (id),
  hash text not null,
  number bigint not null,
  parent_hash text not null,
  timestamp bigint not null,
  canonical boolean not null,
  primary key (instance_id, hash)
);
create index block_number on block (instance_id, number) where canonical;

create table chain_log (
  instance_id integer not null references chain_instance (id),
  block_hash text not null,
  block_number bigint not null,
  log_index integer not null,
  tx_hash text not null,
  tx_index integer not null,
  address text not null,
  topics text[] not null,
  data text not null,
  primary key (instance_id, block_hash, log_index)
);
create index chain_log_number on chain_log (instance_id, block_number, log_index);

create table quarantine (
  instance_id integer not null references chain_instance (id),
  block_hash text not null,
  log_index integer not null,
  projector text not null,
  error text not null,
  primary key (instance_id, block_hash, log_index, projector)
);
