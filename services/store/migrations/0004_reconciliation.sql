-- What the reconciler found; it writes breaks and never repairs.
create table recon_run (
  id bigint generated always as identity primary key,
  instance_id integer not null references chain_instance (id),
  block_number bigint not null,
  block_hash text not null,
  started_at timestamptz not null,
  finished_at timestamptz not null,
  accounts integer not null,
  orders integer not null,
  breaks integer not null
);

create table recon_break (
  run_id bigint not null references recon_run (id),
  position integer not null,
  kind text not null,
  subject text not null,
  expected text,
  actual text,
  primary key (run_id, position)
);
