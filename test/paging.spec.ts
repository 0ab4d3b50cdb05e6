import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { acknowledgeTask, listTasks, receiveMessage } from '#conversation';
import { listOutreach } from '#follow-up';
import type { SendAnswer } from '#messaging';
import { inTransaction, projectRoot, SimulatedClock } from '#platform';
import { type Afterglow, openAfterglow } from '../apps/worker/afterglow.js';
import { setUpClinic } from '../apps/worker/set-up.js';
import { Worker } from '../apps/worker/worker.js';
import { readConfig } from '../libs/platform/config.js';
import { openLog } from '../libs/platform/logging.js';
import type { JobQueue } from '../libs/platform/queue.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { FakeChannel } from './support/outreach.js';

/*
 * Invariant 8 on the worst day: someone texts for help and the carrier takes no page. The real worker, ledger, queue and
 * ladder; only the two ways out are played.
 */
const start = new Date('2026-11-24T03:10:00Z');
const refusals: Readonly<Record<string, SendAnswer>> = {
  throttled: { kind: 'refused', code: '20429', reason: 'throttled', retry: 'later', why: 'too many' },
  'a number that is none': { kind: 'refused', code: '21211', reason: 'bad-address', retry: 'never', why: 'no such number' },
  'a time-out': { kind: 'in-doubt', why: 'no answer' },
};

let database: TestDatabase;
let opened: Afterglow;
let worker: Worker;
let clock: SimulatedClock;
let [sms, email]: FakeChannel[] = [];

beforeEach(async () => {
  database = await createTestDatabase();
  clock = new SimulatedClock(start);
  const config = readConfig({ DATABASE_URL: database.url, MASTER_KEY: Buffer.alloc(32, 9).toString('base64') });
  opened = await openAfterglow({ config: { ...config, AFTERGLOW_CLOCK: 'simulated' }, clock, log: openLog('silent') });
  await setUpClinic(opened, JSON.parse(readFileSync(join(projectRoot, 'libs/clinic/data/sample-clinic.json'), 'utf8')));
  [sms, email] = [new FakeChannel('sms'), new FakeChannel('email')];
  worker = new Worker({ ...opened, channels: { sms, email } });
  await worker.start();
});
afterEach(async () => {
  await worker.stop();
  await opened.close();
  await database.close();
});

async function cryForHelp(): Promise<void> {
  const message = {
    channel: 'sms' as const,
    from: '+12125550177',
    body: 'I can not breathe',
    media: [],
    providerMessageId: 'SM-help',
    receivedAt: clock.now(),
  };
  await inTransaction(opened.db, (trx) => receiveMessage(trx, opened, message, async () => []));
  await worker.settle();
}

const staff = JSON.parse(readFileSync(join(projectRoot, 'libs/clinic/data/sample-clinic.json'), 'utf8')) as { staff: { phone?: string; email?: string }[] };
const pagesBy = (channel: FakeChannel | undefined) =>
  (channel?.accepted ?? []).filter(({ to }) => staff.staff.some(({ phone, email: address }) => to === phone || to === address));

describe.each(Object.keys(refusals))('when every text to staff ends with %s', (name) => {
  beforeEach(() => void sms?.plan.push(...Array.from({ length: 60 }, () => ({ answer: refusals[name] as SendAnswer, accepts: false }))));

  test('the page goes by e-mail within the minute, and the next rung is asked at once', async () => {
    await cryForHelp();
    expect(clock.now()).toEqual(start);
    expect(pagesBy(email).length).toBeGreaterThanOrEqual(2);
    expect(new Set(pagesBy(email).map(({ to }) => to)).size).toBeGreaterThanOrEqual(2);
    expect(new Set(pagesBy(email).map(({ id }) => id)).size).toBe(pagesBy(email).length);
  });

  test('no page opens a task of its own, however long the ladder repeats', async () => {
    await cryForHelp();
    for (let minute = 0; minute < 50; minute += 10) {
      clock.moveTo(new Date(clock.now().getTime() + 600_000));
      await worker.settle();
    }
    const pages = await listOutreach(opened.db, { limit: 200, cursor: undefined });
    expect(pages.items.filter(({ channel, category, status }) => channel === 'sms' && category === 'page' && status !== 'sent').length).toBeGreaterThan(4);
    const { items: tasks } = await listTasks(opened.db, { limit: 100, cursor: null });
    expect(tasks.filter(({ kind }) => kind === 'escalation')).toHaveLength(1);
    // What failed besides is the instruction to the patient, and, where their numbers are wrong, those of two people.
    const wrong = name === 'a number that is none' ? ['dr-okafor cannot be paged by text message', 'np-reyes cannot be paged by text message'] : [];
    const others = tasks.filter(({ kind, why }) => kind !== 'escalation' && !why.startsWith('emergency.911')).map(({ why }) => why.replace(/:.*/, ''));
    expect(others.sort()).toEqual(wrong);
  }, 100_000);

  test('nobody is paged once someone has the task', async () => {
    await cryForHelp();
    const [task] = (await listTasks(opened.db, { status: 'open', limit: 10, cursor: null })).items.filter(({ kind }) => kind === 'escalation');
    await inTransaction(opened.db, (trx) => acknowledgeTask(trx, opened, { taskId: task?.id ?? '', by: 'dr-okafor' }));
    const before = pagesBy(email).length;
    for (let hour = 0; hour < 6; hour += 1) {
      clock.moveTo(new Date(clock.now().getTime() + 3_600_000));
      await worker.settle();
    }
    expect(pagesBy(email)).toHaveLength(before);
    expect(pagesBy(sms)).toHaveLength(0);
  });
});

