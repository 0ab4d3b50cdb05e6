import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Temporal } from 'temporal-polyfill';
import { Conversations } from '../../test/support/conversation.js';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.js';
import { acknowledgeTask, type Effect, nextConversationDue } from './index.js';

/* Both changes of the clocks in the clinic's zone, lived through by two workers: ladders count minutes, deadlines the hours on the wall (invariant 8). */
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => database.close());

const zone = 'America/New_York';
const instant = (local: string) => Temporal.PlainDateTime.from(local).toZonedDateTime(zone).toInstant().toString();
const wall = (at: Date | null | undefined) =>
  at === null || at === undefined ? null : Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone).toString({ timeZoneName: 'never' });

const open = (local: string) => Conversations.open(database, { at: instant(local), connections: 4 });

/** Two workers look every `step` minutes until an instant; answers what they asked for, with the minutes since the start. */
async function live(stage: Conversations, until: string, step = 5): Promise<{ readonly minute: number; readonly effect: Effect }[]> {
  const [from, seen]: [number, { minute: number; effect: Effect }[]] = [stage.clock.now().getTime(), []];
  const minute = () => (stage.clock.now().getTime() - from) / 60_000;
  const keep = async (_trx: unknown, effects: readonly Effect[]) => void seen.push(...effects.map((effect) => ({ minute: minute(), effect })));
  while (stage.clock.now() < new Date(instant(until))) {
    stage.after(step);
    // What a round has moved to this very instant is taken up by the next.
    while ((await Promise.all([stage.round(keep), stage.round(keep)])).some((done) => done > 0));
  }
  return seen;
}

describe.each([
  // The hour from two to three is not there; the night has eleven hours from eight to eight.
  ['spring', '2026-03-08T00:50', '2026-03-08T03:30', 100],
  // The hour from one to two comes twice.
  ['autumn', '2026-11-01T00:50', '2026-11-01T02:30', 160],
])('on the night of %s', (_season, night, morning, length) => {
  test('each rung is paged once, by the minutes that pass, and the last on and on', async () => {
    const stage = await open(night);
    await stage.text('there is pus');
    const pages = (await live(stage, morning)).flatMap(({ minute, effect }) =>
      effect.type === 'page' ? [`${minute} ${effect.rung}.${effect.attempt} ${effect.channel}`] : [],
    );
    const director = Array.from({ length: length / 10 }, (_, turn) => ['sms', 'email'].map((channel) => `${10 + turn * 10} 2.${turn + 1} ${channel}`));
    expect(pages).toEqual(['5 1.1 sms', ...director.flat()]);
  });

  test('whoever takes the task is paged no more when the hour comes again', async () => {
    const stage = await open(night);
    await stage.text('there is pus');
    const [task] = await stage.tasks('open');
    await stage.run((trx) => acknowledgeTask(trx, stage.context, { taskId: task?.id ?? '', by: 'np-reyes' }));
    expect(await live(stage, morning)).toEqual([]);
  });
});

describe.each([
  ['spring', '2026-03-07T15:00', '2026-03-09T12:00:00-04:00', '2026-03-09'],
  ['autumn', '2026-10-31T15:00', '2026-11-02T12:00:00-05:00', '2026-11-02'],
])('over the weekend of the change in %s', (_season, saturday, monday, day) => {
  test('a patient who writes on Saturday waits until Monday noon on the wall, and someone hears of it then, once', async () => {
    const stage = await open(saturday);
    await stage.text('I have a rash');
    expect(wall(await nextConversationDue(stage.db))).toBe(monday);
    const told = await live(stage, `${day}T13:00`, 30);
    const reminded = told.flatMap(({ effect }) => (effect.type === 'remind' ? [`${effect.staffId} ${effect.on}`] : []));
    expect(reminded.sort()).toEqual(['ae-lindqvist', 'dr-okafor', 'np-reyes'].map((id) => `${id} ${day}`));
    const overdue = await stage.db.selectFrom('event').select('occurred_at').where('type', '=', 'answer.overdue.v1').execute();
    expect(overdue.map(({ occurred_at: at }) => wall(at))).toEqual([monday]);
  });

  test('what is late as the clinic closes is told when it opens on Monday, and to the next two hours on', async () => {
    const stage = await open(saturday);
    await stage.text('there is pus');
    const [task] = await stage.tasks('open');
    await stage.run((trx) => acknowledgeTask(trx, stage.context, { taskId: task?.id ?? '', by: 'np-reyes' }));
    // One hour of opening is left of Saturday: it is late just as the clinic closes, and Sunday is let pass.
    await live(stage, `${saturday.slice(0, 10)}T16:00`, 30);
    const later = await live(stage, `${day}T11:30`, 30);
    const reminded = later.flatMap(({ effect }) => (effect.type === 'remind' ? [`${effect.staffId} ${effect.on}`] : []));
    expect(reminded).toEqual([`np-reyes ${day}`, `dr-okafor ${day}`]);
  });
});
