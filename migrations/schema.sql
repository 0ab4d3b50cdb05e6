-- tables
create table access_log (
  clinic_id text not null default clinic_id(),
  at timestamp with time zone not null,
  actor text not null,
  action text not null,
  patient_id text
);
create table allocation (
  clinic_id text not null default clinic_id(),
  session_id text not null,
  resource_kind text not null,
  resource_id text not null,
  during tstzrange not null
);
create table api_key (
  clinic_id text not null default clinic_id(),
  key_hash bytea not null,
  name text not null,
  roles text[] not null,
  created_at timestamp with time zone not null,
  revoked_at timestamp with time zone
);
create table checkpoint (
  clinic_id text not null default clinic_id(),
  name text not null,
  "position" bigint not null
);
create table clinic_settings (
  clinic_id text not null default clinic_id(),
  document jsonb not null,
  updated_at timestamp with time zone not null
);
create table consultation (
  clinic_id text not null default clinic_id(),
  consultation_id text not null,
  patient_id text not null
);
create table course (
  clinic_id text not null default clinic_id(),
  course_id text not null,
  patient_id text not null,
  consultation_id text not null,
  status text not null,
  state jsonb not null
);
create table event (
  clinic_id text not null default clinic_id(),
  "position" bigint not null,
  stream text not null,
  version bigint not null,
  event_id uuid not null,
  type text not null,
  schema_version smallint not null default 1,
  data jsonb not null,
  sealed bytea,
  patient_id text,
  meta jsonb not null,
  occurred_at timestamp with time zone not null,
  recorded_at timestamp with time zone not null,
  hash bytea not null
);
create table idempotency_key (
  clinic_id text not null default clinic_id(),
  actor text not null,
  key text not null,
  request_hash bytea not null,
  status integer,
  answer jsonb,
  created_at timestamp with time zone not null
);
create table log_seal (
  clinic_id text not null default clinic_id(),
  up_to_position bigint not null,
  root bytea not null,
  sealed_at timestamp with time zone not null
);
create table parked_event (
  clinic_id text not null default clinic_id(),
  name text not null,
  "position" bigint not null,
  reason text not null,
  parked_at timestamp with time zone not null
);
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
  updated_at timestamp with time zone not null,
  erased boolean not null default false
);
create table patient_key (
  clinic_id text not null default clinic_id(),
  patient_id text not null,
  wrapped_key bytea,
  created_at timestamp with time zone not null,
  destroyed_at timestamp with time zone
);
create table protocol_version (
  clinic_id text not null default clinic_id(),
  protocol_id text not null,
  version integer not null,
  active jsonb not null,
  activated_by text not null,
  activated_at timestamp with time zone not null
);
create table quarantine (
  clinic_id text not null default clinic_id(),
  id uuid not null,
  event_id text,
  code text not null,
  message text not null,
  path text,
  payload bytea not null,
  status text not null,
  received_at timestamp with time zone not null,
  retried_at timestamp with time zone
);
create table recovery_lane (
  clinic_id text not null default clinic_id(),
  patient_id text not null,
  source text not null,
  lane text not null,
  role smallint not null,
  during tstzrange not null
);
create table session (
  clinic_id text not null default clinic_id(),
  session_id text not null,
  course_id text not null,
  patient_id text not null,
  protocol_id text not null,
  status text not null,
  start_at timestamp with time zone,
  end_at timestamp with time zone,
  provider_id text,
  room_id text,
  state jsonb not null
);
create table staff_account (
  clinic_id text not null default clinic_id(),
  staff_id text not null,
  email text not null,
  password_hash text not null,
  failures integer not null default 0,
  locked_until timestamp with time zone
);
create table staff_session (
  clinic_id text not null default clinic_id(),
  token_hash bytea not null,
  staff_id text not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null
);
create table stream (
  clinic_id text not null default clinic_id(),
  stream text not null,
  version bigint not null,
  hash bytea not null
);