test('a queue that takes calls and never rings delays a page by less than a minute', async () => {
  await worker.stop();
  const deaf = Object.create(opened.outreachQueue) as JobQueue;
  Object.assign(deaf, { add: async () => true, work: async () => undefined, depth: async () => ({ due: 0, delayed: 0, failed: 0 }) });
  worker = new Worker({ ...opened, channels: { sms: sms as FakeChannel, email: email as FakeChannel }, outreachQueue: deaf });
  const help = { channel: 'sms' as const, from: '+12125550177', body: 'I can not breathe', media: [], providerMessageId: 'SM-help', receivedAt: clock.now() };
  await inTransaction(opened.db, (trx) => receiveMessage(trx, opened, help, async () => []));
  // The first round finds the pages due now, and leaves them to the queue.
  await worker.escalate();
  while ((await worker.sweep()) === 0) await worker.settle();
  expect(pagesBy(sms)).toHaveLength(0);
  clock.moveTo(new Date(start.getTime() + 31_000));
  await worker.sweep();
  expect(pagesBy(sms).length).toBeGreaterThan(0);
});

test('a reminder that no e-mail carries goes as a text, once', async () => {
  const refused: SendAnswer = { kind: 'refused', code: '550', reason: 'bad-address', retry: 'never', why: 'no such mailbox' };
  email?.plan.push(...Array.from({ length: 9 }, () => ({ answer: refused, accepts: false })));
  const rash = { channel: 'sms' as const, from: '+12125550177', body: 'I have a rash', media: [], providerMessageId: 'SM-rash', receivedAt: clock.now() };
  await inTransaction(opened.db, (trx) => receiveMessage(trx, opened, rash, async () => []));
  await worker.settle();
  for (const at of ['2026-11-24T18:00:00Z', '2026-11-24T19:00:00Z']) {
    clock.moveTo(new Date(at));
    await worker.settle();
  }
  expect(
    pagesBy(sms)
      .map(({ to, body }) => `${to} ${body.replace(/ Open.*/, '')}`)
      .sort(),
  ).toEqual(['01', '02', '03'].map((last) => `+183855501${last} Afterglow Skin Studio: tasks of yours are overdue.`));
}, 60_000);

test('three workers tell each provider once, by e-mail, that a reply of last night is still unanswered', async () => {
  const channels = { sms: sms as FakeChannel, email: email as FakeChannel };
  const others = [new Worker({ ...opened, channels }), new Worker({ ...opened, channels })];
  const rash = { channel: 'sms' as const, from: '+12125550177', body: 'I have a rash', media: [], providerMessageId: 'SM-rash', receivedAt: clock.now() };
  await inTransaction(opened.db, (trx) => receiveMessage(trx, opened, rash, async () => []));
  await worker.settle();
  // Four hours of opening after a night: one in the afternoon.
  clock.moveTo(new Date('2026-11-24T17:59:00Z'));
  await Promise.all([worker, ...others].map((one) => one.settle()));
  expect(pagesBy(email)).toEqual([]);
  clock.moveTo(new Date('2026-11-24T18:00:00Z'));
  await Promise.all([worker, ...others].map((one) => one.settle()));
  expect(
    pagesBy(email)
      .map(({ to, email: letter }) => `${to} ${letter?.subject}`)
      .sort(),
  ).toEqual(['lindqvist', 'okafor', 'reyes'].map((name) => `${name}@clinic.example Afterglow Skin Studio: Tasks of yours are overdue`));
  expect(pagesBy(sms)).toEqual([]);
}, 60_000);
