import { Redis } from 'ioredis';
import pg from 'pg';
import { sweep } from '#follow-up';
import { twilioChannel } from '#messaging';
import { systemClock } from '#platform';
import { arrange } from '../libs/follow-up/arrange.js';
import type { SessionFacts } from '../libs/follow-up/draft.js';
import { wishes } from '../libs/follow-up/touchpoints.js';
import { JobQueue } from '../libs/platform/queue.js';
import { redisMissing, startRedis } from '../test/support/redis.js';
import type { BenchRow } from './event-store.js';
import { OutreachDesk, phoneOf } from './outreach-desk.js';

const [messages, atOnce, future, courses] = [3_000, 10_000, 100_000, 10_000];
const rest = (millis: number) => new Promise((resolve) => setTimeout(resolve, millis));
const perSecond = (count: number, since: number) => (count * 1_000) / (performance.now() - since);
const quantile = (sorted: readonly number[], q: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;

/** Waits for rows that come due at an instant to be sent; answers the milliseconds from then on. The sweeper goes round as it does in the product. */
async function untilSent(desk: OutreachDesk, occasion: string, count: number, dueAt: Date): Promise<number> {
  desk.afterglow.wake();
  for (let round = 1; (await desk.sent(occasion)) < count; round += 1) {
    await rest(50);
    if (round % 300 === 0) await desk.worker.sweep();
  }
  return systemClock.now().getTime() - dueAt.getTime();
}

/** Messages a second from the wake-up call to the recorded end: claim, real SDK, sandbox, finish. */
async function wholePath(desk: OutreachDesk, occasion: string): Promise<number> {
  const dueAt = new Date(systemClock.now().getTime() + 8_000);
  await desk.plan(messages, dueAt, occasion);
  return (messages * 1_000) / (await untilSent(desk, occasion, messages, dueAt));
}

/** BullMQ alone: the same wake-up calls to a handler that does nothing. */
async function emptyProcessor(home: { redisUrl?: string; databaseUrl: string }): Promise<number> {
  const queue = new JobQueue('bench-empty', home);
  await queue.ready();
  let done = 0;
  await queue.work(async () => void (done += 1));
  const since = performance.now();
  await queue.add(Array.from({ length: messages }, (_, n) => ({ name: 'nothing', payload: { n }, id: `n_${n}` })));
  while (done < messages) await rest(2);
  const rate = perSecond(messages, since);
  await queue.close();
  return rate;
}

/** The real SDK against the sandbox with nothing around it, as many at once as the worker has. */
async function bareSandbox(desk: OutreachDesk): Promise<number> {
  const { config, clock } = desk.afterglow;
  const channel = twilioChannel({
    statusCallbackUrl: 'http://127.0.0.1:9/nowhere',
    accountSid: config.TWILIO_ACCOUNT_SID ?? '',
    authToken: config.TWILIO_AUTH_TOKEN ?? '',
    from: config.TWILIO_FROM ?? '',
    apiBaseUrl: desk.sandbox.url,
    clock,
  });
  let next = 0;
  const since = performance.now();
  const caller = async () => {
    for (let n = (next += 1); n <= messages; n = next += 1)
      await channel.send({ id: `bare-${n}`, to: phoneOf(n), body: 'bare', validUntil: null }, `bare-${n}`);
  };
  await Promise.all(Array.from({ length: 20 }, caller));
  const rate = perSecond(messages, since);
  await channel.close();
  return rate;
}

/** How late each of many messages is that are due in the same second, in milliseconds. */
async function lateness(desk: OutreachDesk): Promise<{ p50: number; p99: number }> {
  const dueAt = new Date(systemClock.now().getTime() + 15_000);
  const from = (await desk.accepted(0)).at(-1)?.n ?? 0;
  await desk.plan(atOnce, dueAt, 'at-once');
  await untilSent(desk, 'at-once', atOnce, dueAt);
  const late = (await desk.accepted(from)).map(({ acceptedAt }) => Date.parse(acceptedAt) - dueAt.getTime()).sort((a, b) => a - b);
  return { p50: quantile(late, 0.5), p99: quantile(late, 0.99) };
}

/** The queue filled again from the ledger after it was lost: seconds, and megabytes that Redis holds for it. */
async function rebuildQueue(desk: OutreachDesk, redisUrl: string): Promise<{ seconds: number; megabytes: number }> {
  const redis = new Redis(redisUrl);
  const used = async () => Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1] ?? 0);
  const dueAt = new Date(systemClock.now().getTime() + 24 * 3_600_000);
  for (let part = 0; part < future / atOnce; part += 1) await desk.plan(atOnce, dueAt, `future-${part}`);
  await redis.flushall();
  const before = await used();
  const since = performance.now();
  await desk.worker.fillQueue();
  const seconds = (performance.now() - since) / 1_000;
  const megabytes = ((await used()) - before) / 1_048_576;
  await redis.quit();
  return { seconds, megabytes };
}

