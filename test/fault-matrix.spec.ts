import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import type { Accepted } from '../apps/sandbox/journal.js';
import type { FaultChannel, Mode } from '../apps/sandbox/faults.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../libs/platform/database/embedded.js';
import { createTestDatabase } from './support/database.js';
import { FaultStage, type StageChannel, type StagePatient } from './support/fault-stage.js';
import { freePort } from '../libs/platform/ports.js';
import { endProducts, newFolder, Product, removeFolders, runToEnd } from './support/product.js';
import { redisMissing, startRedis, type TestRedis } from './support/redis.js';

/*
 * Everything that breaks, by every channel, with one worker and with three: one weekend each, over the change of the clocks. The
 * sandbox's own log says what reached the outside; the ledger may only agree with it.
 */
jest.setTimeout(180_000);

const springFriday = '2026-03-06T14:00:00Z';
const autumnFriday = '2026-10-30T13:00:00Z';

interface Fault {
  readonly name: string;
  /** The Friday before the change of the clocks; else the spring for one worker, the autumn for three. */
  readonly friday?: string;
  /** What the outside does to four messages of each channel that knows such a fault. */
  readonly mode?: Mode;
  readonly channels?: readonly FaultChannel[];
  /** What happened to workers before these ones. */
  readonly before?: (stage: FaultStage) => Promise<void>;
  /** What breaks in our own house, `times` times, each while at least three messages are due. */
  readonly strike?: (stage: FaultStage) => Promise<void>;
  readonly times?: number;
  /** Saturday noon is followed by Monday noon. */
  readonly jump?: boolean;
  readonly needs?: 'redis' | 'own postgres';
}

let redis: TestRedis;
let server: EmbeddedPostgres & { readonly restart: () => Promise<void> };

const faults: readonly Fault[] = [
  { name: 'the clocks go forward', friday: springFriday },
  { name: 'the clocks go back', friday: autumnFriday },
  { name: 'accepted, then the line drops', mode: 'accept-then-drop' },
  { name: '500 after it was accepted', mode: 'error-after-accept' },
  { name: '429, or 451 of a mail server', mode: 'throttle' },
  { name: 'no answer at all', mode: 'timeout' },
  { name: 'callbacks come twice', mode: 'duplicate-callbacks', channels: ['sms'] },
  { name: 'callbacks come in the wrong order', mode: 'reordered-callbacks', channels: ['sms'] },
  { name: 'callbacks are lost', mode: 'lost-callbacks', channels: ['sms'] },
  { name: 'every worker is killed (kill -9)', before: killWorkers },
  { name: 'Redis is flushed', strike: flushRedis, times: 3, needs: 'redis' },
  { name: 'Redis is killed and comes back empty', strike: killRedis, times: 2, needs: 'redis' },
  { name: 'Redis evicts what it was given', strike: evict, times: 1, needs: 'redis' },
  { name: 'the clock jumps on by two days', jump: true },
  { name: 'Postgres is restarted', strike: restartPostgres, times: 2, needs: 'own postgres' },
];

async function flushRedis(stage: FaultStage): Promise<void> {
  await stage.untilNextMessage();
  await redis.ask('FLUSHALL');
}

/** Every key goes soon after it was written: jobs are taken and never rung. */
async function evict(): Promise<void> {
  await redis.ask('CONFIG SET maxmemory-policy allkeys-random');
  await redis.ask('CONFIG SET maxmemory 1');
}

/** As it was made, whatever the cell before did to it. */
async function emptyRedis(): Promise<void> {
  await redis.ask('CONFIG SET maxmemory 0');
  await redis.ask('CONFIG SET maxmemory-policy noeviction');
  await redis.ask('FLUSHALL');
}

async function killRedis(stage: FaultStage): Promise<void> {
  await stage.untilNextMessage();
  await redis.kill();
  await stage.untilNextMessage();
  await redis.restart();
}

async function restartPostgres(stage: FaultStage): Promise<void> {
  await stage.untilNextMessage();
  await server.restart();
}

/** Processes with workers of their own, killed while some messages wait for an answer that does not come. */
async function killWorkers(stage: FaultStage): Promise<void> {
  // What they run is compiled, when it is not yet.
  expect((await runToEnd('scripts/afterglow.mjs', ['help'])).code).toBe(0);
  for (const channel of ['sms', 'email'] as const) stage.sandbox.faults.add({ channel, mode: 'timeout', rate: 0.5 });
  const env = { ...stage.env, STANDS_AT: stage.clock.now().toISOString() };
  const doomed = Array.from({ length: stage.options.workers }, () => new Product('test/support/doomed-worker.mjs', [], { env }));
  const inFlight = async () => {
    while ((await stage.statuses()).filter((status) => status === 'attempting').length < 2) await pause(5);
  };
  const fallen = Promise.race(doomed.map(({ ended }) => ended)).then(() => Promise.reject(new Error(doomed.map(({ err }) => err).join('\n'))));
  await Promise.race([inFlight(), fallen]);
  await Promise.all(doomed.map((worker) => worker.stop('SIGKILL')));
  stage.sandbox.faults.end({});
  expect(await stage.statuses()).toContain('attempting');
}

