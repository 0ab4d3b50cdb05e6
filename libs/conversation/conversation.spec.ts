import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { deterministicId, type JsonObject, openDatabase, Rejected } from '#platform';
import { Conversations, shortly } from '../../test/support/conversation.js';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.js';
import {
  acknowledgeTask,
  completeTask,
  conversation,
  conversationProjection,
  listConversations,
  markTriage,
  nextConversationDue,
  receiveMessage,
  recordAnswer,
  resolveConversation,
  triageMessage,
  unheardPatients,
} from './index.js';

let database: TestDatabase;
let stage: Conversations;
let { db, store, clock, run, after, fact, sessionDone, text, due, round, thread, tasks, of } = {} as Conversations;
const context = () => stage.context;
const attempted = (outreachId: string, attemptId: string, body: string) =>
  fact('outreach.attempted.v1', 'outreach/ana', { outreachId, attemptId }, 'ana', { body });
const judged = (messageId: string, urgency: 'urgent' | 'ask') => ({
  conversationId: 'ana',
  messageId,
  urgency,
  by: 'np-reyes',
  roles: ['provider'],
  clinic: stage.clinic,
});

beforeAll(async () => {
  database = await createTestDatabase();
});

beforeEach(async () => {
  stage = await Conversations.open(database);
  ({ db, store, clock, run, after, fact, sessionDone, text, due, round, thread, tasks, of } = stage);
});
afterAll(async () => database.close());

const sessionBooked = (start: string, sessionId = 's2') => fact('session.booked.v1', 'course/c1', { sessionId, courseId: 'c1', patientId: 'ana', start });
const asked = (question: 'check-in' | 'confirm', outreachId: string, more: JsonObject = {}, patientId = 'ana') =>
  fact(
    'outreach.sent.v1',
    `outreach/${patientId}`,
    {
      outreachId,
      patientId,
      touchpoint: question,
      channel: 'sms',
      providerMessageId: `SM${outreachId}`,
      sentAt: clock.now().toISOString(),
      question,
      sessionId: 's1',
      protocolId: 'chemical_peel.superficial',
      day: 1,
      ...more,
    },
    patientId,
  );

