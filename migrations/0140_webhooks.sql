-- Who is told over HTTP of what happens. The secret that signs is sealed: a copy of the table signs nothing.
create table webhook (
  clinic_id text not null default clinic_id(),
  webhook_id uuid not null,
  url text not null,
  -- Event types, or families of them: `session.*`.
  types text[] not null,
  secret bytea not null,
  created_at timestamptz not null,
  created_by text not null,
  -- Attempts in a row that did not get through.
  failures int not null default 0,
  disabled_at timestamptz,
  disabled_why text,
  primary key (clinic_id, webhook_id)
);

-- What is to be told, written in the transaction that moves past the event: one row an event and receiver. Ids only.
create table webhook_delivery (
  clinic_id text not null default clinic_id(),
  delivery_id uuid not null,
  webhook_id uuid not null,
  position bigint not null,
  type text not null,
  body text not null,
  status text not null check (status in ('waiting', 'delivered', 'failed')),
  attempts int not null default 0,
  next_attempt_at timestamptz,
  -- What the receiver answered last, or why it did not.
  answer int,
  why text,
  created_at timestamptz not null,
  ended_at timestamptz,
  primary key (clinic_id, delivery_id),
  foreign key (clinic_id, webhook_id) references webhook (clinic_id, webhook_id) on delete cascade,
  constraint waiting_deliveries_wake check ((status = 'waiting') = (next_attempt_at is not null))
);
create index webhook_delivery_to_wake on webhook_delivery (clinic_id, next_attempt_at) where next_attempt_at is not null;
create index webhook_delivery_of_webhook on webhook_delivery (clinic_id, webhook_id, position desc);

grant select, insert, update, delete on webhook, webhook_delivery to afterglow_app;
do $$
declare tenant text;
begin
  foreach tenant in array array['webhook', 'webhook_delivery'] loop
    execute format('alter table %I enable row level security', tenant);
    execute format('alter table %I force row level security', tenant);
    execute format('create policy own_clinic on %I using (clinic_id = clinic_id()) with check (clinic_id = clinic_id())', tenant);
  end loop;
end $$;
