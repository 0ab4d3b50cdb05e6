import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql';
import pg from 'pg';
import { EventStore, type NewEvent, type Projection, rebuild } from '#event-store';
import { type Database, deterministicId, migrate, newId, openDatabase, startEmbeddedPostgres, systemClock } from '#platform';

export interface BenchRow {
  readonly name: string;
  /** Per second, the median of the rounds. */
  readonly ours: number;
  readonly reference: number;
  readonly ratio: number;
}

const clinicId = 'bench';
const [rounds, appendsARound, rebuiltEvents] = [5, 600, 60_000];
const data = { sessionId: 's-1', courseId: 'c-1', patientId: 'p-1', protocolId: 'microneedling.cosmetic', start: '2026-12-01T14:00:00Z', number: 1 };

type Measure = (batch: number) => Promise<void>;

const newEvents = (batch: number): NewEvent[] =>
  Array.from({ length: batch }, () => ({ id: newId(systemClock.now()), type: 'session.booked.v1', data, patientId: 'p-1', occurredAt: systemClock.now(), meta: { actor: 'bench' } }));

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Runs ours and the reference in turn, round by round, so that a busy machine hurts both alike. */
async function compare(name: string, batch: number, ours: Measure, reference: Measure): Promise<BenchRow> {
  const [mine, theirs]: [number[], number[]] = [[], []];
  for (let round = 0; round <= rounds; round += 1) {
    for (const [run, rates] of [[ours, mine], [reference, theirs]] as const) {
      const start = performance.now();
      for (let n = 0; n < appendsARound; n += batch) await run(batch);
      // The first round warms up.
      if (round > 0) rates.push((appendsARound * 1000) / (performance.now() - start));
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
      column(() => 'raw'), column(() => (version += 1)), column(({ id }) => id), column(({ type }) => type), column((event) => JSON.stringify(event.data)),
      column(({ patientId }) => patientId), column(({ meta }) => JSON.stringify(meta)), column(({ occurredAt }) => occurredAt.toISOString()), column(() => hash),
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
      await emmett.appendToStream('course-bench', newEvents(batch).map(({ type }) => ({ type, data, metadata: { actor: 'bench' } })));
    },
    close: () => emmett.close(),
  };
}

const counts: Projection = {
  name: 'bench-count',
  version: 1,
  tables: ['bench_count'],
  types: 'all',
  apply: async (trx, events) => {
    const byStream = new Map<string, number>();
    for (const { stream } of events) byStream.set(stream, (byStream.get(stream) ?? 0) + 1);
    const { sql } = await import('kysely');
    await sql`insert into bench_count (stream, n) select * from unnest(${[...byStream.keys()]}::text[], ${[...byStream.values()]}::bigint[])
      on conflict (clinic_id, stream) do update set n = bench_count.n + excluded.n`.execute(trx);
  },
};
