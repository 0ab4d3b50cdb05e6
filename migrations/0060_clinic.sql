-- The clinic's settings, as its last configuration left them.
create table clinic_settings (
  clinic_id text primary key default clinic_id(),
  document jsonb not null,
  updated_at timestamptz not null
);

-- Protocols in force. A version is never changed: sessions are pinned to the one they were booked under.
create table protocol_version (
  clinic_id text not null default clinic_id(),
  protocol_id text not null,
  version int not null,
  active jsonb not null,
  activated_by text not null,
  activated_at timestamptz not null,
  primary key (clinic_id, protocol_id, version)
);

-- Machines' keys, hashed: a copy of the table opens nothing.
create table api_key (
  clinic_id text not null default clinic_id(),
  key_hash bytea not null,
  name text not null,
  roles text[] not null,
  created_at timestamptz not null,
  revoked_at timestamptz,
  primary key (clinic_id, key_hash)
);

create table staff_account (
  clinic_id text not null default clinic_id(),
  staff_id text not null,
  email text not null,
  password_hash text not null,
  failures int not null default 0,
  locked_until timestamptz,
  primary key (clinic_id, staff_id),
  unique (clinic_id, email)
);

create table staff_session (
  clinic_id text not null default clinic_id(),
  token_hash bytea not null,
  staff_id text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (clinic_id, token_hash)
);

-- Who looked at whose record (append-only).
create table access_log (
  clinic_id text not null default clinic_id(),
  at timestamptz not null,
  actor text not null,
  action text not null,
  patient_id text
);
create index access_log_by_patient on access_log (clinic_id, patient_id, at);

-- The first answer to a command; the same key gives it again.
create table idempotency_key (
  clinic_id text not null default clinic_id(),
  actor text not null,
  key text not null,
  request_hash bytea not null,
  status int,
  answer jsonb,
  created_at timestamptz not null,
  primary key (clinic_id, actor, key)
);

grant select, insert, update on clinic_settings, api_key, staff_account to afterglow_app;
grant select, insert on protocol_version, access_log to afterglow_app;
grant select, insert, delete on staff_session to afterglow_app;
grant select, insert, update, delete on idempotency_key to afterglow_app;

do $$
declare tenant text;
begin
  foreach tenant in array array['clinic_settings', 'protocol_version', 'api_key', 'staff_account', 'staff_session', 'access_log', 'idempotency_key'] loop
    execute format('alter table %I enable row level security', tenant);
    execute format('alter table %I force row level security', tenant);
    execute format('create policy own_clinic on %I using (clinic_id = clinic_id()) with check (clinic_id = clinic_id())', tenant);
  end loop;
end $$;
