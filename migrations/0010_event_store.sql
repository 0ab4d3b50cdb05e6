-- The log. Positions come from one sequence without a cache, so that they grow in the order they were drawn.
create sequence event_position as bigint cache 1;

create table stream (
  clinic_id text not null default clinic_id(),
  stream text not null,
  version bigint not null,
  hash bytea not null,
  primary key (clinic_id, stream)
);

create table event (
  clinic_id text not null default clinic_id(),
  position bigint not null,
  stream text not null,
  version bigint not null,
  event_id uuid not null,
  type text not null,
  schema_version smallint not null default 1,
  data jsonb not null,
  -- The personal part, sealed with the patient's key: nonce, tag, ciphertext.
  sealed bytea,
  patient_id text,
  meta jsonb not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  -- SHA-256 over the hash before it in the stream and the stored bytes: erasing a key changes nothing here.
  hash bytea not null,
  primary key (clinic_id, position),
  unique (clinic_id, stream, version)
);
create index event_of_patient on event (clinic_id, patient_id, position) where patient_id is not null;
-- Made last: to a planner without statistics (a log that has just begun) the indexes look alike, and of equals it takes the
-- newest. An id must never be looked for through all events of the clinic.
alter table event add constraint event_once unique (clinic_id, event_id);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the log is append-only' using errcode = 'restrict_violation';
end $$;
create trigger event_append_only before update or delete on event for each row execute function refuse_change();
create trigger event_never_truncated before truncate on event for each statement execute function refuse_change();

-- One key a patient, wrapped by the master key. Destroying it is the erasure.
create table patient_key (
  clinic_id text not null default clinic_id(),
  patient_id text not null,
  wrapped_key bytea,
  created_at timestamptz not null,
  destroyed_at timestamptz,
  primary key (clinic_id, patient_id),
  check ((wrapped_key is null) = (destroyed_at is not null))
);

create table checkpoint (
  clinic_id text not null default clinic_id(),
  name text not null,
  position bigint not null,
  primary key (clinic_id, name)
);

-- Events that a projection or a policy could not take: kept with the reason, they do not stop the others.
create table parked_event (
  clinic_id text not null default clinic_id(),
  name text not null,
  position bigint not null,
  reason text not null,
  parked_at timestamptz not null,
  primary key (clinic_id, name, position)
);

-- Roots over the whole log, one a run of the sealing timer.
create table log_seal (
  clinic_id text not null default clinic_id(),
  up_to_position bigint not null,
  root bytea not null,
  sealed_at timestamptz not null,
  primary key (clinic_id, up_to_position)
);

-- A link of a stream's chain: SHA-256 over the link before it and the stored row in the binary form of a composite value
-- (each column with its type and length, so that no two rows have the same bytes). The first link is the stream's name.
create function first_link(name text) returns bytea language sql immutable parallel safe return sha256(convert_to(name, 'UTF8'));

create function next_link(
  before bytea, drawn bigint, id uuid, kind text, schema smallint, open_data jsonb, sealed_data bytea, patient text, about jsonb,
  occurred timestamptz, recorded timestamptz
) returns bytea language sql stable parallel safe
return sha256(before || record_send(row(drawn, id, kind, schema, open_data, sealed_data, patient, about, occurred, recorded)));

-- The name of the fence: a shared lock that every writer holds from before it draws positions until it commits.
create function fence_key() returns bigint language sql immutable parallel safe return 724873201;

-- Appends events to any number of streams in one round trip. Streams come sorted, each once, with their expectations (a version, any, exists,
-- absent), events as parallel arrays, each with the place of its stream. Answers one row an event, in the order given.
create function append_events(
  streams text[], expectations text[], of_stream int[], ids uuid[], types text[], schemas smallint[], datas jsonb[], sealeds bytea[],
  patients text[], metas jsonb[], occurreds timestamptz[], recorded timestamptz
) returns table (event_id uuid, "position" bigint, version bigint, duplicate boolean)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_variable
declare
  clinic constant text := current_setting('afterglow.clinic_id');
  heads bigint[];
  hashes bytea[];
  at_version bigint;
  link bytea;
  place int;
