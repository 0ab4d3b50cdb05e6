import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import pg from 'pg';
import { compareWithLog, EventStore, type NewEvent, type Projection, rebuild, sealLog, Subscriptions, verifyLog } from '#event-store';
import { deterministicId, inTransaction, systemClock } from '#platform';
import { createTestDatabase, type TestDatabase } from './support/database.js';

const masterKey = new Uint8Array(32).fill(7);
const event = (...parts: (string | number)[]): NewEvent => ({
  id: deterministicId(...parts),
  type: 'thing.happened.v1',
  data: { n: 1 },
  occurredAt: systemClock.now(),
});

/** Counts the events of each stream; folds a batch in memory and writes it with one upsert. */
const tally = (table: string): Projection => ({
  name: table,
  version: 1,
  tables: [table],
  types: ['thing.happened.v1'],
  apply: async (trx, events) => {
    const counts = new Map<string, number>();
    for (const { stream } of events) counts.set(stream, (counts.get(stream) ?? 0) + 1);
    await sql`insert into ${sql.table(table)} as t (stream, n) select * from unnest(${[...counts.keys()]}::text[], ${[...counts.values()]}::bigint[])
      on conflict (clinic_id, stream) do update set n = t.n + excluded.n`.execute(trx);
  },
});

let database: TestDatabase;
let owner: pg.Client;
const [inline, lagging] = [tally('inline_tally'), tally('lagging_tally')];
const store = new EventStore({ masterKey, clock: systemClock, inline: [inline] });

beforeAll(async () => {
  database = await createTestDatabase();
  owner = new pg.Client({ connectionString: database.url, options: '-c afterglow.clinic_id=test' });
  await owner.connect();
  for (const table of ['inline_tally', 'lagging_tally']) {
    await owner.query(`create table ${table} (clinic_id text not null default clinic_id(), stream text not null, n bigint not null, primary key (clinic_id, stream));
      alter table ${table} enable row level security; alter table ${table} force row level security;
      create policy own_clinic on ${table} using (clinic_id = clinic_id()); grant select, insert, update on ${table} to afterglow_app`);
  }
});
afterAll(async () => {
  await owner.end();
  await database.close();
});

const append = (stream: string, ...events: NewEvent[]) => store.append(database.db, [{ stream, expected: 'any', events }]);
const rows = async (table: string) =>
  (await owner.query<{ stream: string; n: string }>(`select stream, n from ${table} where clinic_id = 'test' order by stream`)).rows;

describe('a rebuild', () => {
  test('runs beside writers and readers: nothing is lost, nobody sees a half, what was wrong is put right (invariant 12)', async () => {
    for (let n = 0; n < 40; n += 1) await append(`seed/${n}`, event('seed', n, 1), event('seed', n, 2));
    await owner.query(
      `update inline_tally set n = 99 where stream = 'seed/3'; delete from inline_tally where stream = 'seed/4'; insert into inline_tally values ('test', 'ghost', 1), ('another', 'ghost', 1)`,
    );
    let building = true;
    const read = (async () => {
      for (let least = 40; building; await turn()) {
        const now = (await rows('inline_tally')).length;
        expect(now).toBeGreaterThanOrEqual(least);
        least = Math.max(40, now - 1);
      }
    })();
    const write = Promise.all(
      [0, 1, 2, 3].map(async (writer) => {
        for (let n = 0; n < 50; n += 1) await append(`live/${writer}`, event('live', writer, n));
      }),
    );
    const report = await rebuild({ db: database.db, store, projection: inline });
    building = false;
    await Promise.all([read, write]);
    expect(report.corrected).toBe(4);
    expect(await rows('inline_tally')).toEqual((await owner.query('select stream, count(*) as n from event group by stream order by stream')).rows);
    expect((await owner.query(`select from inline_tally where clinic_id = 'another'`)).rowCount).toBe(1);
    expect(await compareWithLog({ db: database.db, store, projection: inline })).toEqual([]);
  });

  test('of a read model that lags goes as far as its checkpoint, and leaves no table behind', async () => {
    const subscriptions = new Subscriptions({ db: database.db, store, clock: systemClock, subscriptions: [{ ...lagging, handle: lagging.apply }] });
    await subscriptions.drain();
    await append('later', event('later'));
    expect(await compareWithLog({ db: database.db, store, projection: lagging })).toEqual([]);
    await owner.query(`update lagging_tally set n = n + 1 where stream = 'seed/1'`);
    expect(await compareWithLog({ db: database.db, store, projection: lagging })).toEqual([
      { projection: 'lagging_tally', table: 'lagging_tally', missing: 1, surplus: 1 },
    ]);
    expect((await rebuild({ db: database.db, store, projection: lagging })).corrected).toBe(2);
    await subscriptions.drain();
    expect(await rows('lagging_tally')).toEqual(await rows('inline_tally'));
    expect((await owner.query(`select from pg_class where relpersistence = 't'`)).rowCount).toBe(0);
  });
});

describe('the log (invariants 12 and 13)', () => {
  /** Does what only an intruder with the owner's rights could, and takes it back. */
  async function tampered(...statements: string[]): Promise<Awaited<ReturnType<typeof verifyLog>>['broken']> {
    const copies = `create table event_kept as table event; create table stream_kept as table stream`;
    await owner.query(`${copies}; alter table event disable trigger user; ${statements.join('; ')}`);
    const { broken } = await verifyLog(database.db);
    await owner.query(`delete from event; insert into event table event_kept; delete from stream; insert into stream table stream_kept;
      alter table event enable trigger user; drop table event_kept, stream_kept`);
    return broken;
  }

  test('holds, also when a patient was erased, and no later key opens it again', async () => {
    await append('patient/p-9', { ...event('p-9'), patientId: 'p-9', personal: { phone: '+12125550100' } });
    await inTransaction(database.db, (trx) => store.keys.destroy(trx, 'p-9'));
    expect(await store.readPatient(database.db, 'p-9')).toMatchObject([{ erased: true, data: { n: 1 } }]);
    expect(await sealLog(database.db, systemClock.now())).toBe(true);
    expect(await sealLog(database.db, systemClock.now())).toBe(false);
    await append('seed/1', event('after the seal'));
    expect(await sealLog(database.db, systemClock.now())).toBe(true);
    expect(await verifyLog(database.db)).toMatchObject({ seals: 2, broken: null });
  });

  test('refuses change and removal, even to its owner', async () => {
    for (const statement of ['update event set data = data', 'delete from event', 'truncate event'])
      await expect(owner.query(statement)).rejects.toThrow(/append-only/);
    for (const statement of [
      'update event set data = data',
      'delete from event',
      'truncate event',
      `insert into event select * from event limit 1`,
      'update stream set version = 0',
    ]) {
      await expect(sql.raw(statement).execute(database.db)).rejects.toThrow(/permission denied/);
    }
  });

  test('shows a changed byte, a missing middle, an end cut off, and a stream gone altogether', async () => {
    expect(await tampered(`update event set data = '{"n": 2}' where stream = 'seed/7' and version = 1`)).toMatchObject({ what: 'event', where: 'seed/7' });
    expect(await tampered(`delete from event where stream = 'seed/7' and version = 1`)).toMatchObject({ what: 'event', where: 'seed/7' });
    expect(await tampered(`delete from event where stream = 'seed/7' and version = 2`)).toMatchObject({ what: 'stream', where: 'seed/7' });
    expect(await tampered(`delete from event where stream = 'seed/7'`, `delete from stream where stream = 'seed/7'`)).toMatchObject({ what: 'seal' });
    expect((await verifyLog(database.db)).broken).toBeNull();
  });
});
