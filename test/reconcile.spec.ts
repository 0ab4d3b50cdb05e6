import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { compareWithLog } from '#event-store';
import { effectsAfter, lastReconciliations, listOutreach, outreachLedger, type OutreachView, reconcile, recordStatus, sendDue } from '#follow-up';
import { type Channel, parseStatus, twilioChannel } from '#messaging';
import { projectRoot, SimulatedClock } from '#platform';
import { listTasks } from '#conversation';
import { measure } from '../apps/api/metrics.js';
import { type Sandbox, startSandbox } from '../apps/sandbox/index.js';
import { openAfterglow } from '../apps/worker/afterglow.js';
import { reconcileDaily } from '../apps/worker/reconcile.js';
import { setUpClinic } from '../apps/worker/set-up.js';
import { readConfig } from '../libs/platform/config.js';
import { openLog } from '../libs/platform/logging.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { OutreachDesk } from './support/outreach.js';

/* The real SDK against the sandbox, whose callbacks reach nobody: all that is heard of a message is what the list says. */
const account = { accountSid: `AC${'1'.repeat(32)}`, authToken: 'sandbox-token' };
const from = '+12125550100';
const start = '2026-12-15T15:00:00.000Z';

let database: TestDatabase;
let clinic = 0;
let at: OutreachDesk;
let sandbox: Sandbox;
let sms: Channel;
beforeAll(async () => void (database = await createTestDatabase()));
afterAll(async () => database.close());
beforeEach(async () => {
  at = new OutreachDesk(database.open(`reconcile-${(clinic += 1)}`), '2026-12-01T15:00:00Z');
  sandbox = await startSandbox({ webhookBaseUrl: 'http://127.0.0.1:9', ...account, clock: { now: () => at.clock.now() } });
  sms = twilioChannel({ ...account, from, apiBaseUrl: sandbox.url, statusCallbackUrl: 'http://127.0.0.1:9/webhooks/twilio/status', clock: at.clock });
  Object.assign(at.context.channels, { sms });
});
afterEach(() => sandbox.stop());

const all = async (): Promise<readonly OutreachView[]> => (await listOutreach(at.db, { limit: 200 })).items;
const row = async (id: string) => (await all()).find((one) => one.id === id);
const effects = async () => (await at.store.readPatient(at.db, at.patientId)).flatMap(effectsAfter);
const compare = async () => {
  const found = await reconcile(at.context, 'sms');
  if (found === null) throw new Error('there is a list');
  return found;
};
const nothing = { settled: 0, proven: 0, strangers: 0, unlisted: 0, silent: 0, unclaimed: 0 };
const pass = (hours: number) => at.clock.moveTo(new Date(at.clock.now().getTime() + hours * 3_600_000));

async function dueReminder(channels: readonly ('sms' | 'email')[] = ['sms']): Promise<string> {
  await at.register(channels);
  await at.book(start);
  const reminder = (await all()).find(({ touchpoint, channel }) => touchpoint === 'reminder' && channel === 'sms');
  if (reminder === undefined) throw new Error('no reminder goes as a text');
  await at.play('2026-12-14T15:00:00Z', 480);
  at.clock.moveTo(new Date(reminder.dueAt));
  return reminder.id;
}

