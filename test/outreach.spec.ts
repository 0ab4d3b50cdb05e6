import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { compareWithLog } from '#event-store';
import {
  effectsAfter,
  enqueueAnswer,
  enqueuePage,
  enqueueWritten,
  listOutreach,
  outreachLedger,
  type OutreachView,
  recordStatus,
  replanClinic,
  sendDue,
  sweep,
  takeInHand,
} from '#follow-up';
import type { StatusReport } from '#messaging';
import { inTransaction } from '#platform';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { OutreachDesk } from './support/outreach.js';

let database: TestDatabase;
let clinic = 0;
let at: OutreachDesk;
beforeAll(async () => void (database = await createTestDatabase()));
afterAll(async () => database.close());
const desk = (start: string) => new OutreachDesk(database.open(`clinic-${(clinic += 1)}`, 22), start);
beforeEach(() => void (at = desk('2026-12-01T15:00:00Z')));

const all = async (filter: object = {}): Promise<readonly OutreachView[]> => (await listOutreach(at.db, { limit: 200, ...filter })).items;
const of = async (touchpoint: string) => (await all()).filter((row) => row.touchpoint === touchpoint);
const first = async (touchpoint: string) => {
  const [row] = await of(touchpoint);
  if (row === undefined) throw new Error(`no ${touchpoint}`);
  return row;
};
const tasks = async () => (await at.store.readPatient(at.db, at.patientId)).flatMap(effectsAfter);
const start = '2026-12-15T15:00:00.000Z';

/** The text of the day before: due now and not gone. */
async function dueReminder(visit = start): Promise<OutreachView> {
  await at.register();
  await at.book(visit);
  const reminder = (await of('reminder')).find(({ channel }) => channel === 'sms');
  if (reminder === undefined) throw new Error('no reminder goes as a text');
  await at.play('2026-12-14T15:00:00Z', 240);
  at.clock.moveTo(new Date(reminder.dueAt));
  return reminder;
}
const statusOf = async (id: string) => (await all()).find((row) => row.id === id);

describe('planning', () => {
  test('again changes nothing (invariant 5)', async () => {
    await at.register();
    await at.book(start, '2027-01-12T15:00:00.000Z');
    const before = await all();
    expect(before.map(({ touchpoint }) => touchpoint)).toEqual(expect.arrayContaining(['plan-summary', 'preparation', 'instructions', 'reminder']));
    await at.replan();
    await at.replan();
    expect(await all()).toEqual(before);
  });

  test('moves what speaks of a session with the session, under the same rows', async () => {
    await at.register();
    await at.book(start);
    const before = await of('reminder');
    await at.move(1, start, '2026-12-17T15:00:00.000Z');
    const after = await of('reminder');
    expect(after.map(({ id }) => id).sort()).toEqual(before.map(({ id }) => id).sort());
    // Half past ten in New York, and the patient's own delay.
    expect(after.map(({ dueAt }) => dueAt.slice(0, 15))).toEqual(['2026-12-15T15:3', '2026-12-16T15:3']);
  });

  test('tells two sessions of one day in one message, and each alone once they part (invariant 5)', async () => {
    const afternoon = '2026-12-15T19:30:00.000Z';
    await at.register();
    await at.book(start, afternoon);
    const open = async () => (await of('reminder')).filter(({ status }) => status === 'planned');
    const [, reminder, ...others] = await open();
    expect(others).toEqual([]);
    await at.play('2026-12-14T16:00:00Z', 240);
    expect(await statusOf(reminder?.id ?? '')).toMatchObject({ status: 'sent', channel: 'sms' });
    expect(at.sms.accepted.at(-1)?.body).toContain('Tue, Dec 15, 10:00 AM and 2:30 PM');
    await at.replan();
    expect(await open()).toEqual([]);
    await at.move(2, afternoon, '2026-12-22T19:30:00.000Z');
    expect(new Set((await open()).map(({ sessionId }) => sessionId))).toEqual(new Set([at.session(2, start).sessionId]));
  });

  test('reminds again for a new time although the old one was told', async () => {
    const reminder = await dueReminder();
    await at.settle();
    expect((await statusOf(reminder.id))?.status).toBe('sent');
    await at.move(1, start, '2026-12-22T15:00:00.000Z');
    await at.play('2026-12-22T14:00:00Z', 120);
    const told = at.sms.accepted.map(({ body }) => body);
    expect(told.some((body) => body.includes('is now Tue, Dec 22'))).toBe(true);
    expect(told.filter((body) => /see you .*Dec 22/.test(body)).length).toBeGreaterThanOrEqual(1);
    expect(told.filter((body) => /see you .*Dec 15/.test(body))).toHaveLength(1);
  });

  test('calls off what a cancelled session had coming, and says why (invariant 14)', async () => {
    await at.register();
    await at.book(start);
    await at.cancel(1, 'clinic');
    const reminders = await of('reminder');
    expect(reminders.map(({ status, why }) => [status, why])).toEqual([
      ['cancelled', expect.stringContaining('cancelled')],
      ['cancelled', expect.stringContaining('cancelled')],
    ]);
    await at.play('2026-12-01T16:00:00Z');
    expect(at.sms.accepted.map(({ body }) => body)).toEqual([expect.stringContaining('does not take place')]);
  });

  test('asks how it heals on the days of the protocol, inside the permitted hours', async () => {
    await at.register();
    await at.book(start);
    at.clock.moveTo(new Date('2026-12-15T16:30:00Z'));
    await at.complete(1, '2026-12-15T16:30:00.000Z');
    expect((await of('check-in')).map(({ dueAt }) => dueAt)).toEqual(['2026-12-16T15:00:00.000Z', '2026-12-18T15:00:00.000Z', '2026-12-22T15:00:00.000Z']);
  });
});

