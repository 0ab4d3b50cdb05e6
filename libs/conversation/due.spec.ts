import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Conversations, shortly } from '../../test/support/conversation.js';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.js';
import { acknowledgeTask, type PageStaff } from './index.js';

/* Ladders and silences as rows of a ledger: each taken up once, by whichever worker, and none in the way of another (invariant 8). */
let database: TestDatabase;
let stage: Conversations;

beforeAll(async () => {
  database = await createTestDatabase();
});
beforeEach(async () => {
  stage = await Conversations.open(database, { connections: 6 });
});
afterAll(async () => database.close());

const phone = (number: number) => `+1212555${String(3000 + number)}`;
const cries = async (count: number) => {
  for (let number = 0; number < count; number += 1) await stage.text('there is pus', { from: phone(number) });
};

describe('three workers at once', () => {
  test('page once for each rung of each patient, whoever gets there first', async () => {
    await cries(12);
    stage.after(5);
    const pages: PageStaff[] = [];
    const done = await Promise.all([1, 2, 3].map(() => stage.round(async (_trx, effects) => void pages.push(...(effects as PageStaff[])))));
    expect(done.reduce((sum, count) => sum + count, 0)).toBe(12);
    expect(shortly(pages)).toEqual(Array.from({ length: 12 }, () => '1.1 np-reyes sms'));
    expect(new Set(pages.map(({ taskId }) => taskId)).size).toBe(12);
    expect(await stage.db.selectFrom('event').select('stream').where('type', '=', 'task.escalated.v1').where('data', '@>', { rung: 1 }).execute()).toHaveLength(
      12,
    );
  });

  test('page nobody for a task that is acknowledged meanwhile: either the page or the word comes first', async () => {
    await cries(6);
    const escalations = await stage.tasks('open');
    stage.after(5);
    const acknowledged = escalations.map(({ id: taskId }) => stage.run((trx) => acknowledgeTask(trx, stage.context, { taskId, by: 'dr-okafor' })));
    await Promise.all([...acknowledged, stage.round(), stage.round()]);
    stage.after(600);
    expect(await stage.due()).toEqual([]);
    const ladders = await stage.db.selectFrom('escalation').select(['status', 'next_attempt_at']).execute();
    expect(ladders.every((rung) => rung.status === 'stopped' && rung.next_attempt_at === null)).toBe(true);
  });

  test('ask the provider once about a question that the patient left unanswered', async () => {
    await stage.sessionDone('chemical_peel.superficial', '2026-11-23');
    await stage.text('no fever');
    stage.after(120);
    await Promise.all([1, 2, 3].map(() => stage.round()));
    expect((await stage.tasks()).map(({ why }) => why)).toEqual(['a clarifying question went unanswered']);
  });
});

describe('a task that cannot be served', () => {
  test('holds up no other, is reported, leaves nothing half done, and is served once it can be', async () => {
    await cries(4);
    const [faulty] = await stage.tasks('open');
    stage.after(5);
    const [paged, reported]: [PageStaff[], string[]] = [[], []];
    const done = await stage.round(
      async (_trx, effects) => {
        if ((effects as PageStaff[]).some(({ taskId }) => taskId === faulty?.id)) throw new Error('nothing can be entered for this one');
        paged.push(...(effects as PageStaff[]));
      },
      (_error, due) => reported.push(due.id),
    );
    expect([done, paged.length, reported]).toEqual([3, 3, [faulty?.id]]);
    expect((await stage.due()).map(({ taskId, rung }) => [taskId, rung])).toEqual([[faulty?.id, 1]]);
    expect(await stage.due()).toEqual([]);
  });

  test('holds up nobody even when a hundred of them are due before', async () => {
    await cries(3);
    const tasks = await stage.tasks('open');
    const last = tasks.at(-1)?.id ?? '';
    // A hundred and more rungs that stay due: more than one batch of the ledger.
    const rungs = tasks.slice(0, 2).flatMap(({ id }) => Array.from({ length: 70 }, (_, rung) => ({ id, rung: rung + 10 })));
    const due = new Date(stage.clock.now().getTime() - 60_000);
    await stage.db
      .insertInto('escalation')
      .values(
        rungs.map(({ id, rung }) => ({
          task_id: id,
          rung,
          role: 'on_call',
          channels: ['sms'],
          due_at: due,
          next_attempt_at: due,
          is_last: false,
          status: 'waiting',
        })),
      )
      .execute();
    stage.after(5);
    const paged: string[] = [];
    await stage.round(
      async (_trx, effects) => {
        const [page] = effects as PageStaff[];
        if (page?.taskId !== last) throw new Error('broken');
        paged.push(page.taskId);
      },
      () => undefined,
    );
    expect(paged).toEqual([last]);
  });

  test('does not spoil the reply of another patient either: a message climbs its own ladder only', async () => {
    await cries(1);
    stage.after(5);
    await stage.text('I can not breathe', { from: phone(9) });
    expect(shortly(stage.of('page'))).toEqual(['0.1 np-reyes sms', '0.1 np-reyes email']);
    expect(shortly(await stage.due())).toEqual(['1.1 np-reyes sms']);
  });
});
