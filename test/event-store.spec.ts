import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { EventStore, type NewEvent } from '#event-store';
import { Conflict, deterministicId, inTransaction, SimulatedClock } from '#platform';
import { createTestDatabase, type TestDatabase } from './support/database.js';

const clock = new SimulatedClock(new Date('2026-11-23T14:00:00Z'));
const store = new EventStore({ masterKey: new Uint8Array(32).fill(7), clock });
const event = (name: string, more: Partial<NewEvent> = {}): NewEvent => ({
  id: deterministicId(name),
  type: 'thing.happened.v1',
  data: { name },
  occurredAt: clock.now(),
  ...more,
});

let database: TestDatabase;
beforeAll(async () => void (database = await createTestDatabase()));
afterAll(async () => database.close());

const append = (stream: string, expected: number | 'any' | 'exists' | 'absent', ...events: NewEvent[]) =>
  inTransaction(database.db, (trx) => store.append(trx, [{ stream, expected, events }]), 1);

describe('appending', () => {
  test('counts versions from 1 and gives the first answer to the same ids', async () => {
    const first = await append('a', 0, event('a1'), event('a2'));
    expect(first.map(({ version, duplicate }) => [version, duplicate])).toEqual([
      [1, false],
      [2, false],
    ]);
    const again = await append('a', 0, event('a1'), event('a2'));
    expect(again).toEqual(first.map((answer) => ({ ...answer, duplicate: true })));
    expect(await store.readStream(database.db, 'a')).toHaveLength(2);
  });

  test('answers several streams in the order given, which is the order of positions; a replay after a lost reply gives the same', async () => {
    const appends = ['z', 'y', 'x'].map((stream) => ({ stream, expected: 0, events: [event(`many ${stream}1`), event(`many ${stream}2`)] }));
    const write = () => inTransaction(database.db, (trx) => store.append(trx, appends), 1);
    const first = await write();
    expect(first.map(({ id }) => id)).toEqual(appends.flatMap(({ events }) => events.map(({ id }) => id)));
    expect(first.map(({ version }) => version)).toEqual([1, 2, 1, 2, 1, 2]);
    expect(first.map(({ position }) => position)).toEqual([...first.map(({ position }) => position)].sort((a, b) => a - b));
    // The commit happened, its reply did not arrive: the writer cannot know and appends the same again.
    expect(await write()).toEqual(first.map((answer) => ({ ...answer, duplicate: true })));
    const mixed = await store.append(database.db, [{ stream: 'y', expected: 'any', events: [event('many y1'), event('many y3')] }]);
    expect(mixed.map(({ version, duplicate }) => [version, duplicate])).toEqual([
      [1, true],
      [3, false],
    ]);
    await expect(
      store.append(database.db, [
        { stream: 'y', expected: 3, events: [] },
        { stream: 'x', expected: 7, events: [event('many x3')] },
      ]),
    ).rejects.toBeInstanceOf(Conflict);
  });

  test('holds every mode of expectation', async () => {
    await expect(append('b', 'exists', event('b1'))).rejects.toBeInstanceOf(Conflict);
    await append('b', 'absent', event('b1'));
    await expect(append('b', 'absent', event('b2'))).rejects.toBeInstanceOf(Conflict);
    await expect(append('b', 0, event('b2'))).rejects.toBeInstanceOf(Conflict);
    await append('b', 'exists', event('b2'));
    expect((await append('b', 2, event('b3')))[0]?.version).toBe(3);
    expect((await append('b', 'any', event('b3'), event('b4'))).map(({ duplicate }) => duplicate)).toEqual([true, false]);
  });

  test('seals the personal part; the open part stays readable after erasure', async () => {
    await append('patient/p-1', 'any', event('p1', { patientId: 'p-1', personal: { phone: '+12125550100' } }));
    const raw = await database.db.selectFrom('event').selectAll().where('stream', '=', 'patient/p-1').executeTakeFirstOrThrow();
    expect(JSON.stringify(raw.data) + (raw.sealed?.toString('latin1') ?? '')).not.toContain('2125550100');
    expect((await store.readPatient(database.db, 'p-1'))[0]).toMatchObject({ data: { name: 'p1', phone: '+12125550100' }, erased: false });
    await inTransaction(database.db, (trx) => store.keys.destroy(trx, 'p-1'));
    expect((await store.readPatient(database.db, 'p-1'))[0]).toMatchObject({ data: { name: 'p1' }, erased: true });
    await expect(append('patient/p-1', 'any', event('p2', { patientId: 'p-1', personal: { phone: 'x' } }))).rejects.toThrow(/erased/);
  });

  test('lets one of several writers have a version, and all of them the same new patient', async () => {
    const writers = Array.from({ length: 6 }, (_, n) => event(`race ${n}`, { patientId: 'p-race', personal: { n } }));
    const answers = await Promise.allSettled(writers.map((written) => append('race', 0, written)));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const answer of answers) if (answer.status === 'rejected') expect(answer.reason).toBeInstanceOf(Conflict);
    await Promise.all(writers.map((written, n) => append(`race/${n}`, 'any', { ...written, id: deterministicId('again', n) })));
    expect((await store.readPatient(database.db, 'p-race')).filter(({ erased, data }) => erased || data['n'] === undefined)).toEqual([]);
  });

  test('keeps patients of two clinics apart though they have the same id, and lifts old shapes at reading', async () => {
    const other = database.open('another');
    const written = event('shared', { patientId: 'p-shared', personal: { of: 'test' } });
    await append('shared', 'any', written);
    await store.append(other, [{ stream: 'shared', expected: 'absent', events: [{ ...written, personal: { of: 'another' } }] }]);
    const afresh = new EventStore({
      masterKey: new Uint8Array(32).fill(7),
      clock,
      upcasters: { [written.type]: (data, version) => ({ ...data, lifted: version }) },
    });
    expect((await afresh.readPatient(database.db, 'p-shared')).map(({ data }) => data)).toEqual([{ name: 'shared', of: 'test', lifted: 1 }]);
    expect((await afresh.readPatient(other, 'p-shared')).map(({ data }) => data)).toEqual([{ name: 'shared', of: 'another', lifted: 1 }]);
  });

  test('an inline read model that refuses takes the events back with it', async () => {
    const apply = () => Promise.reject(new Error('not this one'));
    const strict = new EventStore({
      masterKey: new Uint8Array(32).fill(7),
      clock,
      inline: [{ name: 'strict', version: 1, tables: [], types: ['thing.happened.v1'], apply }],
    });
    await expect(strict.append(database.db, [{ stream: 'strict', expected: 'any', events: [event('strict')] }])).rejects.toThrow('not this one');
    expect(await store.readStream(database.db, 'strict')).toEqual([]);
  });

  test('is append-only by privilege and by trigger, and one clinic never reads another', async () => {
    await append('c', 'any', event('c1'));
    await expect(database.db.deleteFrom('event').execute()).rejects.toThrow(/permission denied/);
    const other = database.open('another');
    expect(await store.readStream(other, 'c')).toEqual([]);
  });
});