test('a channel that refuses our account opens a task while the message waits for it', async () => {
  const reminder = await dueReminder();
  at.sms.plan.push({ answer: { kind: 'refused', code: '20003', reason: 'account', retry: 'later', why: 'authenticate' }, accepts: false });
  await sendDue(at.context, reminder.id);
  expect(await statusOf(reminder.id)).toMatchObject({ status: 'planned' });
  expect(await tasks()).toContainEqual(
    expect.objectContaining({ effect: 'open-task', kind: 'review', why: expect.stringContaining('our account is refused') }),
  );
});

describe('one row and many wake-up calls (invariant 5)', () => {
  test('twenty at once send it once', async () => {
    const reminder = await dueReminder();
    const before = at.sms.accepted.length;
    await Promise.all(Array.from({ length: 20 }, () => sendDue(at.context, reminder.id)));
    expect(at.sms.accepted.length - before).toBe(1);
    expect(await statusOf(reminder.id)).toMatchObject({ status: 'sent', attempts: 1 });
  });

  test('a call for an older version does nothing', async () => {
    const reminder = await dueReminder();
    const [due] = (await sweep(at.db, at.clock.now(), 10)).filter(({ id }) => id === reminder.id);
    await sendDue(at.context, reminder.id, (due?.version ?? 1) - 1);
    expect((await statusOf(reminder.id))?.status).toBe('planned');
  });

  test("a worker that dies while sending leaves doubt, and the carrier's list decides: it had arrived", async () => {
    const reminder = await dueReminder();
    at.sms.plan.push({ answer: { kind: 'in-doubt', why: 'reset' }, accepts: true });
    await sendDue(at.context, reminder.id);
    expect((await statusOf(reminder.id))?.status).toBe('in_doubt');
    await at.play(new Date(at.clock.now().getTime() + 180_000).toISOString(), 1);
    expect(await statusOf(reminder.id)).toMatchObject({ status: 'sent', attempts: 1, providerMessageId: `found-${reminder.id}` });
    expect(at.sms.accepted.filter(({ id }) => id === reminder.id)).toHaveLength(1);
  });

  test('it had not arrived: sent again, once, after the grace', async () => {
    const reminder = await dueReminder();
    at.sms.plan.push({ answer: { kind: 'in-doubt', why: 'timeout' }, accepts: false });
    await sendDue(at.context, reminder.id);
    const attempts = at.sms.attempts.length;
    at.clock.moveTo(new Date(at.clock.now().getTime() + 60_000));
    await at.settle();
    expect(at.sms.attempts).toHaveLength(attempts);
    await at.play(new Date(at.clock.now().getTime() + 180_000).toISOString(), 1);
    expect(await statusOf(reminder.id)).toMatchObject({ status: 'sent', attempts: 2 });
    expect(at.sms.accepted.filter(({ id }) => id === reminder.id)).toHaveLength(1);
  });

  test('a lease that runs out is doubt too, never a second attempt by itself', async () => {
    const reminder = await dueReminder();
    // The worker is gone after the message left: its channel never answers.
    const send = at.sms.send.bind(at.sms);
    at.sms.send = async (message, attemptId) => {
      await send(message, attemptId);
      return new Promise<never>(() => undefined);
    };
    void sendDue(at.context, reminder.id);
    while (!at.sms.accepted.some(({ id }) => id === reminder.id)) await new Promise((resolve) => setImmediate(resolve));
    expect((await statusOf(reminder.id))?.status).toBe('attempting');
    at.sms.send = send;
    at.clock.moveTo(new Date(at.clock.now().getTime() + 119_000));
    expect(await sendDue(at.context, reminder.id)).toBe('it is not due yet');
    at.clock.moveTo(new Date(at.clock.now().getTime() + 1_000));
    expect(await sendDue(at.context, reminder.id)).toBe('doubt');
    await at.settle();
    expect(await statusOf(reminder.id)).toMatchObject({ status: 'sent', attempts: 1 });
    expect(at.sms.accepted.filter(({ id }) => id === reminder.id)).toHaveLength(1);
  });

  test('an e-mail in doubt cannot be proved: it ends unproven, with a task', async () => {
    await at.register(['email']);
    at.email.plan.push({ answer: { kind: 'in-doubt', why: 'connection lost' }, accepts: true });
    await at.book(start);
    const [email] = await sweep(at.db, at.clock.now(), 1);
    await sendDue(at.context, email?.id ?? '');
    await at.play(new Date(at.clock.now().getTime() + 180_000).toISOString(), 1);
    expect(await statusOf(email?.id ?? '')).toMatchObject({ status: 'unproven', attempts: 1 });
    expect(await tasks()).toContainEqual(expect.objectContaining({ effect: 'open-task', outreachId: email?.id }));
  });

  test('a definite no for now is tried again as a row; for good it becomes a task', async () => {
    const reminder = await dueReminder();
    at.sms.plan.push({ answer: { kind: 'refused', code: '20429', reason: 'throttled', retry: 'later', why: 'too many' }, accepts: false });
    await sendDue(at.context, reminder.id);
    expect(await statusOf(reminder.id)).toMatchObject({ status: 'planned', attempts: 1, why: 'too many' });
    at.sms.plan.push({ answer: { kind: 'refused', code: '21610', reason: 'opted-out', retry: 'never', why: 'opted out' }, accepts: false });
    await at.play(new Date(at.clock.now().getTime() + 300_000).toISOString(), 1);
    expect(await statusOf(reminder.id)).toMatchObject({ status: 'failed', attempts: 2 });
    expect(await tasks()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ effect: 'open-task', kind: 'call' }),
        expect.objectContaining({ effect: 'withdraw-consent', channel: 'sms' }),
      ]),
    );
  });
});