/** Milliseconds of a tick of the sweeper with so many finished rows in the ledger. */
async function tick(desk: OutreachDesk, owner: pg.Client, finished: number): Promise<number> {
  await owner.query(
    `insert into outreach (clinic_id, outreach_id, key, occasion, version, stream, patient_id, touchpoint, channel, category, template, locals,
       due_at, expires_at, status, attempts, provider_message_id, sent_at, why, because)
     select 'clinic', gen_random_uuid(), 'old/' || n, 'old/' || n, 3, 'outreach/old-' || n % 10000, 'old-' || n % 10000, 'check-in', 'sms', 'safety', 'check-in', '{}',
       now() - n * interval '1 minute', now() - n * interval '1 minute' + interval '1 hour', 'delivered', 1, 'SM-old-' || n, now() - n * interval '1 minute', 'delivered', 'measured'
     from generate_series((select count(*) + 1 from outreach where occasion like 'old/%'), $1::int) n
     on conflict do nothing`,
    [finished],
  );
  await owner.query('analyze outreach');
  const times: number[] = [];
  for (let n = 0; n < 200; n += 1) {
    const since = performance.now();
    await sweep(desk.afterglow.db, systemClock.now(), 500);
    times.push(performance.now() - since);
  }
  return quantile(
    times.sort((a, b) => a - b),
    0.5,
  );
}

const day = 86_400_000;

/** Courses of four sessions a second, from what is known of one to its arranged touchpoints. */
function planning(): number {
  const first = Date.parse('2026-12-01T15:00:00Z');
  const session = (course: number, number: number): SessionFacts => ({
    sessionId: `s-${course}-${number}`,
    courseId: `c-${course}`,
    consultationId: `k-${course}`,
    status: 'booked',
    item: 0,
    number,
    protocolId: 'microneedling.cosmetic',
    setAt: '2026-11-23T15:00:00.000Z',
    moved: false,
    cancelledAt: null,
    cancelledBy: null,
    noShowAt: null,
    start: new Date(first + (number - 1) * 30 * day).toISOString(),
    timeZone: 'America/New_York',
    locationId: 'manhattan',
    completedAt: null,
    checkInDays: [1, 3, 7, 14],
    intervalMinDays: 28,
    overdueDays: 56,
    preparation: [{ code: 'retinoid', daysBefore: 5 }],
  });
  const zones = ['America/New_York'];
  const hours = Object.fromEntries(['1', '2', '3', '4', '5', '6', '7'].map((weekday) => [weekday, [['09:00', '20:00']] as [string, string][]]));
  const now = '2026-11-23T15:00:00.000Z';
  const rules = {
    now,
    zones,
    hours,
    caps: { perDay: 1, perWeek: 3 },
    reachable: { sms: true, email: true },
    reachableForOffers: { sms: true, email: true },
    texts: [],
  };
  const since = performance.now();
  let planned = 0;
  for (let course = 0; course < courses; course += 1) {
    const sessions = [1, 2, 3, 4].map((number) => session(course, number));
    planned += arrange(
      wishes(sessions, [], 'America/New_York', () => null, now),
      [],
      rules,
    ).length;
  }
  if (planned === 0) throw new Error('nothing was planned');
  return perSecond(courses, since);
}