describe('the daily comparison with the carrier', () => {
  test('brings every final status that no callback brought, once', async () => {
    const id = await dueReminder();
    await sendDue(at.context, id);
    expect(await row(id)).toMatchObject({ status: 'sent' });
    pass(20);
    const { summary, tasks } = await compare();
    expect(summary).toEqual({ ...nothing, channel: 'sms', at: at.clock.now().toISOString(), since: expect.any(String), listed: 1, settled: 1 });
    expect(tasks).toEqual([]);
    expect(await row(id)).toMatchObject({ status: 'delivered' });
    // A callback that comes a day later says nothing new, and a second comparison finds nothing.
    await recordStatus(at.context, parseStatus({ MessageSid: (await row(id))?.providerMessageId, MessageStatus: 'delivered' }, null));
    expect((await compare()).summary).toMatchObject({ ...nothing, listed: 1 });
    expect(await compareWithLog({ db: at.db, store: at.store, projection: outreachLedger })).toEqual([]);
  });

  test('learns a day late that a text was not delivered: someone calls, and no second one leaves (invariant 5)', async () => {
    const id = await dueReminder();
    sandbox.faults.add({ channel: 'sms', mode: 'undelivered', count: 1, code: 30003 });
    await sendDue(at.context, id);
    const before = sandbox.messages().length;
    pass(25);
    await compare();
    await at.settle();
    expect(await row(id)).toMatchObject({ status: 'failed', why: expect.stringContaining('30003') });
    expect(await effects()).toContainEqual(expect.objectContaining({ effect: 'open-task', kind: 'call', outreachId: id }));
    expect(sandbox.messages()).toHaveLength(before);
  });

  test('proves a row that was given up, and closes its task (invariant 5)', async () => {
    const id = await dueReminder();
    sandbox.faults.add({ channel: 'sms', mode: 'accept-then-drop', count: 1 });
    const evidence = sms.evidence;
    Object.assign(sms, { evidence: async () => ({ kind: 'unprovable', why: 'no list today' }) });
    await sendDue(at.context, id);
    pass(0.1);
    await at.settle();
    expect(await row(id)).toMatchObject({ status: 'unproven', providerMessageId: null });
    Object.assign(sms, { evidence });
    pass(20);
    const { summary, tasks } = await compare();
    expect(summary).toMatchObject({ ...nothing, listed: 1, proven: 1, settled: 1 });
    expect(tasks).toEqual([]);
    expect(await row(id)).toMatchObject({ status: 'delivered', providerMessageId: sandbox.messages().at(-1)?.providerMessageId, attempts: 1 });
    expect((await effects()).some(({ effect }) => effect === 'complete-task')).toBe(true);
  });

  test('keeps from leaving again what the list had not shown at first (invariant 5)', async () => {
    const id = await dueReminder();
    sandbox.faults.add({ channel: 'sms', mode: 'accept-then-drop', count: 1 });
    sandbox.faults.add({ channel: 'sms', mode: 'throttle', count: 1 });
    const evidence = sms.evidence;
    Object.assign(sms, { evidence: async () => ({ kind: 'not-found' }) });
    await sendDue(at.context, id);
    pass(0.1);
    for (let call = 0; call < 3; call += 1) await sendDue(at.context, id);
    expect(await row(id)).toMatchObject({ status: 'planned', attempts: 2 });
    Object.assign(sms, { evidence });
    expect((await compare()).summary).toMatchObject({ proven: 1 });
    pass(2);
    await at.settle();
    expect(await row(id)).toMatchObject({ status: 'delivered', attempts: 2 });
    expect(sandbox.messages().filter(({ body }) => body.includes('see you'))).toHaveLength(1);
  });

  test('shows a person what only one side knows, the same each day', async () => {
    const id = await dueReminder();
    // Someone else sends from our number; and the carrier forgets what it took from us.
    const stranger = await sms.send({ id: 'x', to: '+12125550177', body: 'not from the ledger', validUntil: null }, 'not ours');
    const sid = stranger.kind === 'sent' ? stranger.providerMessageId : '';
    Object.assign(at.context.channels, { sms: at.sms });
    await sendDue(at.context, id);
    Object.assign(at.context.channels, { sms });
    expect((await compare()).tasks).toEqual([]);
    pass(1);
    const { summary, tasks } = await compare();
    expect(summary).toMatchObject({ strangers: 1, unlisted: 1 });
    expect(tasks).toEqual([
      expect.objectContaining({ kind: 'review', why: expect.stringContaining(sid) }),
      expect.objectContaining({ kind: 'review', outreachId: id, why: expect.stringContaining('does not have it') }),
    ]);
    // Invariant 11: the task names no number.
    expect(JSON.stringify(tasks)).not.toContain('0177');
    pass(24);
    expect((await compare()).tasks.map(({ taskId }) => taskId)).toEqual(tasks.map(({ taskId }) => taskId));
  });

  test('counts reports that belong to nobody for a day, and what stays without an end', async () => {
    const id = await dueReminder();
    sandbox.faults.add({ channel: 'sms', mode: 'hold', rate: 1 });
    await sendDue(at.context, id);
    await recordStatus(at.context, parseStatus({ MessageSid: 'SM-nobody', MessageStatus: 'delivered' }, null));
    expect((await compare()).summary).toMatchObject({ ...nothing, listed: 1 });
    pass(25);
    // Asking its list makes the carrier look at its queue: the text is past its validity by then.
    expect((await compare()).summary).toMatchObject({ ...nothing, listed: 1, settled: 1, unclaimed: 1 });
    expect(await row(id)).toMatchObject({ status: 'failed', why: expect.stringContaining('expired') });
  });

  test('counts what neither side knows the end of, a day after', async () => {
    const id = await dueReminder();
    await sendDue(at.context, id);
    const listSince = sms.listSince?.bind(sms);
    if (listSince === undefined) throw new Error('there is a list');
    Object.assign(sms, {
      listSince: async function* (since: Date) {
        for await (const page of listSince(since)) yield page.map((one) => ({ ...one, report: { ...one.report, stage: 'sent' } }));
      },
    });
    pass(20);
    expect((await compare()).summary).toMatchObject({ ...nothing, listed: 1 });
    pass(5);
    expect((await compare()).summary).toMatchObject({ ...nothing, listed: 1, silent: 1 });
    expect(await row(id)).toMatchObject({ status: 'sent' });
  });

  test('breaks off when the carrier does not answer: half a list proves nothing', async () => {
    const id = await dueReminder();
    await sendDue(at.context, id);
    await sandbox.stop();
    pass(20);
    await expect(compare()).rejects.toThrow();
    expect(await row(id)).toMatchObject({ status: 'sent' });
    expect(await reconcile(at.context, 'email')).toBeNull();
  });
});

