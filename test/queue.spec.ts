import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { JsonObject } from '#platform';
import { JobQueue, type QueueHome } from '../libs/platform/queue.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { redisMissing, slowWayTo, startRedis, type TestRedis } from './support/redis.js';

/** Resolves with what the handler has seen once it has seen `count` jobs. */
function recorder() {
  const seen: { name: string; payload: JsonObject }[] = [];
  let check = () => undefined as void;
  return {
    seen,
    handle: async (name: string, payload: JsonObject) => {
      seen.push({ name, payload });
      check();
    },
    until: (count: number) =>
      new Promise<typeof seen>((resolve) => {
        check = () => (seen.length >= count ? resolve(seen) : undefined);
        check();
      }),
  };
}

/** What every back end must do; the ledgers rely on no more than this. */
function queueContract(home: () => QueueHome) {
  let queue: JobQueue;
  const open = async (name: string) => {
    queue = new JobQueue(name, home());
    await queue.ready();
    return queue;
  };

  test('runs each job once, with the payload it was given', async () => {
    const [jobs, { handle, until, seen }] = [await open('once'), recorder()];
    await jobs.work(handle, 5);
    expect(await jobs.add([1, 2, 3].map((n) => ({ name: 'wake', payload: { n }, id: `row-${n}` })))).toBe(true);
    await until(3);
    await jobs.close();
    expect(seen.map(({ payload }) => payload['n']).sort()).toEqual([1, 2, 3]);
    expect(seen.every(({ name }) => name === 'wake')).toBe(true);
  });

  test('takes the same id once while it waits, and again after it ran', async () => {
    const [jobs, { handle, until, seen }] = [await open('same-id'), recorder()];
    await jobs.add([{ name: 'wake', payload: { n: 1 }, id: 'row-1' }]);
    await jobs.add([{ name: 'wake', payload: { n: 1 }, id: 'row-1' }]);
    expect((await jobs.depth()).due).toBe(1);
    await jobs.work(handle, 1);
    await until(1);
    await expectDrained(jobs);
    await jobs.add([{ name: 'wake', payload: { n: 2 }, id: 'row-1' }]);
    await until(2);
    await jobs.close();
    expect(seen.map(({ payload }) => payload['n'])).toEqual([1, 2]);
  });

  test('holds a delayed job back, counted apart', async () => {
    const jobs = await open('delayed');
    await jobs.add([
      { name: 'wake', payload: {}, id: 'later', delayMillis: 3_600_000 },
      { name: 'wake', payload: {}, id: 'now' },
    ]);
    expect(await jobs.depth()).toEqual({ due: 1, delayed: 1, failed: 0 });
    await jobs.flush();
    expect(await jobs.depth()).toEqual({ due: 0, delayed: 0, failed: 0 });
    await jobs.close();
  });

  test('tries a job that failed again, and another does not wait for it', async () => {
    const jobs = await open('retry');
    const { handle, until, seen } = recorder();
    let failures = 0;
    await jobs.work(async (name, payload) => {
      if (payload['n'] === 1 && failures === 0) {
        failures += 1;
        throw new Error('the first time it fails');
      }
      await handle(name, payload);
    }, 1);
    await jobs.add([
      { name: 'wake', payload: { n: 1 }, id: 'a' },
      { name: 'wake', payload: { n: 2 }, id: 'b' },
    ]);
    await until(2);
    await jobs.close();
    expect(seen.map(({ payload }) => payload['n'])).toEqual([2, 1]);
  });
}

/** The completion is written after the handler returns: the queue is asked until it says so. */
async function expectDrained(jobs: JobQueue): Promise<void> {
  while ((await jobs.depth()).due > 0) await new Promise((resolve) => setImmediate(resolve));
}

describe('the queue on Postgres', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await createTestDatabase()));
  afterAll(async () => database.close());
  queueContract(() => ({ databaseUrl: database.url }));
});