test('a mailbox that does not exist is closed, a letter that was only blocked closes nothing (invariant 7)', async () => {
  await at.register(['email']);
  await at.book(start);
  for (const reason of ['blocked', 'bad-address'] as const)
    at.email.plan.push({ answer: { kind: 'refused', code: '550', reason, retry: 'never', why: 'no' }, accepts: false });
  const due = (await sweep(at.db, at.clock.now(), 10)).length;
  await at.play('2026-12-14T16:00:00Z', 240);
  expect(due).toBeGreaterThan(0);
  expect((await tasks()).filter(({ effect }) => effect === 'suppress-address')).toEqual([
    expect.objectContaining({ patientId: at.patientId, channel: 'email' }),
  ]);
});

describe('reports of the carrier', () => {
  const report = (providerMessageId: string, stage: StatusReport['stage'], attemptId: string | null = null): StatusReport => ({
    providerMessageId,
    attemptId,
    stage,
    error: null,
    key: `${providerMessageId}/${stage}`,
  });

  test('may come twice and in any order; delivered stays delivered', async () => {
    const reminder = await dueReminder();
    await at.settle();
    const sid = (await statusOf(reminder.id))?.providerMessageId ?? '';
    for (const stage of ['delivered', 'sent', 'on-its-way', 'delivered'] as const) expect(await recordStatus(at.context, report(sid, stage))).toBe(true);
    expect(await statusOf(reminder.id)).toMatchObject({ status: 'delivered' });
    const events = (await at.store.readPatient(at.db, at.patientId)).filter(
      ({ type, data }) => type === 'outreach.delivered.v1' && data['outreachId'] === reminder.id,
    );
    expect(events).toHaveLength(1);
  });

  test('prove an attempt in doubt by the attempt that they name', async () => {
    const reminder = await dueReminder();
    at.sms.plan.push({ answer: { kind: 'in-doubt', why: 'reset' }, accepts: true });
    await sendDue(at.context, reminder.id);
    await recordStatus(at.context, report('SM-1', 'sent', at.sms.attempts.at(-1) ?? null));
    expect(await statusOf(reminder.id)).toMatchObject({ status: 'sent', providerMessageId: 'SM-1' });
    expect(await recordStatus(at.context, report('SM-unknown', 'sent'))).toBe(false);
  });
});

