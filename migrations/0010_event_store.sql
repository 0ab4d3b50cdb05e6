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
  -- By id first: append_events looks ids up by this index and no other.
  unique (event_id, clinic_id),
  unique (clinic_id, stream, version)
);
create index event_of_patient on event (clinic_id, patient_id, position) where patient_id is not null;

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

-- Appends events to any number of streams in one round trip. Streams come with their expectations (a version, any, exists,
-- absent), events as parallel arrays, each with the place of its stream. Answers one row an event, in the order given.
create function append_events(
  streams text[], expectations text[], of_stream int[], ids uuid[], types text[], schemas smallint[], datas jsonb[], sealeds bytea[],
  patients text[], metas jsonb[], occurreds timestamptz[], recorded timestamptz
) returns table (event_id uuid, "position" bigint, version bigint, duplicate boolean)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  clinic constant text := current_setting('afterglow.clinic_id');
  heads bigint[];
  hashes bytea[];
  known uuid[];
  positions bigint[] := array_fill(null::bigint, array[cardinality(ids)]);
  versions bigint[] := positions;
  links bytea[] := array_fill(null::bytea, array[cardinality(ids)]);
  asked record;
  at_version bigint;
  last_link bytea;
  place int;
begin
  -- Streams are locked one by one in sorted order: two writers of the same streams wait, they never deadlock.
  for asked in select s.name, s.place from unnest(streams) with ordinality as s (name, place) order by s.name collate "C" loop
    select s.version, s.hash into at_version, last_link from stream s where s.clinic_id = clinic and s.stream = asked.name for update;
    if not found then
      insert into stream as s (clinic_id, stream, version, hash) values (clinic, asked.name, 0, first_link(asked.name))
        on conflict (clinic_id, stream) do update set version = s.version
        returning s.version, s.hash into at_version, last_link;
    end if;
    heads[asked.place] := at_version;
    hashes[asked.place] := last_link;
  end loop;
  -- After the stream locks: who waits for a stream must not hold readers up. Before the positions: see fence().
  perform pg_advisory_xact_lock_shared(fence_key());

  -- One look in the index of ids for each. Its plan is made once, on a log that may be empty and without statistics: so that it
  -- is never one that reads a clinic's whole log at every append, the clinic is compared in a form that no index serves.
  select array_agg(i.id) into known from unnest(ids) as i (id)
    join lateral (select event_id from event where event_id = i.id and clinic_id || '' = clinic limit 1) as e on true;
  for place in 1 .. cardinality(streams) loop
    continue when expectations[place] = 'any';
    if (case expectations[place] when 'exists' then heads[place] = 0 when 'absent' then heads[place] > 0
        else heads[place] <> expectations[place]::bigint end)
      and (known is null or exists (select from unnest(of_stream, ids) as e (target, id) where e.target = place and e.id <> all (known))) then
      raise exception 'stream % is at version %, expected %', streams[place], heads[place], expectations[place] using errcode = 'AG001';
    end if;
  end loop;

  for n in 1 .. cardinality(ids) loop
    continue when ids[n] = any (known);
    place := of_stream[n];
    heads[place] := heads[place] + 1;
    versions[n] := heads[place];
    positions[n] := nextval('event_position');
    links[n] := next_link(hashes[place], positions[n], ids[n], types[n], schemas[n], datas[n], sealeds[n], patients[n], metas[n], occurreds[n], recorded);
    hashes[place] := links[n];
  end loop;

  insert into event (clinic_id, position, stream, version, event_id, type, schema_version, data, sealed, patient_id, meta, occurred_at, recorded_at, hash)
    select clinic, e.drawn, streams[e.target], e.at_version, e.id, e.kind, e.schema, e.open_data, e.sealed_data, e.patient, e.about, e.occurred, recorded, e.link
    from unnest(positions, of_stream, versions, ids, types, schemas, datas, sealeds, patients, metas, occurreds, links)
      as e (drawn, target, at_version, id, kind, schema, open_data, sealed_data, patient, about, occurred, link)
    where e.drawn is not null;

  for place in 1 .. cardinality(streams) loop
    update stream s set version = heads[place], hash = hashes[place]
      where s.clinic_id = clinic and s.stream = streams[place] and s.version <> heads[place];
  end loop;

  return query
    select i.id, coalesce(i.drawn, e.position), coalesce(i.at_version, e.version), i.drawn is null
    from unnest(ids, positions, versions) with ordinality as i (id, drawn, at_version, n)
    left join lateral (select position, version from event where i.drawn is null and event_id = i.id and clinic_id || '' = clinic limit 1) as e on true
    order by i.n;
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
