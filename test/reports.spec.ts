import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compareWithLog } from '#event-store';
import { effectsAfter, listOutreach, outreachLedger, type OutreachView, recordStatus, sendDue, Sender, sweep } from '#follow-up';
import { carrierError, type SendAnswer, type StatusReport } from '#messaging';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { OutreachDesk } from './support/outreach.js';

let database: TestDatabase;
let clinic = 0;
let at: OutreachDesk;
beforeAll(async () => void (database = await createTestDatabase()));
afterAll(async () => database.close());
const desk = () => new OutreachDesk(database.open(`reports-${(clinic += 1)}`, 22), '2026-12-01T15:00:00Z');
beforeEach(() => void (at = desk()));

const start = '2026-12-15T15:00:00.000Z';
const inDoubt: SendAnswer = { kind: 'in-doubt', why: 'reset' };

function report(providerMessageId: string, stage: StatusReport['stage'], attemptId: string | null = null, code = 30003): StatusReport {
  const error = stage === 'not-delivered' ? carrierError(code) : null;
  return { providerMessageId, attemptId, stage, error, key: `${providerMessageId}/${stage}/${error?.code ?? ''}` };
}

const all = async (desk = at): Promise<readonly OutreachView[]> => (await listOutreach(desk.db, { limit: 200 })).items;
const row = async (id: string, desk = at) => (await all(desk)).find((one) => one.id === id);
const effects = async (desk = at) => (await desk.store.readPatient(desk.db, desk.patientId)).flatMap(effectsAfter);
const kept = async () => (await at.db.selectFrom('carrier_report').select('key').execute()).map(({ key }) => key);
const attempts = (id: string) =>
  at.db.selectFrom('outreach_attempt').select(['attempt_id', 'outcome', 'provider_message_id']).where('outreach_id', '=', id).orderBy('at').execute();
const copies = (id: string, desk = at) => [...desk.sms.accepted, ...desk.email.accepted].filter((message) => message.id === id).length;

/** The reminder of the day before as a text, due now and not gone. */
async function dueReminder(channels: readonly ('sms' | 'email')[] = ['sms'], desk = at): Promise<string> {
  await desk.register(channels);
  await desk.book(start);
  const reminder = (await all(desk)).find(({ touchpoint, channel }) => touchpoint === 'reminder' && channel === 'sms');
  if (reminder === undefined) throw new Error('no reminder goes as a text');
  await desk.play('2026-12-14T15:00:00Z', 480);
  desk.clock.moveTo(new Date(reminder.dueAt));
  return reminder.id;
}

const pass = (minutes: number, desk = at) => desk.clock.moveTo(new Date(desk.clock.now().getTime() + minutes * 60_000));

