-- The course and its sessions, and the two ledgers that make a wrong booking impossible whoever writes it.
-- All four are read models of course/{id} streams, written in the transaction of the events.

create table course (
  clinic_id text not null default clinic_id(),
  course_id text not null,
  patient_id text not null,
  consultation_id text not null,
  status text not null check (status in ('open', 'unschedulable', 'closed')),
  -- The course as the decider knows it, without its sessions; the columns above are what queries look it up by.
  state jsonb not null,
  primary key (clinic_id, course_id)
);
create index course_of_patient on course (clinic_id, patient_id);
create index course_of_consultation on course (clinic_id, consultation_id);

create table session (
  clinic_id text not null default clinic_id(),
  session_id text not null,
  course_id text not null,
  patient_id text not null,
  protocol_id text not null,
  status text not null check (status in ('unscheduled', 'held', 'booked', 'confirmed', 'arrived', 'completed', 'no_show', 'cancelled', 'on_hold')),
  start_at timestamptz,
  end_at timestamptz,
  provider_id text,
  room_id text,
  -- The whole session as the decider knows it; the columns above are what lists filter and sort by.
  state jsonb not null,
  primary key (clinic_id, session_id),
  check ((start_at is null) = (end_at is null) and (start_at is null) = (provider_id is null))
);
create index session_of_course on session (clinic_id, course_id);
create index session_of_patient on session (clinic_id, patient_id);
create index session_by_start on session (clinic_id, start_at, session_id) where start_at is not null;

-- Both ledgers' constraints are checked at every statement. Only a rebuild defers them to its end: a batch of it may fall
-- between two sessions that changed places in one append.

-- Who and what is in use when. A session holds patient and provider for its duration, room and device for the turnover too.
-- A device with several units is several devices here.
create table allocation (
  clinic_id text not null default clinic_id(),
  session_id text not null,
  resource_kind text not null check (resource_kind in ('provider', 'room', 'device', 'patient')),
  resource_id text not null,
  during tstzrange not null check (not isempty(during)),
  primary key (clinic_id, session_id, resource_kind),
  constraint no_double_booking exclude using gist (clinic_id with =, resource_kind with =, resource_id with =, during with &&)
    deferrable initially immediate
);

-- Spacing between treatments. A lane is one protocol for one patient: what may not be treated there, and what is.
--   role 0, body:   a session of the lane's protocol, [start, end).
--   role 1, shadow: a time in which that protocol may not be treated.
-- A session of protocol P that starts on day D casts, for every protocol Q that must wait n > 0 days after P, a shadow over
-- lane Q from its start until midnight of D + n, and over its own lane P from its end (a body must not lie in its own shadow)
-- until midnight of D + the minimal interval. Bodies conflict with shadows only (role <>), in whichever order the two
-- sessions are written: the earlier one's shadow meets the later one's body. A pair that may share a day in one order
-- (device first, then injectable) may do so here, because shadows begin at an instant and not at midnight.
-- Midnights are those of the session's own time zone. Blackouts of a course (see above) are shadows as well, from no session.
-- A clinical override is an event that takes its day out of the shadow; the constraint always holds.
create table recovery_lane (
  clinic_id text not null default clinic_id(),
  patient_id text not null,
  -- The session or the course that casts it.
  source text not null,
  lane text not null,
  role smallint not null check (role in (0, 1)),
  during tstzrange not null check (not isempty(during)),
  primary key (clinic_id, patient_id, source, lane, role, during),
  constraint keeps_spacing exclude using gist (clinic_id with =, patient_id with =, lane with =, role with <>, during with &&)
    deferrable initially immediate
);

grant select, insert, update, delete on course, session, allocation, recovery_lane to afterglow_app;

do $$
declare tenant text;
begin
  foreach tenant in array array['course', 'session', 'allocation', 'recovery_lane'] loop
    execute format('alter table %I enable row level security', tenant);
    execute format('alter table %I force row level security', tenant);
    execute format('create policy own_clinic on %I using (clinic_id = clinic_id()) with check (clinic_id = clinic_id())', tenant);
  end loop;
end $$;