-- constraints
alter table allocation add constraint allocation_during_check CHECK ((NOT isempty(during)));
alter table allocation add constraint allocation_pkey PRIMARY KEY (clinic_id, session_id, resource_kind);
alter table allocation add constraint allocation_resource_kind_check CHECK ((resource_kind = ANY (ARRAY['provider'::text, 'room'::text, 'device'::text, 'patient'::text])));
alter table allocation add constraint no_double_booking EXCLUDE USING gist (clinic_id WITH =, resource_kind WITH =, resource_id WITH =, during WITH &&);
alter table api_key add constraint api_key_pkey PRIMARY KEY (clinic_id, key_hash);
alter table checkpoint add constraint checkpoint_pkey PRIMARY KEY (clinic_id, name);
alter table clinic_settings add constraint clinic_settings_pkey PRIMARY KEY (clinic_id);
alter table consultation add constraint consultation_pkey PRIMARY KEY (clinic_id, consultation_id);
alter table course add constraint course_pkey PRIMARY KEY (clinic_id, course_id);
alter table course add constraint course_status_check CHECK ((status = ANY (ARRAY['open'::text, 'unschedulable'::text, 'closed'::text])));
alter table event add constraint event_clinic_id_event_id_key UNIQUE (clinic_id, event_id);
alter table event add constraint event_clinic_id_stream_version_key UNIQUE (clinic_id, stream, version);
alter table event add constraint event_pkey PRIMARY KEY (clinic_id, "position");
alter table idempotency_key add constraint idempotency_key_pkey PRIMARY KEY (clinic_id, actor, key);
alter table log_seal add constraint log_seal_pkey PRIMARY KEY (clinic_id, up_to_position);
alter table parked_event add constraint parked_event_pkey PRIMARY KEY (clinic_id, name, "position");
alter table patient add constraint patient_pkey PRIMARY KEY (clinic_id, patient_id);
alter table patient_key add constraint patient_key_check CHECK (((wrapped_key IS NULL) = (destroyed_at IS NOT NULL)));
alter table patient_key add constraint patient_key_pkey PRIMARY KEY (clinic_id, patient_id);
alter table protocol_version add constraint protocol_version_pkey PRIMARY KEY (clinic_id, protocol_id, version);
alter table quarantine add constraint quarantine_pkey PRIMARY KEY (clinic_id, id);
alter table quarantine add constraint quarantine_status_check CHECK ((status = ANY (ARRAY['quarantined'::text, 'accepted'::text])));
alter table recovery_lane add constraint keeps_spacing EXCLUDE USING gist (clinic_id WITH =, patient_id WITH =, lane WITH =, role WITH <>, during WITH &&);
alter table recovery_lane add constraint recovery_lane_during_check CHECK ((NOT isempty(during)));
alter table recovery_lane add constraint recovery_lane_pkey PRIMARY KEY (clinic_id, patient_id, source, lane, role, during);
alter table recovery_lane add constraint recovery_lane_role_check CHECK ((role = ANY (ARRAY[0, 1])));
alter table session add constraint session_check CHECK ((((start_at IS NULL) = (end_at IS NULL)) AND ((start_at IS NULL) = (provider_id IS NULL))));
alter table session add constraint session_pkey PRIMARY KEY (clinic_id, session_id);
alter table session add constraint session_status_check CHECK ((status = ANY (ARRAY['unscheduled'::text, 'held'::text, 'booked'::text, 'confirmed'::text, 'arrived'::text, 'completed'::text, 'no_show'::text, 'cancelled'::text, 'on_hold'::text])));
alter table staff_account add constraint staff_account_clinic_id_email_key UNIQUE (clinic_id, email);
alter table staff_account add constraint staff_account_pkey PRIMARY KEY (clinic_id, staff_id);
alter table staff_session add constraint staff_session_pkey PRIMARY KEY (clinic_id, token_hash);
alter table stream add constraint stream_pkey PRIMARY KEY (clinic_id, stream);