describe('a report that names an attempt which another has followed (invariant 5)', () => {
  /** The first attempt arrived, and the carrier's list did not show it when it was asked. */
  async function attemptedTwice(second?: SendAnswer): Promise<{ id: string; first: string }> {
    const id = await dueReminder();
    at.sms.plan.push({ answer: inDoubt, accepts: true });
    if (second !== undefined) at.sms.plan.push({ answer: second, accepts: false });
    await sendDue(at.context, id);
    const first = at.sms.attempts.at(-1) ?? '';
    at.sms.proof = () => ({ kind: 'not-found' });
    pass(3);
    for (let call = 0; call < 3; call += 1) await sendDue(at.context, id);
    return { id, first };
  }

  test('keeps the next attempt from leaving', async () => {
    const { id, first } = await attemptedTwice({ kind: 'refused', code: '20429', reason: 'throttled', retry: 'later', why: 'too many' });
    expect(await row(id)).toMatchObject({ status: 'planned', attempts: 2 });
    expect(await recordStatus(at.context, report('SM-1', 'sent', first))).toBe(true);
    pass(90);
    await at.settle();
    expect(await row(id)).toMatchObject({ status: 'sent', providerMessageId: 'SM-1', attempts: 2 });
    expect(copies(id)).toBe(1);
    expect((await attempts(id)).map(({ outcome }) => outcome)).toEqual(['sent', 'refused']);
  });

  test('shows a copy that the list had hidden, and tells a person', async () => {
    const { id, first } = await attemptedTwice();
    expect(await row(id)).toMatchObject({ status: 'sent', attempts: 2 });
    for (const stage of ['sent', 'delivered', 'delivered'] as const) await recordStatus(at.context, report('SM-1', stage, first));
    expect(await row(id)).toMatchObject({ status: 'delivered' });
    expect(await attempts(id)).toEqual([
      expect.objectContaining({ attempt_id: first, outcome: 'copy', provider_message_id: 'SM-1' }),
      expect.objectContaining({ outcome: 'sent' }),
    ]);
    expect((await effects()).filter((effect) => effect.effect === 'open-task' && effect.why.includes('twice'))).toHaveLength(1);
    // Also when a report names nothing but the carrier's id of the copy.
    expect(await recordStatus(at.context, report('SM-1', 'sent'))).toBe(true);
    expect(await compareWithLog({ db: at.db, store: at.store, projection: outreachLedger })).toEqual([]);
  });

  test('an answer that comes after the row went on is recorded all the same', async () => {
    const id = await dueReminder();
    let answerNow: () => void = () => undefined;
    const late = new Promise<void>((resolve) => (answerNow = resolve));
    const send = at.sms.send.bind(at.sms);
    at.sms.send = async (message, attemptId) => {
      const answer = await send(message, attemptId);
      await late;
      return answer;
    };
    const slow = sendDue(at.context, id);
    while (copies(id) === 0) await new Promise((resolve) => setImmediate(resolve));
    at.sms.proof = () => ({ kind: 'unprovable', why: 'no list today' });
    pass(3);
    await at.settle();
    expect(await row(id)).toMatchObject({ status: 'unproven', providerMessageId: null });
    answerNow();
    expect(await slow).toBe('sent');
    expect(await row(id)).toMatchObject({ status: 'sent', providerMessageId: `sms-${at.sms.attempts.at(-1)}` });
    expect(await effects()).toContainEqual(expect.objectContaining({ effect: 'complete-task' }));
  });
});

describe('a report that no row knows yet', () => {
  test('waits for our own commit, and is then taken', async () => {
    const id = await dueReminder();
    const send = at.sms.send.bind(at.sms);
    at.sms.send = async (message, attemptId) => {
      const answer = await send(message, attemptId);
      expect(await recordStatus(at.context, report(`sms-${attemptId}`, 'delivered'))).toBe(false);
      expect(await kept()).toHaveLength(1);
      return answer;
    };
    await sendDue(at.context, id);
    expect(await row(id)).toMatchObject({ status: 'delivered' });
    expect(await kept()).toEqual([]);
  });

  test('is found whichever of the two commits first', async () => {
    await at.register(['email']);
    await at.book(start, '2027-01-12T15:00:00.000Z', '2027-02-09T15:00:00.000Z');
    const send = at.email.send.bind(at.email);
    const reports: Promise<boolean>[] = [];
    at.email.send = async (message, attemptId) => {
      const answer = await send(message, attemptId);
      reports.push(recordStatus(at.context, report(`email-${attemptId}`, 'delivered')));
      return answer;
    };
    await at.play('2027-02-09T14:00:00Z', 600);
    await Promise.all(reports);
    expect(reports.length).toBeGreaterThan(8);
    expect((await all()).filter(({ status }) => status === 'sent')).toEqual([]);
    expect(await kept()).toEqual([]);
  });

  test('is taken when another report tells whose message it is', async () => {
    const id = await dueReminder();
    at.sms.plan.push({ answer: inDoubt, accepts: true });
    await sendDue(at.context, id);
    expect(await recordStatus(at.context, report('SM-1', 'delivered'))).toBe(false);
    expect(await recordStatus(at.context, report('SM-1', 'on-its-way', at.sms.attempts.at(-1)))).toBe(true);
    expect(await row(id)).toMatchObject({ status: 'delivered', providerMessageId: 'SM-1' });
    expect(await kept()).toEqual([]);
  });

  test('is kept once, with nothing that says whose it is', async () => {
    for (let time = 0; time < 2; time += 1) await recordStatus(at.context, report('SM-stranger', 'not-delivered', 'no attempt of ours'));
    expect(await at.db.selectFrom('carrier_report').selectAll().execute()).toEqual([
      {
        clinic_id: expect.any(String),
        key: 'SM-stranger/not-delivered/30003',
        provider_message_id: 'SM-stranger',
        attempt_id: null,
        stage: 'not-delivered',
        error: { code: '30003', reason: 'unreachable', retry: 'once' },
        received_at: at.clock.now(),
      },
    ]);
  });
});

