-- Keys are made and revoked in the console: told apart by a name and their last characters, with who did it and when each was used last.
alter table api_key
  add column key_id uuid not null default gen_random_uuid(),
  add column hint text,
  add column created_by text,
  add column revoked_by text,
  add column last_used_at timestamptz;
create unique index api_key_by_id on api_key (clinic_id, key_id);
