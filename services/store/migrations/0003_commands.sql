-- What was asked of the network: written by the API, except the outbox state, which is the relayer's.
create table outbox_entry (
  id bigint generated always as identity primary key,
  instance_id integer not null references chain_instance (id),
  op_key text not null,
  body_hash text not null,
  kind text not null,
  order_id text,
  dispute_id text,
  payload jsonb not null,
  state text not null check (state in ('queued', 'submitted', 'included', 'failed')),
  error_code text,
  error_context jsonb,
  block_number bigint,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (instance_id, op_key)
);
create index outbox_entry_open on outbox_entry (instance_id, id) where state in ('queued', 'submitted');
create index outbox_entry_order on outbox_entry (instance_id, order_id, id);
create index outbox_entry_dispute on outbox_entry (instance_id, dispute_id) where dispute_id is not null;

create table participant (
  instance_id integer not null references chain_instance (id),
  kind text not null,
  name text not null,
  address text not null,
  entry_id bigint not null references outbox_entry (id),
  created_at timestamptz not null,
  primary key (instance_id, kind, name),
  unique (instance_id, address)
);

create table order_request (
  instance_id integer not null references chain_instance (id),
  order_id text not null,
  merchant text not null,
  reference text not null,
  payer text not null,
  currency text not null,
  amount numeric(30, 0) not null,
  kind text not null check (kind in ('authorize', 'charge')),
  terms jsonb not null,
  signature text not null,
  entry_id bigint not null references outbox_entry (id),
  created_at timestamptz not null,
  primary key (instance_id, order_id),
  unique (instance_id, merchant, reference)
);

-- Operations on orders that were refused: the same key is answered the same for ever, whatever the order becomes.
create table refused_operation (
  instance_id integer not null references chain_instance (id),
  op_key text not null,
  body_hash text not null,
  code text not null,
  detail text not null,
  context jsonb not null,
  created_at timestamptz not null,
  primary key (instance_id, op_key)
);

create table nonce_slot (
  instance_id integer not null references chain_instance (id),
  signer text not null,
  nonce bigint not null,
  created_at timestamptz not null,
  primary key (instance_id, signer, nonce)
);

create table attempt (
  instance_id integer not null references chain_instance (id),
  tx_hash text not null,
  signer text not null,
  nonce bigint not null,
  raw_signed text not null,
  state text not null check (state in ('signed', 'broadcast', 'included', 'reverted', 'replaced')),
  block_number bigint,
  block_hash text,
  block_timestamp bigint,
  tx_index integer,
  gas_used bigint,
  created_at timestamptz not null,
  primary key (instance_id, tx_hash),
  foreign key (instance_id, signer, nonce) references nonce_slot (instance_id, signer, nonce)
);
create index attempt_nonce on attempt (instance_id, signer, nonce);

create table attempt_entry (
  instance_id integer not null,
  tx_hash text not null,
  entry_id bigint not null references outbox_entry (id),
  primary key (instance_id, tx_hash, entry_id),
  foreign key (instance_id, tx_hash) references attempt (instance_id, tx_hash)
);
create index attempt_entry_entry on attempt_entry (entry_id);