/** What a person on the phone sees as the local time, told by the runtime's own tables. */
function isPermitted(at: Date, zone: string): boolean {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: zone, weekday: 'short', hour: 'numeric', hourCycle: 'h23' }).formatToParts(at);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return Number(part('hour')) >= (part('weekday') === 'Sun' ? 12 : 9) && Number(part('hour')) < 20;
}

interface Outcome {
  readonly stage: FaultStage;
  readonly rows: Awaited<ReturnType<FaultStage['rows']>>;
  readonly sent: readonly Accepted[];
  /** Address → number of the last message in the log before its STOP. */
  readonly stopped: ReadonlyMap<string, number>;
  readonly struck: number;
}

/** One weekend under a fault, to Monday afternoon; on Saturday some patients say STOP. */
async function weekend(stage: FaultStage, { mode, channels = ['sms', 'email'], before, strike, times = 0, jump = false }: Fault): Promise<Outcome> {
  const { sandbox, clock, patients } = stage;
  const goWrong = () => mode !== undefined && channels.forEach((channel) => sandbox.faults.add({ channel, mode, count: 2 }));
  const after = (hours: number) => new Date(Date.parse(stage.options.friday) + hours * 3_600_000).toISOString();
  let struck = 0;
  const each = (due: number) => (strike !== undefined && due >= 3 && struck < times ? () => ((struck += 1), strike(stage)) : null);
  goWrong();
  await before?.(stage);
  await stage.start();
  // Before the reminders of Monday's visits leave, at half past eleven.
  await stage.play(after(26.4), each);
  const stopped = new Map<string, number>();
  for (const patient of patients.filter(saysStop)) {
    stopped.set(patient.address, sandbox.messages().length);
    await stage.stop(patient);
  }
  goWrong();
  if (jump) clock.moveTo(new Date(after(74.5)));
  await stage.play(after(80), each);
  return { stage, rows: await stage.rows(), sent: sandbox.messages().filter(({ automatic }) => automatic !== true), stopped, struck };
}

const saysStop = ({ id }: StagePatient) => ['p-2', 'p-3', 'p-6', 'p-7'].includes(id);
const over = ['sent', 'delivered', 'cancelled', 'missed', 'failed', 'unproven'];
const forPerson = ['missed', 'failed', 'unproven'];
/** Words to staff about a task: the task is open itself, and tells the next person. */
const toStaff = ['page', 'overdue-tasks'];
/** The row that a message of the log belongs to. */
const rowOf = ({ channel, providerMessageId }: Accepted, { rows }: Outcome) =>
  rows.find((row) => (channel === 'sms' ? row.providerMessageId === providerMessageId : providerMessageId.startsWith(`<${row.id}@`)));

