import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { compareWithLog } from '#event-store';
import { deterministicId } from '#platform';
import { Conversations } from '../../test/support/conversation.js';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.js';
import {
  acknowledgeTask,
  completeTask,
  conversationProjection,
  type Effect,
  markTriage,
  nextConversationDue,
  openTask,
  recordAnswer,
  resolveConversation,
} from './index.js';

/* The time a patient waits, and the time a task may take, as rows of a ledger (invariant 8). Tuesday, ten in the morning in New York. */
let database: TestDatabase;
let stage: Conversations;

beforeAll(async () => {
  database = await createTestDatabase();
});
beforeEach(async () => {
  stage = await Conversations.open(database, { connections: 6 });
});
afterAll(async () => database.close());

const hours = (count: number) => count * 60;
const types = async (pattern: string) =>
  (await stage.db.selectFrom('event').select(['type', 'data', 'occurred_at']).where('type', 'like', pattern).orderBy('position').execute()).map(
    ({ type, data, occurred_at: at }) => ({ type, data: data as Record<string, unknown>, at: at.toISOString() }),
  );
/** Rounds of one worker until nothing is left to do now; answers who was reminded. */
async function settle(minutes = 0): Promise<string[]> {
  stage.after(minutes);
  stage.effects = [];
  while ((await stage.round()) > 0);
  return stage.of('remind').map(({ staffId, on, channel }) => `${staffId} ${on} ${channel}`);
}
const desk = (name: string, minutes: number) =>
  stage.run((trx) =>
    openTask(trx, stage.context, {
      taskId: name,
      kind: 'desk',
      why: 'a visit to be moved',
      dueAt: new Date(stage.clock.now().getTime() + minutes * 60_000),
      role: 'front_desk',
    }),
  );
const answer = () =>
  stage.run((trx) =>
    recordAnswer(trx, stage.context, {
      conversationId: 'ana',
      messageId: deterministicId('answer', stage.clock.now().toISOString()),
      channel: 'sms',
      body: 'Come in today.',
      author: 'np-reyes',
    }),
  );

describe('a patient who waits for a person', () => {
  test('is shown as waiting, with the instant by which someone should have answered', async () => {
    await stage.text('a rash');
    expect(await stage.thread('ana')).toMatchObject({ unansweredSince: '2026-11-24T15:00:00.000Z', answerBy: '2026-11-24T19:00:00.000Z' });
    expect(await nextConversationDue(stage.db)).toEqual(new Date('2026-11-24T19:00:00Z'));
  });

  test('is recorded as unanswered at that instant, and the next person hears of it, then the next', async () => {
    await stage.text('a rash');
    expect(await settle(hours(4) - 1)).toEqual([]);
    expect(await types('answer.%')).toEqual([]);
    const providers = ['dr-okafor', 'np-reyes', 'ae-lindqvist'].map((id) => `${id} 2026-11-24 email`);
    expect((await settle(1)).sort()).toEqual(providers.sort());
    expect(await types('answer.%')).toMatchObject([
      { type: 'answer.overdue.v1', data: { conversationId: 'ana', urgency: 'soon' }, at: '2026-11-24T19:00:00.000Z' },
    ]);
    // The director is among the providers, and has been told: nobody is left.
    expect(await settle(hours(48))).toEqual([]);
    expect((await stage.tasks('open'))[0]).toMatchObject({ kind: 'review', told: ['dr-okafor', 'np-reyes', 'ae-lindqvist'] });
  });

  test.each<[string, () => Promise<unknown>]>([
    ['a person answers', answer],
    ['the thread is resolved', () => stage.run((trx) => resolveConversation(trx, stage.context, { conversationId: 'ana', by: 'np-reyes' }))],
    [
      'the task is done',
      async () => {
        const [task] = await stage.tasks('open');
        await stage.run((trx) => completeTask(trx, stage.context, { taskId: task?.id ?? '', by: 'np-reyes' }));
      },
    ],
    [
      'a clinician says that it is nothing, and why',
      async () => {
        const messageId = (await stage.thread('ana')).messages[0]?.id ?? '';
        const judgement = {
          conversationId: 'ana',
          messageId,
          urgency: 'administrative' as const,
          reason: 'a typing error',
          by: 'np-reyes',
          roles: ['provider'],
        };
        await stage.run((trx) => markTriage(trx, stage.context, { ...judgement, clinic: stage.clinic }));
        const [task] = await stage.tasks('open');
        await stage.run((trx) => completeTask(trx, stage.context, { taskId: task?.id ?? '', by: 'np-reyes' }));
      },
    ],
  ])('waits no more once %s', async (_what, end) => {
    await stage.text('a rash');
    stage.after(60);
    await end();
    expect(await stage.thread('ana')).toMatchObject({ unansweredSince: null, answerBy: null });
    expect(await settle(hours(72))).toEqual([]);
    expect(await types('answer.%')).toEqual([]);
  });

  test('an automatic text is no answer of a person', async () => {
    await stage.text('a rash');
    await stage.fact('outreach.sent.v1', 'outreach/ana', {
      outreachId: 'o1',
      patientId: 'ana',
      touchpoint: 'soon.received',
      category: 'answer',
      channel: 'sms',
      sentAt: stage.clock.now().toISOString(),
      question: null,
    });
    expect((await settle(hours(4))).length).toBeGreaterThan(0);
  });

  test('of an urgent reply is left to the ladder until someone has it; then it is that one who hears first', async () => {
    await stage.text('there is pus');
    await settle(hours(3));
    expect(stage.of('page').length).toBeGreaterThan(0);
    expect(await types('answer.%')).toHaveLength(1);
    expect(await types('task.overdue%')).toEqual([]);
    const [task] = await stage.tasks('open');
    await stage.run((trx) => acknowledgeTask(trx, stage.context, { taskId: task?.id ?? '', by: 'np-reyes' }));
    expect(await stage.thread('ana')).toMatchObject({ answerBy: '2026-11-24T19:00:00.000Z' });
    expect(await settle(59)).toEqual([]);
    expect(await settle(1)).toEqual(['np-reyes 2026-11-24 email']);
    expect(await settle(hours(2))).toEqual(['dr-okafor 2026-11-24 email']);
    expect((await stage.tasks('acknowledged'))[0]?.told).toEqual(['np-reyes', 'dr-okafor']);
    expect(stage.of('page')).toEqual([]);
  });
});