-- indexes
CREATE INDEX access_log_by_patient ON public.access_log USING btree (clinic_id, patient_id, at);
CREATE INDEX consultation_of_patient ON public.consultation USING btree (clinic_id, patient_id);
CREATE INDEX course_of_consultation ON public.course USING btree (clinic_id, consultation_id);
CREATE INDEX course_of_patient ON public.course USING btree (clinic_id, patient_id);
CREATE INDEX event_of_patient ON public.event USING btree (clinic_id, patient_id, "position") WHERE (patient_id IS NOT NULL);
CREATE INDEX patient_by_name ON public.patient USING btree (clinic_id, lower(family_name), lower(given_name), patient_id);
CREATE INDEX patient_by_phone ON public.patient USING btree (clinic_id, phone);
CREATE INDEX session_by_start ON public.session USING btree (clinic_id, start_at, session_id) WHERE (start_at IS NOT NULL);
CREATE INDEX session_of_course ON public.session USING btree (clinic_id, course_id);
CREATE INDEX session_of_patient ON public.session USING btree (clinic_id, patient_id);

-- functions
CREATE OR REPLACE FUNCTION public.append_events(streams text[], expectations text[], of_stream integer[], ids uuid[], types text[], datas jsonb[], sealeds bytea[], patients text[], metas jsonb[], occurreds timestamp with time zone[], recorded timestamp with time zone)
 RETURNS TABLE(event_id uuid, "position" bigint, version bigint, duplicate boolean)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public'
AS $function$
#variable_conflict use_column
declare
  clinic text := clinic_id();
  heads bigint[] := '{}';
  hashes bytea[] := '{}';
  fresh boolean[];
  positions bigint[] := array_fill(null::bigint, array[cardinality(ids)]);
  versions bigint[] := positions;
  chain bytea[] := array_fill(null::bytea, array[cardinality(ids)]);
  head record;
  place int;
begin
  -- Streams are locked in sorted order: two writers of the same streams wait, they never deadlock.
  insert into stream as s (clinic_id, stream, version, hash)
    select clinic, name, 0, ''::bytea from unnest(streams) as name order by name
    on conflict (clinic_id, stream) do update set version = s.version;
  perform pg_advisory_xact_lock_shared(fence_key());

  select array_agg(e.position is null order by n) into fresh
    from unnest(ids) with ordinality as i (id, n) left join event e on e.clinic_id = clinic and e.event_id = i.id;

  for place in 1 .. cardinality(streams) loop
    select s.version, s.hash into head from stream s where s.clinic_id = clinic and s.stream = streams[place];
    heads := heads || head.version;
    hashes := hashes || head.hash;
    continue when expectations[place] = 'any'
      or not exists (select from unnest(of_stream, fresh) as e (target, is_new) where target = place and is_new);
    if expectations[place] = 'exists' and head.version = 0
      or expectations[place] = 'absent' and head.version > 0
      or expectations[place] not in ('exists', 'absent') and head.version <> expectations[place]::bigint then
      raise exception 'stream % is at version %, expected %', streams[place], head.version, expectations[place] using errcode = 'AG001';
    end if;
  end loop;

  for counter in 1 .. cardinality(ids) loop
    continue when not fresh[counter];
    place := of_stream[counter];
    heads[place] := heads[place] + 1;
    hashes[place] := event_hash(hashes[place], ids[counter], types[counter], datas[counter], sealeds[counter], metas[counter], occurreds[counter]);
    positions[counter] := nextval('event_position');
    versions[counter] := heads[place];
    chain[counter] := hashes[place];
  end loop;

  insert into event (clinic_id, position, stream, version, event_id, type, data, sealed, patient_id, meta, occurred_at, recorded_at, hash)
    select clinic, e.drawn, streams[e.target], e.at_version, e.id, e.kind, e.open_data, e.sealed_data, e.patient, e.about, e.occurred, recorded, e.link
    from unnest(positions, of_stream, versions, ids, types, datas, sealeds, patients, metas, occurreds, chain)
      as e (drawn, target, at_version, id, kind, open_data, sealed_data, patient, about, occurred, link)
    where e.drawn is not null;

  update stream s set version = h.version, hash = h.hash
    from unnest(streams, heads, hashes) as h (name, version, hash)
    where s.clinic_id = clinic and s.stream = h.name and s.version <> h.version;

  return query
    select i.id, coalesce(i.drawn, e.position), coalesce(i.at_version, e.version), i.drawn is null
    from unnest(ids, positions, versions) with ordinality as i (id, drawn, at_version, n)
    left join event e on i.drawn is null and e.clinic_id = clinic and e.event_id = i.id
    order by i.n;