describe('consent (invariant 7)', () => {
  test('withdrawn between plan and sending: it goes by the other channel, or not at all', async () => {
    const reminder = await dueReminder();
    const sent = at.sms.accepted.length;
    await at.consent('sms', false, '+12125550100');
    await at.settle();
    expect(at.sms.accepted).toHaveLength(sent);
    expect(await statusOf(reminder.id)).toMatchObject({ status: 'cancelled' });
    expect(at.email.accepted.some(({ email }) => email?.subject.includes('confirm'))).toBe(true);
  });

  test('withdrawn after the last plan is seen by the claim itself', async () => {
    await at.register(['sms']);
    await at.book(start);
    at.clock.moveTo(new Date('2026-12-15T16:30:00Z'));
    await at.complete(1, '2026-12-15T16:30:00.000Z');
    at.clock.moveTo(new Date('2026-12-16T15:00:00Z'));
    const sent = at.sms.accepted.length;
    at.replan = async () => undefined;
    await at.consent('sms', false, '+12125550100');
    await at.settle();
    expect(at.sms.accepted).toHaveLength(sent);
    const checkIn = await first('check-in');
    expect(checkIn).toMatchObject({ status: 'missed', why: 'consent is withdrawn' });
    expect(await tasks()).toContainEqual(expect.objectContaining({ effect: 'open-task', kind: 'call', outreachId: checkIn.id }));
  });

  test('for a former number does not count', async () => {
    await at.register(['sms']);
    await at.book(start);
    at.clock.moveTo(new Date(at.clock.now().getTime() + 60_000));
    await at.record(`patient/${at.patientId}`, {
      type: 'patient.contact-changed.v1',
      data: { consultationId: 'c-1', patientId: at.patientId },
      personal: { person: { phone: '+12125550177' } },
    });
    await at.play('2026-12-15T14:00:00Z', 240);
    expect(at.sms.accepted.filter(({ to }) => to === '+12125550177')).toEqual([]);
    expect((await of('reminder')).map(({ status }) => status)).not.toContain('sent');
  });

  test('someone who gets text messages only is reminded the day before, whatever else the week held', async () => {
    await at.register(['sms']);
    await at.book(start);
    await at.play('2026-12-15T14:00:00Z', 240);
    expect(await of('reminder')).toContainEqual(expect.objectContaining({ channel: 'sms', status: 'sent', sentAt: expect.stringMatching(/^2026-12-14T/) }));
  });

  test('without any, check-ins become calls, not silence', async () => {
    await at.register([]);
    await at.book(start);
    at.clock.moveTo(new Date('2026-12-15T16:30:00Z'));
    await at.complete(1, '2026-12-15T16:30:00.000Z');
    expect(new Set((await of('check-in')).map(({ channel }) => channel))).toEqual(new Set(['call']));
    await at.play('2026-12-16T15:30:00Z', 60);
    expect((await tasks()).filter((effect) => effect.effect === 'open-task')).toEqual([
      expect.objectContaining({ kind: 'call', why: expect.stringContaining('check-in') }),
    ]);
    expect([...at.sms.accepted, ...at.email.accepted]).toEqual([]);
  });
});