async function freshDatabase(serverUrl: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.toString();
}

async function throughput(desk: OutreachDesk, databaseUrl: string, redisUrl?: string): Promise<BenchRow[]> {
  await desk.register(atOnce);
  await desk.worker.start();
  await desk.worker.settle();
  await wholePath(desk, 'warm-up');
  const ours = await wholePath(desk, 'measured');
  const [empty, bare] = [await emptyProcessor({ redisUrl, databaseUrl }), await bareSandbox(desk)];
  const where = redisUrl === undefined ? 'Postgres' : 'Redis';
  return [
    {
      name: `outreach, wake to recorded end, queue on ${where} (messages/s), against BullMQ with an empty processor`,
      ours,
      reference: empty,
      ratio: ours / empty,
    },
    {
      name: `outreach, wake to recorded end, queue on ${where} (messages/s), against the SDK and the sandbox alone`,
      ours,
      reference: bare,
      ratio: ours / bare,
    },
  ];
}

async function benchWith(serverUrl: string, name: string, redisUrl: string | undefined, print: (line: string) => void): Promise<BenchRow[]> {
  const databaseUrl = await freshDatabase(serverUrl, name);
  const desk = await OutreachDesk.open({ databaseUrl, redisUrl });
  try {
    const rows = await throughput(desk, databaseUrl, redisUrl);
    const { p50, p99 } = await lateness(desk);
    print(
      `${atOnce.toLocaleString('en-US')} messages due in one second, queue on ${redisUrl === undefined ? 'Postgres' : 'Redis'}: late by ${(p50 / 1_000).toFixed(1)} s (p50), ${(p99 / 1_000).toFixed(1)} s (p99)`,
    );
    if (redisUrl === undefined) await printTicks(desk, databaseUrl, print);
    else {
      const { seconds, megabytes } = await rebuildQueue(desk, redisUrl);
      print(`queue rebuilt from ${future.toLocaleString('en-US')} rows in ${seconds.toFixed(1)} s; Redis holds ${megabytes.toFixed(0)} MB for them`);
    }
    return rows;
  } finally {
    await desk.close();
  }
}

async function printTicks(desk: OutreachDesk, databaseUrl: string, print: (line: string) => void): Promise<void> {
  const owner = new pg.Client({ connectionString: databaseUrl });
  await owner.connect();
  const ticks: string[] = [];
  for (const finished of [1_000, 10_000, 100_000, 1_000_000])
    ticks.push(`${finished.toLocaleString('en-US')}: ${(await tick(desk, owner, finished)).toFixed(2)} ms`);
  await owner.end();
  print(`a tick of the sweeper by finished rows: ${ticks.join(', ')}`);
}

/** The sending of messages, measured on both queues. `serverUrl`: a Postgres in which databases may be made. */
export async function benchFollowUp(serverUrl: string, print: (line: string) => void): Promise<BenchRow[]> {
  print(`touchpoints planned for ${courses.toLocaleString('en-US')} courses of four sessions: ${Math.round(planning()).toLocaleString('en-US')} courses/s`);
  const onPostgres = await benchWith(serverUrl, 'bench_postgres', undefined, print);
  if (redisMissing !== null) {
    print(`Redis is not measured: ${redisMissing}`);
    return onPostgres;
  }
  const redis = await startRedis();
  try {
    return [...onPostgres, ...(await benchWith(serverUrl, 'bench_redis', redis.url, print))];
  } finally {
    await redis.stop();
  }
}