const onRedis = redisMissing === null ? describe : describe.skip;
onRedis(`the queue on Redis${redisMissing === null ? '' : ` (left out: ${redisMissing})`}`, () => {
  let redis: TestRedis;
  beforeAll(async () => void (redis = await startRedis()));
  afterAll(async () => redis.stop());
  queueContract(() => ({ redisUrl: redis.url, databaseUrl: 'postgres://unused' }));

  const open = () => new JobQueue('dead', { redisUrl: redis.url, databaseUrl: 'postgres://unused' });
  const wake = (id: string) => [{ name: 'wake', payload: {}, id }];

  test('says so when Redis does not take a job, instead of hanging; further calls do not pile up behind it', async () => {
    const jobs = open();
    expect(await jobs.ready()).toBe(true);
    await redis.kill();
    expect(await jobs.add(wake('lost'))).toBe(false);
    // Answered at once: thousands in the time of one patience would otherwise all be added when Redis comes back.
    const from = performance.now();
    for (let n = 0; n < 1_000; n += 1) expect(await jobs.add(wake(`lost-${n}`))).toBe(false);
    await expect(jobs.depth()).rejects.toMatchObject({ code: 'queue_away' });
    expect(performance.now() - from).toBeLessThan(1_000);
    await redis.restart();
    await untilTaken(jobs, wake('taken'));
    expect(await jobs.depth()).toEqual({ due: 2, delayed: 0, failed: 0 });
    await jobs.close();
  });

  test('a slow Redis holds nobody up, and what it took late is rung all the same', async () => {
    const way = await slowWayTo(redis);
    const jobs = new JobQueue('slow', { redisUrl: way.url, databaseUrl: 'postgres://unused' });
    const { handle, until } = recorder();
    await jobs.work(handle);
    way.slow(4_000);
    const from = performance.now();
    expect(await jobs.add(wake('late'))).toBe(false);
    expect(await jobs.add(wake('never'))).toBe(false);
    expect(performance.now() - from).toBeLessThan(3_500);
    way.slow(0);
    await untilTaken(jobs, wake('again'));
    expect((await until(2)).length).toBe(2);
    await jobs.close();
    way.stop();
  });

  test('a Redis that is full says so, and takes no job that it would lose', async () => {
    const jobs = open();
    await jobs.ready();
    await redis.ask('CONFIG SET maxmemory 1');
    expect(await jobs.add(wake('too-much'))).toBe(false);
    await redis.ask('CONFIG SET maxmemory 0');
    expect(await jobs.add(wake('room'))).toBe(true);
    await jobs.flush();
    await jobs.close();
  });

  test('is opened while Redis is dead, and taken up when it comes', async () => {
    await redis.kill();
    const [jobs, { handle, until }] = [open(), recorder()];
    expect(await jobs.ready()).toBe(false);
    await jobs.work(handle);
    expect(await jobs.add(wake('early'))).toBe(false);
    await expect(jobs.state()).rejects.toThrow();
    await redis.restart();
    await untilTaken(jobs, wake('late'));
    await until(2);
    await jobs.close();
  });

  test('lets go at once of a Redis that never came', async () => {
    await redis.kill();
    const jobs = open();
    await jobs.work(async () => undefined);
    await jobs.close();
    await redis.restart();
    // Whatever was still trying to connect would now stand among the clients.
    const asking = open();
    await asking.state();
    expect(await redis.clients()).toEqual(2);
    await asking.close();
  });

  test.each([
    ['was started again', () => redis.kill().then(() => redis.restart())],
    ['was flushed', () => redis.ask('FLUSHALL')],
  ])('knows that Redis %s, though no error is raised', async (_what, lose) => {
    const jobs = open();
    await jobs.ready();
    const { life } = await jobs.state();
    expect((await jobs.state()).life).toBe(life);
    await lose();
    expect(await anotherLife(jobs, life)).not.toBe(life);
    expect((await jobs.state()).life).toBe((await jobs.state()).life);
    await jobs.close();
  });

  test('calls a Redis that evicts a risk', async () => {
    const jobs = open();
    expect((await jobs.state()).risk).toBeNull();
    await redis.ask('CONFIG SET maxmemory-policy allkeys-lru');
    expect((await jobs.state()).risk).toContain('allkeys-lru');
    await redis.ask('CONFIG SET maxmemory-policy noeviction');
    await jobs.close();
  });
});

async function anotherLife(jobs: JobQueue, life: string): Promise<string> {
  for (;;) {
    const now = await jobs.state().catch(() => null);
    if (now !== null && now.life !== life) return now.life;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A connection that was lost is made again some time later. */
async function untilTaken(jobs: JobQueue, wanted: Parameters<JobQueue['add']>[0]): Promise<void> {
  while (!(await jobs.add(wanted))) await new Promise((resolve) => setTimeout(resolve, 20));
}
