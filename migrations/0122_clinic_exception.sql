-- What differs from the settings for a while: absences, extra shifts, devices that are down, closures, extra opening hours.
-- Kept beside the settings, so that settings which are put in force again do not lose them.
create table clinic_exception (
  clinic_id text not null default clinic_id(),
  exception_id text not null,
  kind text not null check (kind in ('absence', 'extra_shift', 'downtime', 'closure', 'extra_hours')),
  staff_id text,
  during tstzrange not null check (not isempty(during)),
  -- As it was recorded, with its end where that came sooner.
  entry jsonb not null,
  primary key (clinic_id, exception_id)
);

-- For what a clinic knows of some days: asked for by a range that is short beside the years of a clinic.
create index clinic_exception_by_time on clinic_exception using gist (clinic_id, during);

-- The event that changed the exceptions last: whoever keeps them in memory sees by it whether they are still true.
alter table clinic_settings add column exceptions_as_of text;

grant select, insert, update, delete on clinic_exception to afterglow_app;
alter table clinic_exception enable row level security;
alter table clinic_exception force row level security;
create policy own_clinic on clinic_exception using (clinic_id = clinic_id()) with check (clinic_id = clinic_id());
