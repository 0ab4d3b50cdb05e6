import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { deterministicId, inTransaction, SimulatedClock, systemClock } from '#platform';
import { type Api, startApi } from '../apps/api/app.js';
import { type Afterglow, openAfterglow } from '../apps/worker/afterglow.js';
import { Worker } from '../apps/worker/worker.js';
import { readConfig } from '../libs/platform/config.js';
import { openLog } from '../libs/platform/logging.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { redisMissing, startRedis, type TestRedis } from './support/redis.js';

const masterKey = Buffer.alloc(32, 3).toString('base64');
let database: TestDatabase;
let [afterglow, worker, api]: [Afterglow, Worker, Api] = [] as never;

async function open(redisUrl?: string): Promise<void> {
  database = await createTestDatabase();
  const config = readConfig({ DATABASE_URL: database.url, REDIS_URL: redisUrl, MASTER_KEY: masterKey });
  afterglow = await openAfterglow({ config, clock: systemClock, log: openLog('silent') });
  worker = new Worker(afterglow);
  api = await startApi(afterglow, { port: 0 });
}

async function close(): Promise<void> {
  await api.stop();
  await worker.stop();
  await afterglow.close();
  await database.close();
}

const get = async (path: string) => {
  const answer = await fetch(`${api.address}${path}`);
  return { status: answer.status, text: await answer.text() };
};
const ready = async () => JSON.parse((await get('/readyz')).text) as { status: string; checks: Record<string, boolean>; warnings?: string[] };
const canaryAge = async () => /^afterglow_queue_canary_age_seconds ([\d.]+)$/m.exec((await get('/metrics')).text)?.[1];

/** A message for tomorrow, in the ledger alone. */
async function planTomorrow(place: number): Promise<void> {
  const outreachId = deterministicId('outreach', place);
  const tomorrow = (hours: number) => new Date(systemClock.now().getTime() + (24 + hours) * 3_600_000).toISOString();
  const about = {
    outreachId,
    patientId: 'p-1',
    key: `k-${place}`,
    occasion: `o-${place}`,
    touchpoint: 'received',
    channel: 'sms',
    category: 'answer',
    template: 'received',
  };
  const data = { ...about, locals: {}, question: null, targetAt: null, dueAt: tomorrow(0), expiresAt: tomorrow(1), because: 'a test' };
  const event = { id: deterministicId('event', place), type: 'outreach.planned.v1', data, patientId: 'p-1', occurredAt: systemClock.now() };
  await inTransaction(afterglow.db, (trx) => afterglow.store.append(trx, [{ stream: 'outreach/p-1', expected: 'any', events: [event] }]));
}

function isWatched(home: () => string | undefined): void {
  beforeAll(() => open(home()));
  afterAll(close);

  test('a canary rings while the queue does, and its silence is said', async () => {
    expect(await canaryAge()).toBeUndefined();
    await worker.start();
    while ((await afterglow.db.selectFrom('queue_canary').select('rang_at').execute()).length === 0) await pause(10);
    expect(await ready()).toEqual({ status: 'ready', checks: { database: true, migrations: true, queue: true } });
    await afterglow.db
      .updateTable('queue_canary')
      .set({ rang_at: new Date(systemClock.now().getTime() - 600_000) })
      .execute();
    expect(Number(await canaryAge())).toBeGreaterThanOrEqual(600);
    expect(await ready()).toMatchObject({ status: 'ready', warnings: [expect.stringMatching(/has rung for nothing for 60\d s/)] });
    await worker.watchQueue();
    while (Number(await canaryAge()) > 60) await pause(10);
    expect((await ready()).warnings).toBeUndefined();
  });
}

describe('a queue on Postgres', () => isWatched(() => undefined));

const onRedis = redisMissing === null ? describe : describe.skip;
onRedis(`a queue on Redis${redisMissing === null ? '' : ` (left out: ${redisMissing})`}`, () => {
  let redis: TestRedis;
  beforeAll(async () => void (redis = await startRedis()));
  afterAll(() => redis.stop());
  isWatched(() => redis.url);

  const delayed = () => afterglow.outreachQueue.depth().then((depth) => depth.delayed);
  const filled = async (count: number) => {
    // A connection that was lost is made again some time later; the timer asks every 15 s.
    while ((await delayed().catch(() => -1)) < count) {
      await worker.watchQueue().catch(() => undefined);
      await pause(20);
    }
  };

  test.each([
    ['flushed', () => redis.ask('FLUSHALL')],
    ['killed and started again', () => redis.kill().then(() => redis.restart())],
  ])('gets its jobs again at the next look after Redis was %s', async (what, lose) => {
    await planTomorrow(what.length);
    await worker.fillQueue();
    // One job a row at least: the alarm of a row that was just planned may have come under a name of its own.
    const rows = (await afterglow.db.selectFrom('outreach').select('outreach_id').execute()).length;
    expect(await delayed()).toBeGreaterThanOrEqual(rows);
    await worker.watchQueue();
    await lose();
    await filled(rows);
    expect(await delayed()).toBeGreaterThanOrEqual(rows);
  });

  test('a Redis that evicts is a warning', async () => {
    await redis.ask('CONFIG SET maxmemory-policy allkeys-lru');
    expect(await ready()).toMatchObject({ status: 'ready', warnings: [expect.stringContaining('allkeys-lru')] });
    await redis.ask('CONFIG SET maxmemory-policy noeviction');
  });

  test('while Redis is dead, readiness is denied in time, metrics are shown and another process starts', async () => {
    await redis.kill();
    const from = performance.now();
    expect(await ready()).toEqual({ status: 'not ready', checks: { database: true, migrations: true, queue: false } });
    expect((await get('/metrics')).text).toMatch(/^afterglow_parked_events 0$/m);
    expect(performance.now() - from).toBeLessThan(8_000);
    const config = readConfig({ DATABASE_URL: database.url, REDIS_URL: redis.url, MASTER_KEY: masterKey });
    const other = await openAfterglow({
      config: { ...config, AFTERGLOW_CLOCK: 'simulated' },
      clock: new SimulatedClock(systemClock.now()),
      log: openLog('silent'),
    });
    const second = new Worker(other);
    await second.start();
    await redis.restart();
    while ((await other.outreachQueue.depth().catch(() => null)) === null) await pause(20);
    await second.stop();
    await other.close();
  });
});
