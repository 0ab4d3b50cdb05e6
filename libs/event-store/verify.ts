import { sql } from 'kysely';
import { type Database, inTransaction, lockInOrder } from '#platform';
import { settledPosition } from './subscriptions.js';

export interface LogReport {
  readonly events: number;
  readonly streams: number;
  readonly seals: number;
  /** The first place where the log is not what was written, or null. */
  readonly broken: { readonly what: 'event' | 'stream' | 'seal'; readonly where: string; readonly position: number | null } | null;
}

/** Walks every stream's hash chain, the heads of the streams and the seals over the whole. Erased patients change nothing: the chain runs over the sealed bytes. */
export async function verifyLog(db: Database): Promise<LogReport> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) => {
      const count = await sql<{ events: number; streams: number; seals: number }>`select
        (select count(*) from event) as events, (select count(*) from stream) as streams, (select count(*) from log_seal) as seals`.execute(trx);
      const found = await sql<NonNullable<LogReport['broken']>>`${brokenEvents} union all ${brokenStreams} union all ${brokenSeals} limit 1`.execute(trx);
      return { ...(count.rows[0] ?? { events: 0, streams: 0, seals: 0 }), broken: found.rows[0] ?? null };
    });
}

const brokenEvents = sql`(
  select 'event' as what, stream as where, position from (
    select stream, position, version, hash, coalesce(lag(version) over chain, 0) + 1 as due_version,
      next_link(coalesce(lag(hash) over chain, first_link(stream)), position, event_id, type, schema_version, data, sealed, patient_id, meta,
        occurred_at, recorded_at) as due_hash
    from event where clinic_id = clinic_id() window chain as (partition by stream order by version)
  ) as link where version <> due_version or hash <> due_hash order by position limit 1)`;

/** An end that was cut off leaves its chain whole; the head of the stream remembers it. */
const brokenStreams = sql`(
  select 'stream', coalesce(s.stream, e.stream), e.position
  from (select * from stream where clinic_id = clinic_id()) s
  full join (select distinct on (stream) stream, version, hash, position from event where clinic_id = clinic_id() order by stream, version desc) e using (stream)
  where s.version is distinct from coalesce(e.version, 0) or s.hash is distinct from coalesce(e.hash, first_link(s.stream)) limit 1)`;

/** Streams that vanished with all their events leave their chains whole too; the seals remember them. */
const brokenSeals = sql`(
  select 'seal', 'up to ' || up_to_position, up_to_position from (
    select up_to_position, root, coalesce(lag(up_to_position) over w, 0) as after, coalesce(lag(root) over w, ''::bytea) as before
    from log_seal where clinic_id = clinic_id() window w as (order by up_to_position)
  ) as sealed where root <> sha256(before || (
    select coalesce(string_agg(hash, ''::bytea order by position), ''::bytea) from event where clinic_id = clinic_id() and position > after and position <= up_to_position
  )) order by up_to_position limit 1)`;

/** Seals what came since the last seal: a root over its hashes and the root before. Answers whether there was anything. */
export async function sealLog(db: Database, now: Date): Promise<boolean> {
  const upTo = await settledPosition(db);
  return inTransaction(db, async (trx) => {
    await lockInOrder(trx, ['log-seal']);
    const { numAffectedRows } = await sql`
      with last as (select coalesce(max(up_to_position), 0) as after from log_seal),
      fresh as (select max(e.position) as up_to, string_agg(e.hash, ''::bytea order by e.position) as hashes from event e, last where e.position > last.after and e.position <= ${upTo})
      insert into log_seal (up_to_position, root, sealed_at)
      select fresh.up_to, sha256(coalesce((select root from log_seal where up_to_position = last.after), ''::bytea) || fresh.hashes), ${now.toISOString()}
      from fresh, last where fresh.up_to is not null`.execute(trx);
    return Number(numAffectedRows ?? 0) > 0;
  });
}
