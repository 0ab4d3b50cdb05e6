import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type ConversationRow, conversation, conversationProjection, receiveMessage, recordAnswer } from '#conversation';
import { compareWithLog } from '#event-store';
import { erasePatient } from '#patient';
import { deterministicId, hashToken, inTransaction } from '#platform';
import { ConversationsController } from '../apps/api/conversations.controller.js';
import { SuggestionsController } from '../apps/api/suggestions.controller.js';
import { Conversations } from './support/conversation.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { OutreachDesk } from './support/outreach.js';
import { serve, type Served } from './support/served.js';

/* The inbox as staff use it, over HTTP: what comes first, and how several of them do not step on each other. */
let database: TestDatabase;
let stage: Conversations;
let served: Served;

const people = { desk: ['front_desk'], other: ['front_desk'], provider: ['provider'] } as const;
type Person = keyof typeof people;

beforeAll(async () => {
  database = await createTestDatabase();
});
beforeEach(async () => {
  stage = await Conversations.open(database, { connections: 6 });
  const rows = Object.entries(people).map(([name, roles]) => ({ name, key_hash: hashToken(name), roles: [...roles], created_at: stage.clock.now() }));
  await stage.db.insertInto('api_key').values(rows).execute();
  const { db, store, clock, clinic } = stage;
  served = await serve([ConversationsController, SuggestionsController], { db, store, clock, clinic: async () => clinic, wake: () => undefined });
});
afterEach(async () => served.close());
afterAll(async () => database.close());

const phone = (number: number) => `+1212555${5000 + number}`;
const get = (path: string) => served.http.get(`/v1/${path}`).set('Authorization', 'Bearer desk');
const post = (path: string, body: object = {}, by: Person = 'desk') =>
  served.http.post(`/v1/conversations/${path}`).set('Authorization', `Bearer ${by}`).send(body);
const rowsOf = async (query = '') => (await get(`conversations${query}`).expect(200)).body as { items: ConversationRow[]; next: string | null };
const threadOf = async (id: string) => (await get(`conversations/${id}`).expect(200)).body as ConversationRow & { messages: { id: string }[] };

describe('the list', () => {
  test('has the gravest first, then whoever has waited longest for a person, and pages through in that order', async () => {
    const said = ['thanks', 'I have a rash', 'there is pus', 'I have a rash', 'I can not breathe', 'thanks'];
    for (const [number, body] of said.entries()) {
      stage.after(1);
      await stage.text(body, { from: phone(number) });
    }
    const expected = [4, 2, 1, 3, 0, 5].map(phone);
    expect((await rowsOf()).items.map(({ address }) => address)).toEqual(expected);
    const paged: (string | null)[] = [];
    for (let cursor = ''; ;) {
      const { items, next } = await rowsOf(`?limit=2${cursor}`);
      paged.push(...items.map(({ address }) => address));
      if (next === null) break;
      cursor = `&cursor=${next}`;
    }
    expect(paged).toEqual(expected);
    await get('conversations?cursor=nonsense').expect(400);
  });

  test('lets one who writes again keep the place of the first question, and gives it up once a person has answered', async () => {
    await stage.text('I have a rash', { from: phone(1) });
    stage.after(10);
    const { conversationId } = await stage.text('I have a rash', { from: phone(2) });
    stage.after(10);
    await stage.text('the rash is bigger', { from: phone(1) });
    expect((await rowsOf()).items.map(({ address }) => address)).toEqual([phone(1), phone(2)]);
    const first = (await rowsOf()).items[0]?.id ?? '';
    const answer = { conversationId: first, messageId: deterministicId('a'), channel: 'sms' as const, body: 'Come in.', author: 'np-reyes' };
    await stage.run((trx) => recordAnswer(trx, stage.context, answer));
    expect((await rowsOf()).items.map(({ id, unansweredSince }) => [id, unansweredSince])).toEqual([
      [conversationId, '2026-11-24T15:10:00.000Z'],
      [first, null],
    ]);
  });
});