test('once a day, in the product: tasks, a record of it, and metrics that show it', async () => {
  const own = await createTestDatabase();
  const clock = new SimulatedClock(new Date('2026-12-01T15:00:00Z'));
  const config = readConfig({ DATABASE_URL: own.url, MASTER_KEY: Buffer.alloc(32, 9).toString('base64') });
  const afterglow = await openAfterglow({ config: { ...config, AFTERGLOW_CLOCK: 'simulated' }, clock, log: openLog('silent') });
  const product = { ...afterglow, channels: { sms, email: at.email } };
  expect(await reconcileDaily(product)).toBe(0);
  await setUpClinic(product, JSON.parse(readFileSync(join(projectRoot, 'libs/clinic/data/sample-clinic.json'), 'utf8')));
  await sms.send({ id: 'x', to: '+12125550177', body: 'not from the ledger', validUntil: null }, 'not ours');
  const [first, second, third] = ['2026-12-01T20:00:00Z', '2026-12-02T10:00:00Z', '2026-12-02T20:00:00Z'];
  const compared: number[] = [];
  for (const moment of [first, second, third]) {
    clock.moveTo(new Date(moment ?? ''));
    compared.push(await reconcileDaily(product));
  }
  expect(compared).toEqual([1, 0, 1]);
  expect(await lastReconciliations(product.db)).toEqual([expect.objectContaining({ channel: 'sms', at: '2026-12-02T20:00:00.000Z', listed: 1, strangers: 1 })]);
  expect((await listTasks(product.db, { limit: 10, cursor: null })).items).toEqual([expect.objectContaining({ kind: 'review', role: 'front_desk' })]);
  const registry = new Registry();
  measure(registry, product);
  const shown = await registry.metrics();
  expect(shown).toContain('afterglow_reconciliation_messages{channel="sms",found="strangers"} 1');
  expect(shown).toContain(`afterglow_reconciliation_timestamp_seconds{channel="sms"} ${Date.parse(third ?? '') / 1_000}`);
  await afterglow.close();
  await own.close();
});