describe('hours and caps (invariant 6)', () => {
  test('nothing leaves at night, and nothing may be transmitted then', async () => {
    const reminder = await dueReminder('2026-12-15T20:00:00.000Z');
    at.clock.moveTo(new Date('2026-12-15T01:30:00Z'));
    await at.settle();
    expect(await statusOf(reminder.id)).toMatchObject({ status: 'planned', nextAttemptAt: expect.stringMatching(/^2026-12-15T14:0/) });
    at.clock.moveTo(new Date('2026-12-15T14:10:00Z'));
    await at.settle();
    const message = at.sms.accepted.find(({ id }) => id === reminder.id);
    expect(message?.validUntil?.toISOString()).toBe('2026-12-15T19:00:00.000Z');
  });

  test('over a whole course no day has two texts, no week four, none comes at night, and all of it ends', async () => {
    await at.register(['sms']);
    await at.book(start, '2026-12-19T15:00:00.000Z');
    const times: string[] = [];
    const send = at.sms.send.bind(at.sms);
    at.sms.send = async (message, attemptId) => (times.push(at.clock.now().toISOString()), send(message, attemptId));
    await at.play('2026-12-15T16:00:00Z', 60);
    await at.complete(1, '2026-12-15T16:00:00.000Z');
    await at.play('2026-12-19T16:00:00Z', 60);
    await at.complete(2, '2026-12-19T16:00:00.000Z');
    await at.play('2027-01-20T16:00:00Z', 240);
    const gap = (one: number, other: number) => Date.parse(times[other] ?? '') - Date.parse(times[one] ?? '');
    times.forEach((time, index) => {
      if (index >= 1) expect(gap(index - 1, index)).toBeGreaterThanOrEqual(86_400_000);
      if (index >= 3) expect(gap(index - 3, index)).toBeGreaterThanOrEqual(7 * 86_400_000);
      expect(Number(time.slice(11, 13))).toBeGreaterThanOrEqual(14);
    });
    expect(times.length).toBeGreaterThanOrEqual(6);
    expect((await all()).filter(({ nextAttemptAt }) => nextAttemptAt !== null)).toEqual([]);
    // The ledger is what its events say, and nothing else (invariant 12).
    expect(await compareWithLog({ db: at.db, store: at.store, projection: outreachLedger })).toEqual([]);
    const checkIns = (await of('check-in')).filter(({ status }) => status !== 'cancelled');
    const called = (await tasks()).flatMap((effect) => (effect.effect === 'open-task' ? [effect.outreachId] : []));
    for (const { id, status } of checkIns) expect(status === 'sent' || called.includes(id)).toBe(true);
  });
});

describe('new settings of the clinic', () => {
  const settings = (contactHours: object, state = 'NY') => {
    const { clinic } = at.context;
    return { ...at.context, clinic: { ...clinic, contactHours, locations: clinic.locations.map((location) => ({ ...location, state })) } };
  };
  const replanned = (context: ReturnType<typeof settings>) =>
    inTransaction(at.db, (trx) =>
      replanClinic(trx, context, [{ id: `settings-${context.clinic.locations[0]?.state ?? ''}`, type: 'clinic.configured.v1', data: {} }]),
    );

  test('move what is planned into the new hours, and twice changes nothing (invariant 6)', async () => {
    await at.register();
    await at.book(start);
    const afternoon = [['13:00', '20:00']] as const;
    const context = settings({ 1: afternoon, 2: afternoon, 3: afternoon, 4: afternoon, 5: afternoon, 6: afternoon, 7: afternoon });
    await replanned(context);
    const after = await all({ status: 'planned' });
    expect(after.length).toBeGreaterThan(1);
    for (const { dueAt } of after) expect(Number(dueAt.slice(11, 13))).toBeGreaterThanOrEqual(18);
    await replanned(context);
    expect(await all({ status: 'planned' })).toEqual(after);
  });

  test("of a clinic in another state keep to that state's hours (invariant 6)", async () => {
    await at.register();
    await at.book(start);
    await replanned(settings(at.context.clinic.contactHours, 'KY'));
    const reminders = await of('reminder');
    expect(reminders.length).toBeGreaterThan(0);
    for (const { dueAt } of reminders) expect(Number(dueAt.slice(11, 13))).toBeGreaterThanOrEqual(15);
  });
});