describe('two members of staff at once', () => {
  test('take a thread: one has it, the other is told who, with the state as it is now', async () => {
    await stage.text('I have a rash');
    const answers = await Promise.all([post('ana/assign', {}, 'desk'), post('ana/assign', {}, 'other')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const { body, headers } = answers.find(({ status }) => status === 409) ?? { body: {}, headers: {} as Record<string, string> };
    expect(headers['content-type']).toContain('application/problem+json');
    const { assignee } = await threadOf('ana');
    expect(body).toMatchObject({ code: 'taken', status: 409, current: { id: 'ana', assignee } });
    expect(['desk', 'other']).toContain(assignee);
  });

  test('resolve and assign what they both looked at: the second is refused with the newer state, and may decide again', async () => {
    await stage.text('I have a rash');
    const { version } = await threadOf('ana');
    const answers = await Promise.all([post('ana/resolve', { version }, 'desk'), post('ana/assign', { assignee: 'np-reyes', version }, 'other')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const refused = answers.find(({ status }) => status === 409)?.body as { code: string; current: ConversationRow };
    const { messages: _messages, ...now } = await threadOf('ana');
    expect(refused).toMatchObject({ code: 'changed_meanwhile', current: now });
    expect(now.version).toBeGreaterThan(version);
    await post('ana/assign', { assignee: 'np-reyes', version: now.version }, 'other').expect(200);
  });

  test('never close a thread over a message that came while they looked', async () => {
    await stage.text('I have a rash');
    const { version } = await threadOf('ana');
    await stage.text('and now I can not breathe');
    const { body } = await post('ana/resolve', { version }).expect(409);
    expect(body).toMatchObject({ current: { urgency: 'emergency', status: 'open' } });
    await post('ana/messages', { body: 'All is well.', version }).expect(409);
    expect(await threadOf('ana')).toMatchObject({ status: 'open', messages: [{ direction: 'in' }, { direction: 'in' }] });
  });

  test('who name no version are served one after the other, and a thread that is not there is not found', async () => {
    await stage.text('I have a rash');
    await Promise.all([post('ana/resolve'), post('ana/resolve'), post('ana/assign', { assignee: 'np-reyes' }), post('ana/assign', { assignee: 'desk-tan' })]);
    expect(await threadOf('ana')).toMatchObject({ status: 'resolved' });
    const resolved = await stage.db.selectFrom('event').select('event_id').where('type', '=', 'conversation.resolved.v1').execute();
    expect(resolved).toHaveLength(1);
    await post('nobody/assign').expect(404);
  });
});

describe('a thread that is put off', () => {
  const until = '2026-11-25T15:00:00.000Z';

  test('is out of the way and comes back by itself, once, whoever looks after the clock', async () => {
    await stage.text('hello there friends');
    expect((await post('ana/snooze', { until }).expect(200)).body).toMatchObject({ status: 'snoozed', snoozedUntil: until });
    expect((await rowsOf('?status=open')).items).toEqual([]);
    expect((await rowsOf('?status=snoozed')).items).toHaveLength(1);
    stage.clock.moveTo(new Date(until));
    await Promise.all([stage.round(), stage.round(), stage.round()]);
    expect((await rowsOf('?status=open')).items).toMatchObject([{ id: 'ana', snoozedUntil: null }]);
    expect(await stage.db.selectFrom('event').select('event_id').where('type', '=', 'conversation.woken.v1').execute()).toHaveLength(1);
  });

  test('comes back at once when the patient writes, or when someone wants it back', async () => {
    await stage.text('hello there friends');
    await post('ana/snooze', { until }).expect(200);
    stage.after(5);
    await stage.text('are you there');
    expect(await threadOf('ana')).toMatchObject({ status: 'open', snoozedUntil: null });
    await post('ana/snooze', { until }).expect(200);
    await post('ana/snooze', { until: null }).expect(200);
    expect(await threadOf('ana')).toMatchObject({ status: 'open', snoozedUntil: null });
    stage.clock.moveTo(new Date(until));
    await stage.round();
    expect(await stage.db.selectFrom('event').select('event_id').where('type', '=', 'conversation.woken.v1').execute()).toHaveLength(0);
  });

  test('does not stop the clock of a patient who waits', async () => {
    await stage.text('I have a rash');
    await post('ana/snooze', { until }).expect(200);
    stage.after(240);
    await stage.round();
    expect(await stage.db.selectFrom('event').select('event_id').where('type', '=', 'answer.overdue.v1').execute()).toHaveLength(1);
  });

  test('is no way out of an urgent one, nor into the past, nor for ever', async () => {
    await stage.text('hello there friends');
    for (const wrong of ['2026-11-24T15:00:00Z', '2026-11-20T15:00:00Z', '2027-11-24T15:00:00Z']) {
      expect((await post('ana/snooze', { until: wrong }).expect(400)).body).toMatchObject({ code: 'invalid_until', path: 'until' });
    }
    await post('ana/snooze', {}).expect(400);
    await stage.text('there is pus');
    expect((await post('ana/snooze', { until }).expect(422)).body).toMatchObject({ code: 'needs_a_person' });
  });
});

describe('a reply that is judged anew (invariant 9)', () => {
  test('is raised by anyone, lowered by a clinician who says why', async () => {
    const { messageId } = await stage.text('hello there friends');
    const judge = (body: object, by: Person) => post(`ana/messages/${messageId}/triage`, body, by);
    await judge({ urgency: 'urgent' }, 'desk').expect(200);
    expect((await judge({ urgency: 'ask', reason: 'a joke' }, 'desk').expect(403)).body).toMatchObject({ code: 'may_not_lower' });
    expect((await judge({ urgency: 'ask' }, 'provider').expect(422)).body).toMatchObject({ code: 'reason_required', path: 'reason' });
    await judge({ urgency: 'ask', reason: '   ' }, 'provider').expect(400);
    const { body } = await judge({ urgency: 'ask', reason: 'a joke' }, 'provider').expect(200);
    expect(body).toMatchObject({ urgency: 'ask', messages: [{ triage: { urgency: 'ask', by: 'provider', reason: 'a joke' } }] });
  });
});

describe('what went out by itself', () => {
  const start = '2026-12-03T15:00:00.000Z';
  let desk: OutreachDesk;
  let count = 0;

  beforeEach(async () => {
    desk = new OutreachDesk(database.open(`inbox-${(count += 1)}`, 4), '2026-11-24T15:00:00Z');
    await desk.register();
    await desk.book(start);
    const message = { channel: 'sms' as const, from: '+12125550100', body: 'hello', providerMessageId: `SM-in-${count}`, receivedAt: desk.clock.now() };
    await inTransaction(desk.db, (trx) => receiveMessage(trx, desk, message, async () => [desk.patientId]));
  });
  const out = async () => ((await conversation(desk.db, desk.patientId))?.messages ?? []).filter(({ direction }) => direction === 'out');

  test('stands in the thread word for word, without the token of the link, and sealed in the log', async () => {
    await desk.play('2026-12-03T14:00:00Z', 60);
    const [texts, letters] = [desk.sms.accepted, desk.email.accepted];
    expect(texts.length).toBeGreaterThan(0);
    const shown = await out();
    expect(shown.filter(({ channel }) => channel === 'sms').map(({ body }) => body)).toEqual(texts.map(({ body }) => body));
    const cut = (text: string) => text.replace(/\/p\/[\w-]+/g, '/p/…');
    expect(shown.filter(({ channel }) => channel === 'email').map(({ subject, body }) => [subject, body])).toEqual(
      letters.map(({ email, body }) => [email?.subject, cut(body)]),
    );
    const log = JSON.stringify(await desk.db.selectFrom('event').select(['data', 'meta']).execute());
    for (const { body } of texts) expect(log).not.toContain(body);
    expect(await desk.db.selectFrom('attempted_text').selectAll().execute()).toEqual([]);
    expect(await compareWithLog({ db: desk.db, store: desk.store, projection: conversationProjection })).toEqual([]);
  });

  test('of an attempt in doubt appears once it is proved to have left, and never before', async () => {
    desk.sms.plan.push({ answer: { kind: 'in-doubt', why: 'no answer' }, accepts: true });
    await desk.play('2026-12-03T14:00:00Z', 60);
    const sent = (await out()).filter(({ channel }) => channel === 'sms');
    expect(sent.map(({ body }) => body)).toEqual(desk.sms.accepted.map(({ body }) => body));
  });

  test('cannot be read any more once the patient is erased (invariant 13)', async () => {
    await desk.play('2026-12-03T14:00:00Z', 60);
    await inTransaction(desk.db, (trx) => erasePatient(trx, desk, { patientId: desk.patientId, reason: 'asked for it' }));
    const shown = await out();
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.every(({ body, subject }) => body === null && subject === null)).toBe(true);
    expect(await compareWithLog({ db: desk.db, store: desk.store, projection: conversationProjection })).toEqual([]);
  });
});

test('answers are suggested from approved texts alone, filled in and ready to send', async () => {
  const { conversationId } = await stage.text('I have a rash', { from: phone(1) });
  const { items } = (await get(`conversations/${conversationId}/suggestions`).expect(200)).body as { items: { key: string; language: string; text: string }[] };
  expect(items.map(({ key }) => key)).toEqual(expect.arrayContaining(['soon.received', 'ask.general']));
  expect(items.every(({ text, language }) => language === 'en' && text.includes(stage.clinic.name) && !text.includes('{{'))).toBe(true);
  await get('conversations/nobody/suggestions').expect(404);
});
