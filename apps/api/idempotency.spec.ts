import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { deterministicId, inTransaction, SimulatedClock } from '#platform';
import { readConfig } from '../../libs/platform/config.js';
import { openLog } from '../../libs/platform/logging.js';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.js';
import { erase } from '../cli/upkeep.js';
import { type Afterglow, openAfterglow } from '../worker/afterglow.js';
import { forgetOldAnswers } from './idempotency.js';

jest.setTimeout(60_000);

let [database, afterglow]: [TestDatabase, Afterglow] = [] as never;
const clock = new SimulatedClock(new Date('2026-11-23T15:00:00Z'));

beforeAll(async () => {
  database = await createTestDatabase();
  const config = readConfig({ DATABASE_URL: database.url, MASTER_KEY: Buffer.alloc(32, 9).toString('base64'), PUBLIC_URL: 'http://127.0.0.1' });
  afterglow = await openAfterglow({ config: { ...config, AFTERGLOW_CLOCK: 'simulated' }, clock, log: openLog('silent') });
});
afterAll(async () => {
  await afterglow.close();
  await database.close();
});

const answered = (key: string, answer: unknown) =>
  afterglow.db
    .insertInto('idempotency_key')
    .values({
      actor: 'desk',
      key,
      request_hash: Buffer.alloc(32),
      created_at: clock.now(),
      status: 200,
      answer: answer === undefined ? null : JSON.stringify(answer),
    })
    .execute();
const kept = async () => (await afterglow.db.selectFrom('idempotency_key').select('key').orderBy('key').execute()).map(({ key }) => key);

test('no answer that names an erased patient is kept, nor one that is still to come (invariant 13)', async () => {
  const person = { givenName: 'Ana', familyName: 'Ruiz', phone: '+12125550100', email: 'ana@example.com' };
  const registered = { id: deterministicId('registered'), type: 'patient.registered.v1', data: { patientId: 'p-"ana' }, personal: { person } };
  const event = { ...registered, patientId: 'p-"ana', occurredAt: clock.now() };
  await inTransaction(afterglow.db, (trx) => afterglow.store.append(trx, [{ stream: 'patient/p-"ana', expected: 'any', events: [event] }]));
  await answered('thread', { conversationId: 'c', patient: { patientId: 'p-"ana', name: 'Ana Ruiz' }, messages: [{ body: 'it burns' }] });
  await answered('thread-of-another', { patientId: 'p-bea', messages: [{ body: 'thanks' }] });
  await answered('no-content', null);
  await answered('under-way', undefined);
  await erase(afterglow, 'p-"ana', 'asked for it');
  expect(await kept()).toEqual(['no-content', 'thread-of-another']);
});

test('answers are kept for a day', async () => {
  clock.moveTo(new Date('2026-11-24T14:59:00Z'));
  await answered('newer', { patientId: 'p-bea' });
  await forgetOldAnswers(afterglow);
  expect(await kept()).toContain('thread-of-another');
  clock.moveTo(new Date('2026-11-24T15:01:00Z'));
  await forgetOldAnswers(afterglow);
  expect(await kept()).toEqual(['newer']);
});
