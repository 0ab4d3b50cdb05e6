-- Whose consultation it is: one patient's, for good. Written with the first event, so that a contradiction is decided here.
create table consultation (
  clinic_id text not null default clinic_id(),
  consultation_id text not null,
  patient_id text not null,
  primary key (clinic_id, consultation_id)
);
create index consultation_of_patient on consultation (clinic_id, patient_id);

-- People as the desk looks for them. Emptied when a patient is erased.
create table patient (
  clinic_id text not null default clinic_id(),
  patient_id text not null,
  given_name text,
  family_name text,
  birth_date date,
  phone text,
  email text,
  language text,
  time_zone text,
  updated_at timestamptz not null,
  erased boolean not null default false,
  primary key (clinic_id, patient_id)
);
create index patient_by_phone on patient (clinic_id, phone);
create index patient_by_name on patient (clinic_id, lower(family_name), lower(given_name), patient_id);

-- What was refused, kept sealed with the reason, so that nothing that was sent is lost.
create table quarantine (
  clinic_id text not null default clinic_id(),
  id uuid not null,
  -- The event that it would have become, when sender and id can be read.
  event_id uuid,
  sender_source text,
  sender_id text,
  -- What it says of whom it is about: erasing a patient takes it away too.
  patient_id text,
  subject text,
  code text not null,
  message text not null,
  path text,
  -- Null when it is about an erased patient.
  payload bytea,
  -- superseded: the sender sent the same event again, mended.
  status text not null check (status in ('quarantined', 'accepted', 'superseded')),
  received_at timestamptz not null,
  retried_at timestamptz,
  primary key (clinic_id, id)
);
create index quarantine_by_arrival on quarantine (clinic_id, received_at, id);
create index quarantine_open on quarantine (clinic_id, event_id) where status = 'quarantined';
create index quarantine_of_patient on quarantine (clinic_id, patient_id);

grant select, insert on consultation to afterglow_app;
grant select, insert, update on patient to afterglow_app;
grant select, insert, update, delete on quarantine to afterglow_app;

do $$
declare tenant text;
begin
  foreach tenant in array array['consultation', 'patient', 'quarantine'] loop
    execute format('alter table %I enable row level security', tenant);
    execute format('alter table %I force row level security', tenant);
    execute format('create policy own_clinic on %I using (clinic_id = clinic_id()) with check (clinic_id = clinic_id())', tenant);
  end loop;
end $$;
