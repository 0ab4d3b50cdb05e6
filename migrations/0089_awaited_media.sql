-- Photos that came with a text and stand at the carrier until they are fetched: a row each, so that none is forgotten.
create table awaited_media (
  clinic_id text not null default clinic_id(),
  message_id uuid not null,
  place smallint not null,
  conversation_id text not null,
  -- Names the text as the carrier does: the photo's own id is made of it.
  form text not null,
  patient_id text,
  -- Where the carrier keeps it, sealed with the patient's key: who has the address may have the photo.
  source bytea not null,
  status text not null check (status in ('waiting', 'kept', 'refused')),
  received_at timestamptz not null,
  attempts smallint not null,
  next_attempt_at timestamptz,
  why text,
  primary key (clinic_id, message_id, place),
  constraint waiting_media_wakes check ((status = 'waiting') = (next_attempt_at is not null))
);
create index awaited_media_due on awaited_media (clinic_id, next_attempt_at) where next_attempt_at is not null;

grant select, insert, update on awaited_media to afterglow_app;
alter table awaited_media enable row level security;
alter table awaited_media force row level security;
create policy own_clinic on awaited_media using (clinic_id = clinic_id()) with check (clinic_id = clinic_id());