function proves(channel: StageChannel, { name, mode, channels }: Fault, outcome: () => Outcome): void {
  const own = () => outcome().sent.filter((message) => message.channel === channel);
  const patients = () => outcome().stage.patients.filter((patient) => patient.channel === channel);

  test(`${channel}: none lost, none doubled (invariant 5)`, () => {
    const { rows } = outcome();
    const claimed = own().map((message) => rowOf(message, outcome())?.id);
    expect(claimed).not.toContain(undefined);
    expect(new Set(claimed).size).toBe(claimed.length);
    const called = rows.filter((row) => row.channel === channel && ['sent', 'delivered'].includes(row.status)).map(({ id }) => id);
    expect(claimed).toEqual(expect.arrayContaining(called));
    for (const { id, isTreated, address } of patients().filter((patient) => !saysStop(patient))) {
      const heard = rows.filter((row) => row.patientId === id && over.includes(row.status)).map(({ touchpoint }) => touchpoint);
      expect(heard).toEqual(expect.arrayContaining(isTreated ? ['aftercare', 'check-in', 'check-in'] : ['preparation', 'reminder', 'arrival']));
      expect(own().filter(({ to }) => to === address).length).toBeGreaterThan(1);
    }
  });

  test(`${channel}: every row has ended or waits for its day, and a person has a task for what did not get through (invariant 5)`, () => {
    const { rows, stage } = outcome();
    const now = stage.clock.now();
    const open = rows.filter((row) => row.channel === channel && !over.includes(row.status));
    expect(open.filter(({ status, nextAttemptAt }) => status !== 'planned' || nextAttemptAt === null || nextAttemptAt <= now)).toEqual([]);
    const unseen = rows.filter((row) => forPerson.includes(row.status) && !row.hasTask && !toStaff.includes(row.touchpoint));
    expect(unseen).toEqual([]);
  });

  test(`${channel}: none at night, here or there (invariant 6)`, () => {
    // Staff are paged at any hour.
    const zoneOf = new Map(patients().map(({ address, zone }) => [address, zone]));
    const toPatients = own().filter(({ to }) => zoneOf.has(to));
    expect(toPatients.length).toBeGreaterThan(8);
    for (const { to, acceptedAt, validUntil } of toPatients) {
      const zone = zoneOf.get(to) ?? '';
      const lastMoment = new Date(Date.parse(validUntil ?? acceptedAt) - (validUntil === undefined ? 0 : 1_000));
      for (const at of [new Date(acceptedAt), lastMoment])
        for (const where of [zone, 'America/New_York']) expect([to, at, isPermitted(at, where)]).toEqual([to, at, true]);
    }
  });

  test(`${channel}: none after a STOP, and who was treated is called (invariant 7)`, () => {
    const { stopped, rows } = outcome();
    const left = patients().filter(saysStop);
    expect(left.map(({ address }) => own().filter(({ to, n }) => to === address && n > (stopped.get(address) ?? 0)))).toEqual([[], []]);
    const treated = left.find(({ isTreated }) => isTreated)?.id;
    // Who is written to before the STOP was read is refused by the carrier: then, too, a person calls.
    const unsent = rows.filter((row) => row.patientId === treated && row.touchpoint === 'check-in' && forPerson.includes(row.status));
    expect(unsent.map(({ hasTask }) => hasTask)).toContain(true);
  });

  if (mode !== undefined && (channels ?? [channel]).includes(channel))
    test(`${channel}: ${name}, four times`, () => expect(outcome().stage.sandbox.faults.list()).toEqual([]));
}

beforeAll(async () => {
  if (redisMissing === null) redis = await startRedis();
});
afterAll(async () => {
  await endProducts();
  await redis?.stop();
  await server?.stop();
  removeFolders();
});

/** A server that only these cells use. What it has acknowledged must survive a crash, so commits wait for the log here. */
async function ownDatabase(): Promise<{ url: string; close: () => Promise<void> }> {
  if (server === undefined) {
    const options = { dataDir: newFolder(), port: await freePort(), settings: ['fsync=off', 'max_connections=250'] };
    let running = await startEmbeddedPostgres(options);
    const restart = async () => {
      await running.stop();
      running = await startEmbeddedPostgres(options);
    };
    server = { url: running.url, restart, stop: () => running.stop() };
  }
  const name = `cell_${performance.now().toFixed(0)}`;
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  await admin.query(`create database ${name}`).finally(() => admin.end());
  return { url: server.url.replace(/\/[^/]+$/, `/${name}`), close: async () => undefined };
}

/** On Redis where Redis is what breaks; else on Postgres with one worker, on Redis with three. */
function queueOf({ needs }: Fault, workers: number): 'Redis' | 'Postgres' {
  return redisMissing === null && (needs === 'redis' || workers === 3) ? 'Redis' : 'Postgres';
}

for (const [fault, workers] of faults.flatMap((fault) => [1, 3].map((workers) => [fault, workers] as const))) {
  const queue = queueOf(fault, workers);
  const isLeftOut = fault.needs === 'redis' && queue !== 'Redis';
  const title = `${fault.name}, ${workers === 1 ? '1 worker' : `${workers} workers`}, queue in ${queue}`;
  (isLeftOut ? describe.skip : describe)(`${title}${isLeftOut ? ` (left out: ${redisMissing})` : ''}`, () => {
    let [outcome, stage, database]: [Outcome?, FaultStage?, { readonly url: string; close(): Promise<void> }?] = [];

    beforeAll(async () => {
      database = fault.needs === 'own postgres' ? await ownDatabase() : await createTestDatabase();
      if (queue === 'Redis') await emptyRedis();
      const friday = fault.friday ?? (workers === 1 ? springFriday : autumnFriday);
      stage = await FaultStage.open({ databaseUrl: database.url, redisUrl: queue === 'Redis' ? redis.url : undefined, workers, friday });
      outcome = await weekend(stage, fault);
    });
    afterAll(async () => {
      await stage?.close();
      await database?.close();
    });

    for (const channel of ['sms', 'email'] as const) proves(channel, fault, () => outcome as Outcome);
    if (fault.strike !== undefined) test(`it struck ${fault.times} times while messages were on their way`, () => expect(outcome?.struck).toBe(fault.times));
  });
}
