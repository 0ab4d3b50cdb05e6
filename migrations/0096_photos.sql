-- Photos that patients leave on their own pages: too large for the log, sealed with the same key of the patient.
create table photo (
  clinic_id text not null default clinic_id(),
  photo_id uuid not null,
  patient_id text not null,
  message_id uuid not null,
  type text not null check (type in ('image/jpeg', 'image/png', 'image/webp')),
  sealed bytea not null,
  received_at timestamptz not null,
  primary key (clinic_id, photo_id)
);
create index photo_of_patient on photo (clinic_id, patient_id);
-- Photos do not shrink: no time is lost on trying.
alter table photo alter column sealed set storage external;

grant select, insert, delete on photo to afterglow_app;
alter table photo enable row level security;
alter table photo force row level security;
create policy own_clinic on photo using (clinic_id = clinic_id()) with check (clinic_id = clinic_id());