end $function$
;
CREATE OR REPLACE FUNCTION public.clinic_id()
 RETURNS text
 LANGUAGE sql
 STABLE
RETURN current_setting('afterglow.clinic_id'::text)
;
CREATE OR REPLACE FUNCTION public.event_hash(before bytea, id uuid, kind text, open_data jsonb, sealed_data bytea, about jsonb, occurred timestamp with time zone)
 RETURNS bytea
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN sha256(((before || convert_to((((((id)::text || kind) || (open_data)::text) || (about)::text) || (EXTRACT(epoch FROM occurred))::text), 'UTF8'::name)) || COALESCE(sealed_data, '\x'::bytea)))
;
CREATE OR REPLACE FUNCTION public.fence()
 RETURNS TABLE(drawn bigint, holders text[])
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public'
AS $function$
begin
  select case when is_called then last_value else 0 end into drawn from event_position;
  select coalesce(array_agg(l.virtualtransaction), '{}') into holders from pg_locks l
    where l.locktype = 'advisory' and l.classid = 0 and l.objid = fence_key()::oid and l.objsubid = 1
      and l.database = (select d.oid from pg_database d where d.datname = current_database()) and l.pid <> pg_backend_pid();
  return next;
end $function$
;
CREATE OR REPLACE FUNCTION public.fence_key()
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN 724873201
;
CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'the log is append-only' using errcode = 'restrict_violation';
end $function$
;

-- triggers
CREATE TRIGGER event_append_only BEFORE DELETE OR UPDATE ON public.event FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER event_never_truncated BEFORE TRUNCATE ON public.event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- policies
create policy own_clinic on access_log using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on allocation using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on api_key using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on checkpoint using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on clinic_settings using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on consultation using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on course using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on event using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on idempotency_key using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on log_seal using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on parked_event using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on patient using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on patient_key using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on protocol_version using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on quarantine using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on recovery_lane using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on session using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on staff_account using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on staff_session using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));
create policy own_clinic on stream using ((clinic_id = clinic_id())) with check ((clinic_id = clinic_id()));

-- grants
grant insert, select on access_log to afterglow_app;
grant delete, insert, select, update on allocation to afterglow_app;
grant insert, select, update on api_key to afterglow_app;
grant insert, select, update on checkpoint to afterglow_app;
grant insert, select, update on clinic_settings to afterglow_app;
grant insert, select on consultation to afterglow_app;
grant delete, insert, select, update on course to afterglow_app;
grant select on event to afterglow_app;
grant delete, insert, select, update on idempotency_key to afterglow_app;
grant insert, select on log_seal to afterglow_app;
grant delete, insert, select on parked_event to afterglow_app;
grant insert, select, update on patient to afterglow_app;
grant insert, select, update on patient_key to afterglow_app;
grant insert, select on protocol_version to afterglow_app;
grant insert, select, update on quarantine to afterglow_app;
grant delete, insert, select, update on recovery_lane to afterglow_app;
grant delete, insert, select, update on session to afterglow_app;
grant insert, select, update on staff_account to afterglow_app;
grant delete, insert, select on staff_session to afterglow_app;
grant select on stream to afterglow_app;
