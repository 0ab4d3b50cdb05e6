import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { listOutreach } from '#follow-up';
import { projectRoot, SimulatedClock } from '#platform';
import { courseIdFor, findCourse } from '#treatment';
import { type Afterglow, openAfterglow } from '../apps/worker/afterglow.js';
import { activateSampleProtocols, registerKeys, setUpClinic } from '../apps/worker/set-up.js';
import { Worker } from '../apps/worker/worker.js';
import { readConfig } from '../libs/platform/config.js';
import { openLog } from '../libs/platform/logging.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { redisMissing, startRedis, type TestRedis } from './support/redis.js';

/*
 * The loop without HTTP: events that a machine puts into the queue become booked sessions and planned messages. Run on both
 * homes of the queue, because the worker must not care.
 */
const start = new Date('2026-11-23T14:00:00Z');
const step = (type: string, index: number, data: Record<string, unknown>) => ({
  specversion: '1.0',
  id: `w-${index}`,
  source: '/machine',
  type,
  subject: type.startsWith('patient.') ? 'p-w' : 'c-w',
  time: new Date(start.getTime() - (40 - index) * 60_000).toISOString(),
  data: { consultationId: 'c-w', patientId: 'p-w', ...data },
});
const person = { givenName: 'Wanda', familyName: 'Queue', birthDate: '1990-01-01', phone: '+12125550100', email: 'wanda@example.com' };
const items = [{ protocolId: 'microneedling.cosmetic', sessions: 3 }];
const events = [
  step('consultation.requested.v1', 1, { channel: 'online', person }),
  step('patient.registered.v1', 2, { person, pregnant: false, medications: [{ code: 'prescribed_anticoagulant', name: 'apixaban', prescribed: true }] }),
  step('patient.contact-consent-changed.v1', 3, {
    channel: 'sms',
    scope: 'care',
    granted: true,
    address: person.phone,
    method: 'form',
    recordedOn: '2026-11-23',
  }),
  step('patient.contact-consent-changed.v1', 13, {
    channel: 'email',
    scope: 'care',
    granted: true,
    address: person.email,
    method: 'form',
    recordedOn: '2026-11-23',
  }),
  step('consultation.started.v1', 4, { providerId: 'dr-okafor', locationId: 'nyc' }),
  step('consultation.history-reviewed.v1', 5, { providerId: 'dr-okafor' }),
  step('consultation.skin-assessed.v1', 6, { providerId: 'dr-okafor', fitzpatrick: 'II', issues: [], areas: ['cheeks'], method: 'visual' }),
  step('consultation.plan-proposed.v1', 7, { planId: 'plan-w', providerId: 'dr-okafor', items }),
  step('consultation.education-delivered.v1', 8, { topics: ['procedure'] }),
  step('consultation.clearance-recorded.v1', 9, { code: 'anticoagulants', by: 'dr-okafor' }),
  step('consultation.decision-made.v1', 10, { decision: 'proceed', planId: 'plan-w' }),
  step('consultation.consent-signed.v1', 11, { planId: 'plan-w', documentVersion: '1', acknowledged: ['risks'], signedAt: start.toISOString() }),
];

function loopOn(home: () => string | undefined) {
  let [database, afterglow, worker]: [TestDatabase, Afterglow, Worker] = [] as never;

  beforeAll(async () => {
    database = await createTestDatabase();
    // The channels are not set up: messages are planned and refused, and stay in the ledger.
    const config = readConfig({ DATABASE_URL: database.url, REDIS_URL: home(), MASTER_KEY: Buffer.alloc(32, 9).toString('base64') });
    afterglow = await openAfterglow({ config: { ...config, AFTERGLOW_CLOCK: 'simulated' }, clock: new SimulatedClock(start), log: openLog('silent') });
    await setUpClinic(afterglow, JSON.parse(readFileSync(join(projectRoot, 'libs/clinic/data/sample-clinic.json'), 'utf8')));
    await activateSampleProtocols(afterglow);
    await registerKeys(afterglow, [{ name: 'desk[front_desk]', key: 'secret' }]);
    worker = new Worker(afterglow);
    await worker.start();
  });
  afterAll(async () => {
    await worker.stop();
    await afterglow.close();
    await database.close();
  });

  test('events of the queue open a course, book it whole and plan its messages', async () => {
    await afterglow.eventQueue.add([...events].reverse().map((event, index) => ({ name: 'event', payload: event as never, id: `e-${index}` })));
    while ((await afterglow.eventQueue.depth()).due > 0) await new Promise((resolve) => setImmediate(resolve));
    await worker.settle();
    const course = await findCourse(afterglow.db, courseIdFor('c-w'));
    expect(course?.sessions.map(({ status }) => status)).toEqual(['booked', 'booked', 'booked']);
    const { items: outreach } = await listOutreach(afterglow.db, { patientId: 'p-w', limit: 200 });
    expect([...new Set(outreach.map(({ touchpoint }) => touchpoint))]).toEqual(
      expect.arrayContaining(['plan-summary', 'instructions', 'reminder', 'preparation']),
    );
    expect(outreach.every(({ status, nextAttemptAt }) => status !== 'planned' || nextAttemptAt !== null)).toBe(true);
  });

  test('a prescribed blood thinner asks a clinician and never the patient (invariant 10)', async () => {
    const tasks = await afterglow.db.selectFrom('task').select(['kind', 'why']).where('patient_id', '=', 'p-w').execute();
    expect(tasks).toEqual([{ kind: 'clinician-review', why: expect.stringContaining('apixaban') }]);
    const planned = await afterglow.db.selectFrom('outreach').select('locals').execute();
    expect(JSON.stringify(planned)).not.toMatch(/anticoagulant|apixaban/);
  });

  test('a key is stored hashed', async () => {
    const keys = await afterglow.db.selectFrom('api_key').select(['name', 'roles', 'key_hash']).execute();
    expect(keys.map(({ name, roles }) => [name, roles])).toEqual([['environment/desk', ['front_desk']]]);
    expect(keys[0]?.key_hash.toString('latin1')).not.toContain('secret');
  });
}

describe('the loop, with its queue in Postgres', () => loopOn(() => undefined));

const onRedis = redisMissing === null ? describe : describe.skip;
onRedis(`the loop, with its queue in Redis${redisMissing === null ? '' : ` (left out: ${redisMissing})`}`, () => {
  let redis: TestRedis;
  beforeAll(async () => void (redis = await startRedis()));
  afterAll(async () => redis.stop());
  loopOn(() => redis.url);
});