describe('what no plan made', () => {
  const answer = {
    conversationId: 'p-1',
    patientId: 'p-1',
    channel: 'sms',
    template: 'ask.unknown_code',
    fallback: 'ask',
    category: 'answer',
    replyTo: 'm-1',
  } as const;

  test('an answer goes at night and beside the caps, once, and not later than a quarter of an hour', async () => {
    await at.register(['sms']);
    at.clock.moveTo(new Date('2026-12-02T04:00:00Z'));
    const enqueue = (replyTo: string, receivedAt: Date) => inTransaction(at.db, (trx) => enqueueAnswer(trx, at.context, { ...answer, replyTo, receivedAt }));
    expect(await enqueue('m-1', at.clock.now())).toBe(await enqueue('m-1', at.clock.now()));
    const late = await enqueue('m-2', new Date('2026-12-02T03:44:00Z'));
    await at.settle();
    expect(at.sms.accepted.map(({ body }) => body)).toEqual([expect.stringContaining('better, the same, or worse')]);
    expect(await statusOf(late)).toMatchObject({ status: 'missed' });
  });

  test('after STOP one confirmation leaves and nothing else', async () => {
    await at.register(['sms']);
    await at.consent('sms', false, '+12125550100');
    const enqueue = (template: string, replyTo: string) =>
      inTransaction(at.db, (trx) => enqueueAnswer(trx, at.context, { ...answer, template, replyTo, receivedAt: at.clock.now() }));
    await enqueue('stop.confirmed', 'm-1');
    await enqueue('received', 'm-2');
    await at.settle();
    expect(at.sms.accepted.map(({ body }) => body)).toEqual([expect.stringContaining('no more texts')]);
  });

  test('a page reaches the member of staff at any hour, without a name', async () => {
    at.clock.moveTo(new Date('2026-12-02T04:00:00Z'));
    const page = {
      taskId: 't-1',
      rung: 0,
      attempt: 1,
      staffId: 'np-reyes',
      channel: 'sms',
      urgency: 'urgent',
      conversationId: 'p-1',
      patientId: 'p-1',
    } as const;
    await inTransaction(at.db, (trx) => enqueuePage(trx, at.context, page));
    await at.settle();
    expect(at.sms.accepted).toEqual([expect.objectContaining({ to: '+18385550102', body: expect.not.stringContaining('Ana') })]);
  });

  test('what a person writes waits for the morning unless it answers at once', async () => {
    await at.register(['sms']);
    at.clock.moveTo(new Date('2026-12-02T04:00:00Z'));
    const written = { conversationId: 'p-1', patientId: 'p-1', channel: 'sms', by: 'np-reyes' } as const;
    await inTransaction(at.db, async (trx) => {
      await enqueueWritten(trx, at.context, { ...written, messageId: 'w-1', answersMessageAt: new Date('2026-12-02T03:50:00Z') });
      await enqueueWritten(trx, at.context, { ...written, messageId: 'w-2', answersMessageAt: new Date('2026-12-02T02:00:00Z') });
    });
    await at.settle();
    expect(at.sms.accepted).toHaveLength(1);
    await at.play('2026-12-02T14:30:00Z', 30);
    expect(at.sms.accepted).toHaveLength(2);
  });
});