describe('a task that is not done in time', () => {
  test('climbs from its owner to its role to the director, two hours of opening apart', async () => {
    await desk('t1', 30);
    await stage.run((trx) => acknowledgeTask(trx, stage.context, { taskId: 't1', by: 'np-reyes' }));
    expect(await settle(30)).toEqual(['np-reyes 2026-11-24 email']);
    expect(await settle(hours(2))).toEqual(['desk-tan 2026-11-24 email']);
    expect(await settle(hours(2))).toEqual(['dr-okafor 2026-11-24 email']);
    expect(await settle(hours(100))).toEqual([]);
    expect(await nextConversationDue(stage.db)).toBeNull();
  });

  test('costs a person one reminder a day, however many tasks there are', async () => {
    for (const number of [1, 2, 3, 4, 5]) await desk(`t${number}`, number * 20);
    const said = [await settle(20), await settle(20), await settle(20), await settle(20), await settle(20)];
    expect(said).toEqual([['desk-tan 2026-11-24 email'], [], [], [], []]);
    // What came after the reminder of the day waits for the next morning.
    expect(await settle(40)).toEqual(['dr-okafor 2026-11-24 email']);
    expect(await settle(hours(2))).toEqual([]);
    expect(await nextConversationDue(stage.db)).toEqual(new Date('2026-11-25T14:00:00Z'));
    stage.clock.moveTo(new Date('2026-11-25T13:59:00Z'));
    expect(await settle()).toEqual([]);
    expect(await settle(1)).toEqual(['desk-tan 2026-11-25 email', 'dr-okafor 2026-11-25 email']);
  });

  test('reminds nobody at night or on a day that is closed', async () => {
    stage.clock.moveTo(new Date('2026-11-25T22:00:00Z'));
    await desk('t1', hours(6));
    expect(await settle(hours(6))).toEqual([]);
    expect(await nextConversationDue(stage.db)).toEqual(new Date('2026-11-27T14:00:00Z'));
    stage.clock.moveTo(new Date('2026-11-27T14:00:00Z'));
    expect(await settle()).toContain('desk-tan 2026-11-27 email');
  });

  test('reminds nobody when all is done by the hour of the reminder, and again when something else is late that day', async () => {
    stage.clock.moveTo(new Date('2026-11-25T02:00:00Z'));
    await desk('t1', 10);
    await settle(10);
    await stage.run((trx) => completeTask(trx, stage.context, { taskId: 't1', by: 'desk-tan' }));
    stage.clock.moveTo(new Date('2026-11-25T14:00:00Z'));
    expect(await settle()).toEqual([]);
    expect(await types('staff-reminder.dropped%')).toHaveLength(1);
    await desk('t2', 10);
    expect(await settle(10)).toEqual(['desk-tan 2026-11-25 email']);
  });
});

describe('several workers', () => {
  test('record each silence once, let each task climb once and remind each person once, also after a restart', async () => {
    for (let number = 0; number < 8; number += 1) await stage.text('I have a rash', { from: `+1212555${4000 + number}` });
    for (let number = 0; number < 8; number += 1) await desk(`t${number}`, hours(4));
    stage.after(hours(4));
    const reminded: string[] = [];
    const keep = async (_trx: unknown, effects: readonly Effect[]) => {
      reminded.push(...effects.flatMap((effect) => (effect.type === 'remind' ? [`${effect.staffId} ${effect.on}`] : [])));
    };
    // Nothing of a round is remembered by the worker that made it: each of these could be another process, started anew.
    for (let turn = 0; turn < 6; turn += 1) await Promise.all([1, 2, 3].map(() => stage.round(keep)));
    expect(await types('answer.overdue%')).toHaveLength(8);
    expect(await types('task.overdue%')).toHaveLength(16);
    expect(reminded.sort()).toEqual(['ae-lindqvist 2026-11-24', 'desk-tan 2026-11-24', 'dr-okafor 2026-11-24', 'np-reyes 2026-11-24']);
    expect(await compareWithLog({ db: stage.db, store: stage.store, projection: conversationProjection })).toEqual([]);
  });
});