describe('a message that comes in', () => {
  test('is stored once however often the carrier sends it, and triaged (invariant 8)', async () => {
    const first = await text('all good thanks', { sid: 'SM-same' });
    const second = await text('all good thanks', { sid: 'SM-same' });
    expect(second).toEqual({ ...first, duplicate: true });
    expect((await thread('ana')).messages).toHaveLength(1);
    expect(stage.effects).toEqual([]);
  });

  test('is stored once when two requests of the same webhook race', async () => {
    const message = { channel: 'sms' as const, from: '+12125550100', body: 'hi', providerMessageId: 'SM-race', receivedAt: clock.now() };
    const both = await Promise.all([1, 2, 3].map(() => run((trx) => receiveMessage(trx, context(), message, async () => ['ana']))));
    expect(both.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
    expect((await thread('ana')).messages).toHaveLength(1);
  });

  test('holds up what would be sent to its patient until it was read: it may be a STOP (invariant 7)', async () => {
    const since = new Date(clock.now().getTime() - 60_000);
    const unheard = async (from = since) => [...(await unheardPatients(db, ['ana', 'bea'], from))];
    expect(await unheard()).toEqual([]);
    const message = { channel: 'sms' as const, from: '+12125550100', body: 'STOP', providerMessageId: 'SM-unread', receivedAt: clock.now() };
    await run((trx) => receiveMessage(trx, context(), message, async () => ['ana']));
    expect(await unheard()).toEqual(['ana']);
    expect(await unheard(clock.now())).toEqual([]);
    await text('STOP');
    expect(await unheard()).toEqual([]);
  });

  test('shows its text, its judgement and the question it answers', async () => {
    await sessionDone('chemical_peel.superficial', '2026-11-23');
    await asked('check-in', 'o1');
    after(5);
    await text('peeling a little');
    const message = (await thread('ana')).messages.at(-1);
    expect(message).toMatchObject({
      direction: 'in',
      channel: 'sms',
      body: 'peeling a little',
      outreachId: 'o1',
      checkIn: { sessionId: 's1', day: 1, protocolId: 'chemical_peel.superficial' },
    });
    expect(message?.triage).toMatchObject({ urgency: 'ask', codes: ['peeling_flaking'] });
  });

  test('from an unknown number has a thread of its own and a task; its words are sealed', async () => {
    const { conversationId, patientId } = await text('who is this, I have blisters', { from: '+12125559999' });
    expect(patientId).toBeNull();
    expect(await thread(conversationId)).toMatchObject({ patientId: null, address: '+12125559999', urgency: 'urgent' });
    expect((await tasks()).map(({ kind }) => kind)).toEqual(['escalation']);
    const raw = await db.selectFrom('event').select(['data', 'stream']).where('type', '=', 'message.received.v1').executeTakeFirstOrThrow();
    expect(JSON.stringify(raw)).not.toMatch(/blisters|5559999/);
  });
});

describe('digits', () => {
  beforeEach(async () => sessionDone('chemical_peel.superficial', '2026-11-23'));

  test.each([
    ['1', 'expected', 'expected'],
    ['2', 'soon', 'soon.received'],
    ['3', 'urgent', 'urgent.call'],
  ])('%s to a check-in is %s', async (body, urgency, template) => {
    await asked('check-in', 'o1');
    after(1);
    await text(body);
    expect(await thread('ana')).toMatchObject({ urgency });
    expect(of('send-answer')).toMatchObject([{ template, channel: 'sms', patientId: 'ana' }]);
  });

  test('3 is urgent also to a check-in that the carrier said it could not deliver', async () => {
    await asked('check-in', 'o1');
    await fact('outreach.failed.v1', 'outreach/ana', { outreachId: 'o1' });
    after(1);
    await text('3');
    expect(await thread('ana')).toMatchObject({ urgency: 'urgent' });
  });

  test('1 to a confirmation confirms that session, 2 asks for another time and opens a task', async () => {
    await sessionBooked('2026-12-01T15:00:00.000Z');
    await asked('confirm', 'o2', { sessionId: 's2', day: null });
    after(1);
    await text('1');
    expect(of('confirm-session')).toMatchObject([{ sessionId: 's2', patientId: 'ana' }]);
    expect(of('send-answer')).toMatchObject([{ template: 'confirmed' }]);
    after(1);
    await text('2');
    expect(of('request-reschedule')).toMatchObject([{ sessionId: 's2' }]);
    expect((await tasks()).map(({ kind, sessionId }) => [kind, sessionId])).toEqual([['reschedule', 's2']]);
  });

  test('a confirmation of a time that was moved since is void', async () => {
    await sessionBooked('2026-12-01T15:00:00.000Z');
    await asked('confirm', 'o2', { sessionId: 's2' });
    after(1);
    await fact('session.rescheduled.v1', 'course/c1', { sessionId: 's2', courseId: 'c1', patientId: 'ana', start: '2026-12-02T15:00:00.000Z' });
    await text('1');
    expect(of('confirm-session')).toEqual([]);
    expect((await thread('ana')).urgency).toBe('ask');
  });

  test('a digit that fits two open questions is ambiguous, shown with both, and a person looks', async () => {
    await sessionBooked('2026-12-01T15:00:00.000Z');
    await asked('confirm', 'o2', { sessionId: 's2' });
    after(1);
    await asked('check-in', 'o1');
    after(1);
    await text('1');
    const message = (await thread('ana')).messages.at(-1);
    expect(message?.checkIns.map(({ outreachId }) => outreachId)).toEqual(['o1', 'o2']);
    expect(message?.triage).toMatchObject({ urgency: 'ask', ambiguous: true });
    expect(of('confirm-session')).toEqual([]);
    expect((await tasks()).map(({ kind }) => kind)).toEqual(['review']);
  });

  test('an ambiguous 2 weighs what it weighs as an answer to the check-in (invariant 9)', async () => {
    await asked('confirm', 'o2', { sessionId: 's2' });
    await asked('check-in', 'o1');
    after(1);
    await text('2');
    expect((await thread('ana')).urgency).toBe('soon');
  });

  test('without an open question a digit is asked about', async () => {
    await text('1');
    expect((await thread('ana')).urgency).toBe('ask');
  });
});

describe('several people at one number', () => {
  test('the one who was asked last is answered, and every recovery counts', async () => {
    await sessionDone('dermal_filler.ha', '2026-11-24', 'sb', 'bea');
    await sessionDone('chemical_peel.superficial', '2026-11-23', 'sc', 'cleo');
    await asked('check-in', 'oc', { sessionId: 'sc' }, 'cleo');
    after(1);
    const { patientId } = await text('it really hurts', { from: '+12125550101' });
    expect(patientId).toBe('cleo');
    expect((await thread('cleo')).urgency).toBe('emergency');
  });

  test('a withdrawal counts for all of them', async () => {
    await text('STOP', { from: '+12125550101' });
    expect(of('withdraw-consent').map(({ patientId }) => patientId)).toEqual(['bea', 'cleo']);
  });
});

describe('wishes (invariant 7)', () => {
  test('STOP withdraws every scope, is confirmed once, and opens a call while under care', async () => {
    await sessionDone('chemical_peel.superficial', '2026-11-23');
    await text('STOP');
    expect(of('withdraw-consent')).toMatchObject([{ patientId: 'ana', channel: 'sms', scopes: ['care', 'marketing'] }]);
    expect(of('send-answer')).toMatchObject([{ template: 'stop.confirmed', category: 'stop-confirmation' }]);
    expect((await tasks()).map(({ kind }) => kind)).toEqual(['call']);
    after(1);
    await text('stop texting me');
    expect(of('send-answer')).toEqual([]);
  });

  test('without care there is no call to make', async () => {
    await text('STOP');
    expect(await tasks()).toEqual([]);
  });

  test('an upcoming session is care', async () => {
    await sessionBooked('2026-12-01T15:00:00.000Z');
    await text('please remove me from your list');
    expect((await tasks()).map(({ kind }) => kind)).toEqual(['call']);
  });

  test('after it nothing is sent, but people are paged all the same', async () => {
    await sessionDone('chemical_peel.superficial', '2026-11-23');
    await text('STOP');
    after(1);
    await text('there is pus');
    expect(of('send-answer')).toEqual([]);
    expect(of('page').length).toBeGreaterThan(0);
    after(1);
    await text('no fever');
    expect(of('send-answer')).toEqual([]);
    expect((await tasks()).map(({ why }) => why)).toContain('a question that may not be sent');
  });

  test('only START opens the channel again', async () => {
    await text('STOP');
    after(1);
    await text('yes');
    expect(of('grant-consent')).toEqual([]);
    after(1);
    await text('UNSTOP');
    expect(of('grant-consent')).toMatchObject([{ patientId: 'ana', scopes: ['care'] }]);
    expect(of('send-answer')).toMatchObject([{ template: 'start.confirmed' }]);
    after(1);
    await text('HELP');
    expect(of('send-answer')).toMatchObject([{ template: 'help' }]);
  });

  test('a symptom beside the wish holds: withdrawn, paged, and the one text says whom to call', async () => {
    await sessionDone('chemical_peel.superficial', '2026-11-23');
    await text("please don't text me any more, I can't breathe");
    expect(of('withdraw-consent')).toHaveLength(1);
    expect(of('page').length).toBeGreaterThan(0);
    expect(of('send-answer')).toMatchObject([{ template: 'stop.confirmed.emergency', fallback: 'emergency.911' }]);
  });
});

describe('what people must do', () => {
  test('an urgent reply pages at once and up the ladder until someone acknowledges', async () => {
    await sessionDone('chemical_peel.superficial', '2026-11-23');
    await text('pus');
    expect(shortly(of('page'))).toEqual(['0.1 np-reyes sms', '0.1 np-reyes email']);
    expect(await nextConversationDue(db)).toEqual(new Date('2026-11-24T15:05:00Z'));
    expect(shortly(await due(4))).toEqual([]);
    expect(shortly(await due(1))).toEqual(['1.1 np-reyes sms']);
    expect(shortly(await due(5))).toEqual(['2.1 dr-okafor sms', '2.1 dr-okafor email']);
    expect(shortly(await due(10))).toEqual(['2.2 dr-okafor sms', '2.2 dr-okafor email']);
    const [escalation] = await tasks('open');
    expect(escalation).toMatchObject({
      kind: 'escalation',
      urgency: 'urgent',
      patientId: 'ana',
      conversationId: 'ana',
      nextRung: { rung: 2, role: 'medical_director', at: '2026-11-24T15:30:00.000Z' },
    });
    await run((trx) => acknowledgeTask(trx, context(), { taskId: escalation?.id ?? '', by: 'dr-okafor' }));
    expect(shortly(await due(600))).toEqual([]);
    expect(await tasks('acknowledged')).toMatchObject([{ assignee: 'dr-okafor', nextRung: null }]);
  });

  test('it is never given up: after hours of silence the last rung is still paged', async () => {
    await text('I cannot breathe');
    await due(10);
    let pages = 0;
    for (let step = 0; step < 48; step += 1) pages += (await due(30)).length > 0 ? 1 : 0;
    expect(pages).toBeGreaterThan(20);
    expect(await nextConversationDue(db)).not.toBeNull();
  });

  test('the policy seen twice doubles nothing', async () => {
    await text('pus');
    const [event] = (await store.readStream(db, 'conversation/ana')).filter(({ type }) => type === 'message.received.v1');
    if (event === undefined) throw new Error('the message is not in the log');
    expect(await run((trx) => triageMessage(trx, context(), event))).toEqual([]);
    expect(await tasks()).toHaveLength(1);
  });

  test('acknowledging and completing again change nothing; an unknown task is refused', async () => {
    await text('pus');
    const taskId = (await tasks())[0]?.id ?? '';
    for (const by of ['np-reyes', 'dr-okafor']) {
      await run((trx) => acknowledgeTask(trx, context(), { taskId, by }));
      await run((trx) => completeTask(trx, context(), { taskId, by }));
    }
    expect(await tasks()).toMatchObject([{ status: 'done', assignee: 'np-reyes' }]);
    await expect(run((trx) => completeTask(trx, context(), { taskId: 'none', by: 'x' }))).rejects.toBeInstanceOf(Rejected);
  });

  test('a soon reply is reviewed within four opening hours: after closing, on the next day', async () => {
    await text('a rash');
    expect((await tasks())[0]).toMatchObject({ kind: 'review', dueAt: '2026-11-24T19:00:00.000Z' });
    after(11 * 60);
    await text('a rash again');
    expect((await tasks()).map(({ dueAt }) => dueAt)).toContain('2026-11-25T18:00:00.000Z');
  });

  test('a question to the patient becomes a review when nobody answers within two hours', async () => {
    await sessionDone('chemical_peel.superficial', '2026-11-23');
    await text('no fever');
    expect(of('send-answer')).toMatchObject([{ template: 'ask.red_flags', fallback: 'ask' }]);
    expect(await tasks()).toEqual([]);
    expect(await nextConversationDue(db)).toEqual(new Date('2026-11-24T17:00:00Z'));
    await due(119);
    expect(await tasks()).toEqual([]);
    await due(1);
    expect(await tasks()).toMatchObject([{ kind: 'review', why: 'a clarifying question went unanswered' }]);
    await due(60);
    expect(await tasks()).toHaveLength(1);
  });

  test('an answer in time ends the wait', async () => {
    await sessionDone('chemical_peel.superficial', '2026-11-23');
    await text('no fever');
    after(10);
    await text('all better, thanks');
    await due(200);
    expect(await tasks()).toEqual([]);
  });

  test('staff-first recoveries are read by a clinician even when all is expected', async () => {
    await sessionDone('dermal_filler.ha', '2026-11-23');
    await text('a small bruise');
    expect((await thread('ana')).urgency).toBe('expected');
    expect(of('send-answer')).toMatchObject([{ template: 'received' }]);
    expect((await tasks()).map(({ kind }) => kind)).toEqual(['review']);
  });

  test("days are the clinic's own calendar days since the session (rule 8)", async () => {
    await sessionDone('chemical_peel.superficial', '2026-11-23');
    clock.moveTo(new Date('2026-11-25T04:30:00Z'));
    await text('burning');
    expect((await thread('ana')).urgency).toBe('expected');
    clock.moveTo(new Date('2026-11-25T05:30:00Z'));
    await text('burning');
    expect((await thread('ana')).messages.at(-1)?.triage?.urgency).toBe('ask');
  });
});

describe('what went out by itself', () => {
  test('stands in the thread of the patient, without moving or opening it; pages to staff do not', async () => {
    await asked('check-in', 'o1');
    await fact('outreach.sent.v1', 'outreach/np-reyes', {
      outreachId: 'o9',
      patientId: 'ana',
      staffId: 'np-reyes',
      touchpoint: 'page',
      channel: 'sms',
      sentAt: clock.now().toISOString(),
      question: null,
    });
    expect(await conversation(db, 'ana')).toBeNull();
    after(1);
    await text('thanks');
    expect((await thread('ana')).messages).toMatchObject([{ direction: 'out', outreachId: 'o1', touchpoint: 'check-in', body: null }, { direction: 'in' }]);
  });
});

describe('a person in the thread', () => {
  test('answers, resolves, and the next message opens it again', async () => {
    await sessionDone('chemical_peel.superficial', '2026-11-23');
    await text('pus');
    after(1);
    const answer = { conversationId: 'ana', messageId: deterministicId('answer'), channel: 'sms' as const, body: 'Please come in now.', author: 'np-reyes' };
    await run((trx) => recordAnswer(trx, context(), answer));
    await run((trx) => recordAnswer(trx, context(), answer));
    expect((await thread('ana')).messages.map(({ direction }) => direction)).toEqual(['in', 'out']);
    await run((trx) => resolveConversation(trx, context(), { conversationId: 'ana', by: 'np-reyes' }));
    expect(await thread('ana')).toMatchObject({ status: 'resolved', urgency: null });
    after(1);
    await text('thanks');
    expect(await thread('ana')).toMatchObject({ status: 'open', urgency: 'expected' });
  });

  test('raises an urgency, and then it pages; lowers it only as a clinician (invariant 9)', async () => {
    const { messageId } = await text('thanks');
    const mark = (urgency: 'urgent' | 'expected', roles: string[], reason?: string) =>
      run((trx) => markTriage(trx, context(), { conversationId: 'ana', messageId, urgency, reason, by: 'someone', roles, clinic: stage.clinic }));
    await mark('urgent', ['front_desk']);
    expect((await thread('ana')).urgency).toBe('urgent');
    expect(await due(0)).not.toEqual([]);
    await expect(mark('expected', ['front_desk'])).rejects.toMatchObject({ code: 'may_not_lower' });
    await expect(mark('expected', ['provider'])).rejects.toMatchObject({ code: 'reason_required', details: { path: 'reason' } });
    await mark('expected', ['provider'], 'she meant her dog');
    expect(await thread('ana')).toMatchObject({ urgency: 'expected', messages: [{ triage: { by: 'someone', reason: 'she meant her dog' } }] });
    const raw = await db.selectFrom('event').select('data').where('type', '=', 'reply.triaged.v1').execute();
    expect(JSON.stringify(raw)).not.toContain('her dog');
    // Whoever lowered it has looked at it: nobody is paged on. Raised once more, it pages once more.
    expect(await due(60)).toEqual([]);
    await mark('urgent', ['front_desk']);
    expect(await due(0)).not.toEqual([]);
  });

  test('lists by urgency and pages through', async () => {
    for (const [index, from] of ['+1212555020', '+1212555021', '+1212555022'].entries()) {
      after(1);
      await text(index === 1 ? 'pus' : 'hello there friends', { from: `${from}0` });
    }
    const urgent = await listConversations(db, { urgency: 'urgent', limit: 10, cursor: null });
    expect(urgent.items.map(({ address }) => address)).toEqual(['+12125550210']);
    const first = await listConversations(db, { limit: 2, cursor: null });
    expect(first.items.map(({ address }) => address)).toEqual(['+12125550210', '+12125550200']);
    const second = await listConversations(db, { limit: 2, cursor: first.next });
    expect(second).toMatchObject({ items: [{ address: '+12125550220' }], next: null });
  });
});

describe('the read model', () => {
  test('equals its rebuild, and holds nothing of an erased patient (invariants 12, 13)', async () => {
    await sessionDone('chemical_peel.superficial', '2026-11-23');
    await attempted('o1', 'a1', 'How is it?');
    await attempted('o1', 'a2', 'How is your skin?');
    await attempted('o7', 'a1', 'This one never left.');
    await asked('check-in', 'o1', { attemptId: 'a1' });
    after(1);
    await text('pus');
    expect((await thread('ana')).messages[0]).toMatchObject({ direction: 'out', body: 'How is it?' });
    await text('who are you', { from: '+12125559999' });
    after(6);
    await due();
    // Two days on, answers and tasks are overdue, and people have been reminded.
    for (let turn = 0; turn < 12; turn += 1) {
      after(4 * 60);
      await round();
    }
    const { messageId } = await text('thanks');
    await run((trx) => markTriage(trx, context(), judged(messageId, 'urgent')));
    await run((trx) => markTriage(trx, context(), { ...judged(messageId, 'ask'), reason: 'her dog again' }));
    await run((trx) =>
      store.append(trx, [
        {
          stream: 'patient/ana',
          expected: 'any',
          events: [{ id: deterministicId('erased'), type: 'patient.erased.v1', data: { patientId: 'ana' }, patientId: 'ana', occurredAt: clock.now() }],
        },
      ]),
    );
    await run((trx) => store.keys.destroy(trx, 'ana'));
    const tables = conversationProjection.tables.map((table) => table as 'message');
    const rows = async () => {
      const all = await Promise.all(tables.map((table) => db.selectFrom(table).selectAll().execute()));
      return all.map((table) => table.map((row) => JSON.stringify(row)).sort());
    };
    expect((await thread('ana')).messages.map(({ body }) => body)).toEqual((await thread('ana')).messages.map(() => null));
    const live = await rows();
    // The product may not empty these tables, the owner may; the owner sees every clinic's rows.
    const owner = openDatabase(database.url, { clinicId: stage.clinicId, role: 'owner', max: 1 });
    for (const table of tables) await owner.deleteFrom(table).where('clinic_id', '=', stage.clinicId).execute();
    const events = await store.readAfter(db, 0, Number.MAX_SAFE_INTEGER, 10_000);
    for (const _time of ['once', 'again']) await run((trx) => conversationProjection.apply(trx, events));
    expect(await rows()).toEqual(live);
    await owner.destroy();
  });
});