test('a storm of reports, many in one transaction: each is taken once, what belongs to nobody is kept', async () => {
  await at.register(['email']);
  await at.book(start, '2027-01-12T15:00:00.000Z', '2027-02-09T15:00:00.000Z');
  await at.play('2027-02-09T14:00:00Z', 600);
  const sent = (await all()).flatMap(({ status, providerMessageId }) => (status === 'sent' && providerMessageId !== null ? [providerMessageId] : []));
  const sender = new Sender(async () => at.context);
  const storm = ['delivered', 'sent', 'delivered', 'on-its-way'] as const;
  const known = await Promise.all(storm.flatMap((stage) => [...sent, 'SM-nobody', 'SM-no-other'].map((sid) => sender.report(report(sid, stage)))));
  expect(known.filter((one) => one)).toHaveLength(sent.length * storm.length);
  expect((await all()).filter(({ status }) => status === 'delivered')).toHaveLength(sent.length);
  const delivered = (await at.store.readPatient(at.db, at.patientId)).filter(({ type }) => type === 'outreach.delivered.v1');
  expect(delivered).toHaveLength(sent.length);
  expect(sent.length).toBeGreaterThan(8);
  expect(await kept()).toHaveLength(6);
});

describe('proof that comes late', () => {
  async function unprovenEmail(): Promise<string> {
    await at.register(['email']);
    at.email.plan.push({ answer: inDoubt, accepts: true });
    await at.book(start);
    const [due] = await sweep(at.db, at.clock.now(), 1);
    await sendDue(at.context, due?.id ?? '');
    pass(3);
    await at.settle();
    expect(await row(due?.id ?? '')).toMatchObject({ status: 'unproven' });
    return due?.id ?? '';
  }

  test('shows a row that was given up as sent, and closes its task; a day later it may turn out delivered', async () => {
    const id = await unprovenEmail();
    const task = (await effects()).find((effect) => effect.effect === 'open-task' && effect.outreachId === id);
    pass(26 * 60);
    expect(await recordStatus(at.context, report(`<${id}@clinic.example>`, 'sent'))).toBe(true);
    const shown = { status: 'sent', providerMessageId: `<${id}@clinic.example>`, why: expect.stringContaining('had ended as unproven') };
    expect(await row(id)).toMatchObject(shown);
    expect(await effects()).toContainEqual({ effect: 'complete-task', taskId: task?.effect === 'open-task' ? task.taskId : '' });
    pass(24 * 60);
    await recordStatus(at.context, report(`<${id}@clinic.example>`, 'delivered'));
    expect(await row(id)).toMatchObject({ status: 'delivered' });
    expect(copies(id)).toBe(1);
  });

  test('that it was never delivered opens a task of its own', async () => {
    const id = await unprovenEmail();
    await recordStatus(at.context, report(`<${id}@clinic.example>`, 'not-delivered'));
    expect(await row(id)).toMatchObject({ status: 'failed' });
    const own = (await effects()).flatMap((effect) => (effect.effect === 'open-task' && effect.outreachId === id ? [effect.taskId] : []));
    expect(new Set(own).size).toBe(2);
    expect(await effects()).toContainEqual({ effect: 'complete-task', taskId: own[0] });
  });
});

