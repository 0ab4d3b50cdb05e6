import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql';
import { sql } from 'kysely';
import pg from 'pg';
import { EventStore, type NewEvent, type Projection, rebuild } from '#event-store';
import { type Database, newId, openDatabase, systemClock } from '#platform';
import { startEmbeddedPostgres } from '../libs/platform/database/embedded.js';
import { migrate } from '../libs/platform/database/migrate.js';

export interface BenchRow {
  readonly name: string;
  /** Per second, the median of the rounds. */
  readonly ours: number;
  readonly reference: number;
  readonly ratio: number;
}

const clinicId = 'bench';
const [rounds, eventsARound, rebuiltEvents, rebuiltStreams] = [7, 400, 60_000, 3_000];
const data = { sessionId: 's-1', courseId: 'c-1', patientId: 'p-1', protocolId: 'microneedling.cosmetic', start: '2026-12-01T14:00:00Z', number: 1 };

type Measure = (batch: number) => Promise<void>;

const newEvents = (batch: number): NewEvent[] =>
  Array.from({ length: batch }, () => ({
    id: newId(systemClock.now()),
    type: 'session.booked.v1',
    data,
    patientId: 'p-1',
    occurredAt: systemClock.now(),
    meta: { actor: 'bench' },
  }));

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Runs ours and the reference in turn, round by round, so that a busy machine hurts both alike. */
async function compare(name: string, batch: number, ours: Measure, reference: Measure): Promise<BenchRow> {
  const [mine, theirs]: [number[], number[]] = [[], []];
  for (let round = 0; round <= rounds; round += 1) {
    for (const [run, rates] of [
      [ours, mine],
      [reference, theirs],
    ] as const) {
      const start = performance.now();
      for (let n = 0; n < eventsARound; n += batch) await run(batch);
      // The first round warms up.
      if (round > 0) rates.push((eventsARound * 1000) / (performance.now() - start));
    }
  }
  return { name, ours: median(mine), reference: median(theirs), ratio: median(mine) / median(theirs) };
}

/** A raw insert of the same rows into a table with the same keys and indexes, prepared: what no event store can beat. */
async function rawInsert(client: pg.Client): Promise<Measure> {
  await client.query('create table raw_event (like event including all)');
  const text = `insert into raw_event (clinic_id, position, stream, version, event_id, type, data, patient_id, meta, occurred_at, recorded_at, hash)
    select 'bench', nextval('event_position'), s, v, i, t, d, p, m, o, o, h
    from unnest($1::text[], $2::bigint[], $3::uuid[], $4::text[], $5::jsonb[], $6::text[], $7::jsonb[], $8::timestamptz[], $9::bytea[]) as e (s, v, i, t, d, p, m, o, h)`;
  const hash = Buffer.alloc(32, 7);
  let version = 0;
  return async (batch) => {
    const events = newEvents(batch);
    const column = <T>(pick: (event: NewEvent) => T) => events.map(pick);
    const values = [
      column(() => 'raw'),
      column(() => (version += 1)),
      column(({ id }) => id),
      column(({ type }) => type),
      column((event) => JSON.stringify(event.data)),
      column(({ patientId }) => patientId),
      column(({ meta }) => JSON.stringify(meta)),
      column(({ occurredAt }) => occurredAt.toISOString()),
      column(() => hash),
    ];
    await client.query({ name: 'raw_insert', text, values });
  };
}

function ourAppend(db: Database, store: EventStore): Measure {
  return async (batch) => void (await store.append(db, [{ stream: 'course/bench', expected: 'any', events: newEvents(batch) }]));
}

function emmettAppend(url: string): { append: Measure; close(): Promise<void> } {
  const emmett = getPostgreSQLEventStore(url);
  return {
    append: async (batch) => {
      await emmett.appendToStream(
        'course-bench',
        newEvents(batch).map(({ type }) => ({ type, data, metadata: { actor: 'bench' } })),
      );
    },
    close: () => emmett.close(),
  };
}

/** A read model with a row a stream: a batch is folded in memory and written with one upsert. */
const counts: Projection = {
  name: 'bench-count',
  version: 1,
  tables: ['bench_count'],
  types: 'all',
  apply: async (trx, events) => {
    const byStream = new Map<string, number>();
    for (const { stream } of events) byStream.set(stream, (byStream.get(stream) ?? 0) + 1);
    await sql`insert into bench_count (stream, n) select * from unnest(${[...byStream.keys()]}::text[], ${[...byStream.values()]}::bigint[])
      on conflict (clinic_id, stream) do update set n = bench_count.n + excluded.n`.execute(trx);
  },
};

async function rawRead(db: Database): Promise<number> {
  let read = 0;
  for (let after = 0, full = true; full;) {
    const rows = await db.selectFrom('event').selectAll().where('position', '>', after).orderBy('position').limit(1_000).execute();
    read += rows.length;
    full = rows.length === 1_000;
    after = rows.at(-1)?.position ?? after;
  }
  return read;
}

/** Events per second of a rebuild with its exchange, against reading the same log by key and doing nothing with it. */
async function benchRebuild(owner: pg.Client, db: Database, store: EventStore): Promise<BenchRow> {
  await owner.query(`create table bench_count (clinic_id text not null default clinic_id(), stream text not null, n bigint not null, primary key (clinic_id, stream));
    grant select, insert, update on bench_count to afterglow_app`);
  for (let n = 0; n < rebuiltEvents; n += 500) {
    const appends = Array.from({ length: 50 }, (_, place) => ({
      stream: `built/${(n / 10 + place) % rebuiltStreams}`,
      expected: 'any' as const,
      events: newEvents(10),
    }));
    await store.append(db, appends);
  }
  await owner.query('analyze event');
  const [mine, theirs]: [number[], number[]] = [[], []];
  for (let round = 0; round < 4; round += 1) {
    const timed = async (rates: number[], work: () => Promise<number>) => {
      const start = performance.now();
      const events = await work();
      if (round > 0) rates.push((events * 1_000) / (performance.now() - start));
    };
    await timed(mine, async () => (await rebuild({ db, store, projection: counts })).events);
    await timed(theirs, () => rawRead(db));
  }
  return {
    name: 'rebuild of a read model beside the live one (events/s), against a raw read of the log by key',
    ours: median(mine),
    reference: median(theirs),
    ratio: median(mine) / median(theirs),
  };
}

/** Durable appends one after the other on one connection (fsync on), each beside its references in the same run. */
export async function benchEventStore(): Promise<BenchRow[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'afterglow-bench-log-'));
  const server = await startEmbeddedPostgres({ dataDir });
  const owner = new pg.Client({ connectionString: server.url, options: `-c afterglow.clinic_id=${clinicId}` });
  const [db, store] = [openDatabase(server.url, { clinicId, max: 2 }), new EventStore({ masterKey: new Uint8Array(32).fill(5), clock: systemClock })];
  const emmett = emmettAppend(server.url);
  try {
    await migrate(server.url);
    await owner.connect();
    const [append, raw] = [ourAppend(db, store), await rawInsert(owner)];
    const rows: BenchRow[] = [];
    for (const batch of [1, 10]) {
      const each = batch === 1 ? 'one event an append' : `${batch} events an append`;
      rows.push(await compare(`log, ${each} (events/s), against a raw insert of the same rows`, batch, append, raw));
      rows.push(await compare(`log, ${each} (events/s), against emmett on the same server`, batch, append, emmett.append));
    }
    return [...rows, await benchRebuild(owner, db, store)];
  } finally {
    await emmett.close();
    await db.destroy();
    await owner.end();
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}