begin
  -- Streams come sorted and are locked one by one: two writers of the same streams wait, they never deadlock.
  for place in 1 .. cardinality(streams) loop
    select s.version, s.hash into at_version, link from stream s where s.clinic_id = clinic and s.stream = streams[place] for update;
    if not found then
      insert into stream as s (clinic_id, stream, version, hash) values (clinic, streams[place], 0, first_link(streams[place]))
        on conflict (clinic_id, stream) do update set version = s.version
        returning s.version, s.hash into at_version, link;
    end if;
    heads[place] := at_version;
    hashes[place] := link;
  end loop;
  -- After the stream locks: who waits for a stream must not hold readers up. Before the positions: see fence().
  perform pg_advisory_xact_lock_shared(fence_key());

  for place in 1 .. cardinality(streams) loop
    continue when expectations[place] = 'any';
    continue when (case expectations[place] when 'exists' then heads[place] > 0 when 'absent' then heads[place] = 0
        else heads[place] = expectations[place]::bigint end);
    -- What is in the log already is answered whatever was expected: the writer repeats itself.
    for n in 1 .. cardinality(ids) loop
      if of_stream[n] = place and not exists (select from event e where e.clinic_id = clinic and e.event_id = ids[n]) then
        raise exception 'stream % is at version %, expected %', streams[place], heads[place], expectations[place] using errcode = 'AG001';
      end if;
    end loop;
  end loop;

  for n in 1 .. cardinality(ids) loop
    place := of_stream[n];
    event_id := ids[n];
    position := nextval('event_position');
    version := heads[place] + 1;
    link := next_link(hashes[place], position, event_id, types[n], schemas[n], datas[n], sealeds[n], patients[n], metas[n], occurreds[n], recorded);
    insert into event (clinic_id, position, stream, version, event_id, type, schema_version, data, sealed, patient_id, meta, occurred_at, recorded_at, hash)
      values (clinic, position, streams[place], version, event_id, types[n], schemas[n], datas[n], sealeds[n], patients[n], metas[n], occurreds[n], recorded, link)
      on conflict on constraint event_once do nothing;
    duplicate := not found;
    if duplicate then
      select e.position, e.version into position, version from event e where e.clinic_id = clinic and e.event_id = ids[n];
    else
      heads[place] := version;
      hashes[place] := link;
    end if;
    return next;
  end loop;

  for place in 1 .. cardinality(streams) loop
    update stream s set version = heads[place], hash = hashes[place]
      where s.clinic_id = clinic and s.stream = streams[place] and s.version <> heads[place];
  end loop;
end $$;

-- Up to where positions were drawn, and who may still be writing below that. The sequence is read first: whoever drew a
-- position up to it held the fence by then, so an uncommitted one is among the holders listed after.
create function fence() returns table (drawn bigint, holders text[])
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  select case when is_called then last_value else 0 end into drawn from event_position;
  select coalesce(array_agg(l.virtualtransaction), '{}') into holders from pg_locks l
    where l.locktype = 'advisory' and l.classid = 0 and l.objid = fence_key()::oid and l.objsubid = 1 and l.granted
      and l.database = (select d.oid from pg_database d where d.datname = current_database()) and l.pid <> pg_backend_pid();
  return next;
end $$;

grant select on event, stream to afterglow_app;
grant select, insert, update on patient_key, checkpoint to afterglow_app;
grant select, insert, delete on parked_event to afterglow_app;
grant select, insert on log_seal to afterglow_app;
revoke execute on function append_events, fence from public;
grant execute on function append_events, fence to afterglow_app;

do $$
declare tenant text;
begin
  foreach tenant in array array['stream', 'event', 'patient_key', 'checkpoint', 'parked_event', 'log_seal'] loop
    execute format('alter table %I enable row level security', tenant);
    execute format('alter table %I force row level security', tenant);
    execute format('create policy own_clinic on %I using (clinic_id = clinic_id()) with check (clinic_id = clinic_id())', tenant);
  end loop;
end $$;
