-- What a link in a message opens: hashed, so that a copy of the table opens nothing. Only ids, never a word of the patient's.
create table patient_link (
  clinic_id text not null default clinic_id(),
  token_hash bytea not null,
  patient_id text not null,
  purpose text not null check (purpose in ('visit', 'check-in', 'unsubscribe')),
  session_id text,
  outreach_id text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  -- Wrong birth dates; after five nothing clinical opens through this link any more.
  failures smallint not null default 0,
  primary key (clinic_id, token_hash)
);
create index patient_link_of_patient on patient_link (clinic_id, patient_id);

grant select, insert, update, delete on patient_link to afterglow_app;
alter table patient_link enable row level security;
alter table patient_link force row level security;
create policy own_clinic on patient_link using (clinic_id = clinic_id()) with check (clinic_id = clinic_id());