describe('what a person decides about a message', () => {
  const reason = 'she is travelling';
  const take = (id: string, command: Parameters<typeof takeInHand>[3]) => inTransaction(at.db, (trx) => takeInHand(trx, at.context, id, command));
  const openCheckIns = async () => (await of('check-in')).filter(({ status }) => status === 'planned');
  async function treated(): Promise<void> {
    await at.register();
    await at.book(start);
    at.clock.moveTo(new Date('2026-12-15T16:30:00Z'));
    await at.complete(1, '2026-12-15T16:30:00.000Z');
  }

  test('is not undone by planning again, whatever way the message goes then (invariants 5 and 7)', async () => {
    await treated();
    const [first, second] = await openCheckIns();
    if (first === undefined || second === undefined) throw new Error('no check-ins');
    await take(first.id, { do: 'hold', by: 'desk-tan', reason });
    await take(second.id, { do: 'cancel', by: 'np-reyes', reason, clinician: true });
    await at.replan();
    expect(await statusOf(first.id)).toMatchObject({ held: true, stoppedBy: 'desk-tan', nextAttemptAt: first.expiresAt });
    const planned = (await openCheckIns()).map(({ id }) => id);
    expect(planned).toContain(first.id);
    expect(planned).toHaveLength(2);
    await at.consent('sms', false, '+12125550100');
    expect(await statusOf(first.id)).toMatchObject({ status: 'cancelled' });
    expect((await openCheckIns()).filter(({ held }) => held)).toMatchObject([{ channel: 'email', stoppedBy: 'desk-tan', dueAt: first.dueAt }]);
    expect(await compareWithLog({ db: at.db, store: at.store, projection: outreachLedger })).toEqual([]);
  });

  test('held to its end is missed with a call, sent to nobody (invariant 5)', async () => {
    await treated();
    const [first] = await openCheckIns();
    await take(first?.id ?? '', { do: 'hold', by: 'desk-tan', reason });
    await at.play('2026-12-17T16:00:00Z', 240);
    expect(at.sms.accepted.filter(({ id }) => id === first?.id)).toEqual([]);
    at.clock.moveTo(new Date(first?.expiresAt ?? ''));
    await at.settle();
    expect(await statusOf(first?.id ?? '')).toMatchObject({ status: 'missed', why: `desk-tan holds it: ${reason}; its time has passed` });
    expect(await tasks()).toContainEqual(expect.objectContaining({ kind: 'call', outreachId: first?.id }));
  });

  test('sent at once goes within the hours only, and what is released after its hour goes then (invariant 6)', async () => {
    await at.register();
    await at.book(start);
    await at.settle();
    const reminder = (await of('reminder')).find(({ channel }) => channel === 'sms');
    const id = reminder?.id ?? '';
    await take(id, { do: 'hold', by: 'desk-tan', reason });
    at.clock.moveTo(new Date('2026-12-14T03:00:00Z'));
    expect(await take(id, { do: 'send-now', by: 'desk-tan' }).catch((error: unknown) => error)).toMatchObject({
      code: 'outreach_not_yet',
      details: { mayGoAt: expect.stringMatching(/^2026-12-14T1[34]:/) },
    });
    at.clock.moveTo(new Date('2026-12-14T16:00:00Z'));
    await at.settle();
    expect(await statusOf(id)).toMatchObject({ status: 'planned', held: true });
    await take(id, { do: 'release', by: 'desk-tan' });
    await at.settle();
    expect(await statusOf(id)).toMatchObject({ status: 'sent' });
    expect(at.sms.accepted.filter((message) => message.id === id)).toHaveLength(1);
  });

  test('what went wrong is listed the latest first, and what is held by itself', async () => {
    await treated();
    for (const { id } of await openCheckIns()) await take(id, { do: 'hold', by: 'desk-tan', reason });
    expect(await all({ held: true })).toHaveLength(3);
    await at.play('2026-12-26T16:00:00Z', 720);
    expect(await all({ held: true })).toEqual([]);
    const trouble = await all({ trouble: true });
    expect(trouble.filter(({ touchpoint }) => touchpoint === 'check-in').map(({ status }) => status)).toEqual(['missed', 'missed', 'missed']);
    expect(trouble.map(({ dueAt }) => dueAt)).toEqual([...trouble.map(({ dueAt }) => dueAt)].sort().reverse());
    const one = await listOutreach(at.db, { trouble: true, limit: 1 });
    expect(await all({ trouble: true, cursor: one.next ?? '' })).toEqual(trouble.slice(1));
  });
});
