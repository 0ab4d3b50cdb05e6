import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { JsonObject } from '#platform';
import { JobQueue, type QueueHome } from '../libs/platform/queue.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { redisMissing, startRedis, type TestRedis } from './support/redis.js';

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

  test('says so when Redis does not take a job, instead of hanging', async () => {
    const jobs = new JobQueue('dead', { redisUrl: redis.url, databaseUrl: 'postgres://unused' });
    await jobs.ready();
    await redis.kill();
    expect(await jobs.add([{ name: 'wake', payload: {}, id: 'lost' }])).toBe(false);
    await jobs.close();
    await redis.restart();
  });
});
