import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { EventStore, type NewEvent, type RecordedEvent, Subscriptions } from '#event-store';
import { type Database, deterministicId, inTransaction, systemClock, type Transaction } from '#platform';
import { createTestDatabase, type TestDatabase } from './support/database.js';

const store = new EventStore({ masterKey: new Uint8Array(32).fill(7), clock: systemClock });
const [writers, rounds] = [8, 60];

let database: TestDatabase;
beforeAll(async () => void (database = await createTestDatabase()));
afterAll(async () => database.close());

const random = (seed: number) => () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;

/** Appends to two streams, dawdles between drawing its positions and its commit, and sometimes changes its mind. */
async function hostileRound(db: Database, writer: number, round: number, chance: () => number): Promise<string[]> {
  const ids: string[] = [];
  const event = (n: number): NewEvent => {
    const id = deterministicId('hostile', writer, round, n);
    ids.push(id);
    return { id, type: 'thing.happened.v1', data: { writer, round }, occurredAt: systemClock.now() };
  };
  const work = async (trx: Transaction) => {
    await store.append(trx, [
      { stream: `own/${writer}`, expected: 'any', events: [event(1)] },
      { stream: `shared/${round % 3}`, expected: 'any', events: [event(2)] },
    ]);
    await sql`select pg_sleep(${chance() * 0.012})`.execute(trx);
    if (chance() < 0.2) throw new Error('changed its mind');
  };
  return inTransaction(db, work).then(
    () => ids,
    () => [],
  );
}

/** What most stores do, and why it is not enough: follow the highest position seen. */
async function naiveReader(db: Database, done: () => boolean): Promise<Set<string>> {
  const seen = new Set<string>();
  for (let cursor = 0, last = false; !last;) {
    last = done();
    const rows = await db.selectFrom('event').select(['position', 'event_id']).where('position', '>', cursor).orderBy('position').execute();
    for (const row of rows) seen.add(row.event_id);
    cursor = rows.at(-1)?.position ?? cursor;
    await turn();
  }
  return seen;
}

test('under hostile writers the fence skips nothing and inverts nothing, where a naive cursor loses events', async () => {
  const seen: RecordedEvent[] = [];
  const subscriptions = new Subscriptions({
    db: database.open(),
    store,
    clock: systemClock,
    subscriptions: [{ name: 'reader', types: 'all', handle: async (_trx, events) => void seen.push(...events) }],
  });
  let writing = true;
  const naive = naiveReader(database.open(), () => !writing);
  const reading = (async () => {
    while (writing) await subscriptions.drain();
  })();
  const db = database.open('test', writers);
  const committed = await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      const [chance, ids] = [random(writer + 1), [] as string[]];
      for (let round = 0; round < rounds; round += 1) ids.push(...(await hostileRound(db, writer, round, chance)));
      return ids;
    }),
  );
  writing = false;
  await reading;
  await subscriptions.drain();
  const expected = committed.flat().sort();
  expect(expected.length).toBeGreaterThan(writers * rounds);
  expect(seen.map(({ id }) => id).sort()).toEqual(expected);
  const lastVersion = new Map<string, number>();
  for (const { stream, version } of seen) {
    expect(version).toBe((lastVersion.get(stream) ?? 0) + 1);
    lastVersion.set(stream, version);
  }
  expect((await naive).size).toBeLessThan(expected.length);
});

test('an event that a policy cannot take is parked with the reason, and the others go on; later it may be taken', async () => {
  const handled: string[] = [];
  let canTakeTwo = false;
  const subscriptions = new Subscriptions({
    db: database.db,
    store,
    clock: systemClock,
    subscriptions: [
      {
        name: 'picky',
        types: ['odd.v1'],
        handle: async (_trx, events) => {
          for (const { data } of events) {
            if (data['n'] === 2 && !canTakeTwo) throw new Error('cannot take two');
            handled.push(String(data['n']));
          }
        },
      },
    ],
  });
  const events = [1, 2, 3].map((n): NewEvent => ({ id: deterministicId('odd', n), type: 'odd.v1', data: { n }, occurredAt: systemClock.now() }));
  await inTransaction(database.db, (trx) => store.append(trx, [{ stream: 'odd', expected: 'any', events }]));
  await subscriptions.drain();
  expect(handled.slice(-2)).toEqual(['1', '3']);
  const parked = await database.db.selectFrom('parked_event').selectAll().where('name', '=', 'picky').execute();
  expect(parked.map(({ reason }) => reason)).toEqual(['Error: cannot take two']);
  expect(await subscriptions.drain()).toBe(0);
  expect(await subscriptions.retryParked()).toBe(0);
  canTakeTwo = true;
  expect(await subscriptions.retryParked()).toBe(1);
  expect(handled.at(-1)).toBe('2');
  expect(await database.db.selectFrom('parked_event').selectAll().execute()).toEqual([]);
});

test('two processes with the same subscription take each event once', async () => {
  const handled: string[] = [];
  const make = () =>
    new Subscriptions({
      db: database.open(),
      store,
      clock: systemClock,
      subscriptions: [{ name: 'once', types: ['many.v1'], handle: async (_trx, events) => void handled.push(...events.map(({ id }) => id)) }],
    });
  const events = Array.from({ length: 900 }, (_, n): NewEvent => ({
    id: deterministicId('many', n),
    type: 'many.v1',
    data: { n },
    occurredAt: systemClock.now(),
  }));
  await inTransaction(database.db, (trx) => store.append(trx, [{ stream: 'many', expected: 'any', events }]));
  const [first, second] = [make(), make()];
  await Promise.all([first.drain(), second.drain()]);
  await first.drain();
  expect(handled).toHaveLength(900);
  expect(new Set(handled).size).toBe(900);
});