describe('what the carrier took and could not deliver (invariant 5)', () => {
  test.each([30003, 30008, 30036])('%i: never by the same way again; the other takes over, and someone looks at the number', async (code) => {
    const id = await dueReminder(['sms', 'email']);
    await at.settle();
    const sid = (await row(id))?.providerMessageId ?? '';
    await recordStatus(at.context, report(sid, 'not-delivered', null, code));
    await at.replan();
    await at.play('2026-12-15T14:00:00Z', 60);
    expect(await row(id)).toMatchObject({ status: 'failed', attempts: 1 });
    expect(copies(id)).toBe(1);
    const other = (await all()).find(({ key }) => key.includes(id));
    expect(other).toMatchObject({ channel: 'email', status: 'sent', touchpoint: 'reminder' });
    expect(await effects()).toContainEqual(
      expect.objectContaining({ effect: 'open-task', kind: 'review', outreachId: id, why: expect.stringContaining('e-mail') }),
    );
    // And never back: the text has been at the carrier.
    const texts = at.sms.accepted.length;
    await recordStatus(at.context, report(other?.providerMessageId ?? '', 'not-delivered', null, 30008));
    await at.settle();
    expect(at.sms.accepted).toHaveLength(texts);
    expect(await effects()).toContainEqual(expect.objectContaining({ effect: 'open-task', kind: 'call', outreachId: other?.id }));
  });

  test('without another way it is a call', async () => {
    const id = await dueReminder(['sms']);
    await at.settle();
    await recordStatus(at.context, report((await row(id))?.providerMessageId ?? '', 'not-delivered'));
    await at.play('2026-12-15T14:00:00Z', 60);
    expect(copies(id)).toBe(1);
    expect(await effects()).toContainEqual(expect.objectContaining({ effect: 'open-task', kind: 'call', outreachId: id }));
  });

  test('and which then arrived needs no other way: what has not left stays, the task is closed', async () => {
    const id = await dueReminder(['sms', 'email']);
    await at.settle();
    const sid = (await row(id))?.providerMessageId ?? '';
    const letters = at.email.accepted.length;
    await recordStatus(at.context, report(sid, 'not-delivered'));
    await recordStatus(at.context, report(sid, 'delivered'));
    await at.settle();
    expect(await row(id)).toMatchObject({ status: 'delivered' });
    expect((await all()).find(({ key }) => key.includes(id))).toMatchObject({ status: 'cancelled' });
    expect(at.email.accepted).toHaveLength(letters);
    expect((await effects()).some(({ effect }) => effect === 'complete-task')).toBe(true);
  });
});

test('reports lost, doubled, shuffled, a day late, by one process or several: one message, one end (invariants 5, C)', async () => {
  const answers = fc.constantFrom<{ answer: SendAnswer | Error | null; accepts: boolean }>(
    { answer: null, accepts: true },
    { answer: inDoubt, accepts: true },
    { answer: new Error('the worker broke'), accepts: true },
  );
  const stage = fc.constantFrom<StatusReport['stage']>('on-its-way', 'sent', 'delivered', 'not-delivered');
  const arrival = fc.record({ stage, names: fc.boolean(), wait: fc.constantFrom(0, 0, 1, 5, 26 * 60), twice: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(answers, fc.array(arrival, { maxLength: 6 }), async ({ answer, accepts }, arrivals) => {
      const own = desk();
      const id = await dueReminder(['sms'], own);
      if (answer !== null) own.sms.plan.push({ answer, accepts });
      await sendDue(own.context, id);
      const attemptId = own.sms.attempts.at(-1) ?? '';
      const sid = answer === null ? `sms-${attemptId}` : `found-${id}`;
      for (const { stage: seen, names, wait, twice } of arrivals) {
        pass(wait, own);
        const one = report(sid, seen, names ? attemptId : null);
        await Promise.all([recordStatus(own.context, one), ...(twice ? [recordStatus(own.context, one)] : []), own.settle()]);
      }
      pass(30, own);
      await own.settle();
      const stages = arrivals.map((one) => one.stage);
      const end = stages.includes('delivered') ? 'delivered' : stages.includes('not-delivered') ? 'failed' : 'sent';
      expect(await row(id, own)).toMatchObject({ status: end, providerMessageId: sid, nextAttemptAt: null, attempts: 1 });
      expect(copies(id, own)).toBe(1);
      expect(await compareWithLog({ db: own.db, store: own.store, projection: outreachLedger })).toEqual([]);
    }),
    { numRuns: 12 },
  );
});
