-- A clinic's own texts. A version is never changed: what was sent names it. The newest approved one is in force.
create table template_version (
  clinic_id text not null default clinic_id(),
  key text not null,
  language text not null,
  version int not null check (version > 1),
  sms text not null,
  subject text not null,
  email text not null,
  drafted_by text not null,
  drafted_at timestamptz not null,
  approved_by text,
  approved_at timestamptz,
  primary key (clinic_id, key, language, version),
  check ((approved_by is null) = (approved_at is null))
);

grant select, insert, update, delete on template_version to afterglow_app;
alter table template_version enable row level security;
alter table template_version force row level security;
create policy own_clinic on template_version using (clinic_id = clinic_id()) with check (clinic_id = clinic_id());

-- Which version an attempt was made of: looked for at the carrier, it must read the same.
alter table outreach add column text_version int;
