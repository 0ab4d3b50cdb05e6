import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hashToken } from '#platform';
import { CoursesController } from '../apps/api/courses.controller.js';
import { BookingDesk } from './support/booking.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { serve, type Served } from './support/served.js';

/* Where a session may go, asked and used over HTTP as the console does. */
let database: TestDatabase;
let at: BookingDesk;
let served: Served;
beforeAll(async () => {
  database = await createTestDatabase();
  at = new BookingDesk(database.open('choices', 4));
  await at.db
    .insertInto('api_key')
    .values({ name: 'desk', key_hash: hashToken('desk'), roles: ['front_desk'], created_at: at.clock.now() })
    .execute();
  const { db, store, clock } = at;
  served = await serve([CoursesController], { db, store, clock, treatment: async () => at.context, wake: () => undefined });
});
afterAll(async () => {
  await served?.close();
  await database.close();
});

const get = (path: string) => served.http.get(`/v1/${path}`).set('Authorization', 'Bearer desk');
const move = (id: string, start: string) => served.http.post(`/v1/sessions/${id}/reschedule`).set('Authorization', 'Bearer desk').send({ start });

test('a week of days is answered, each with starts or a reason; a move to one of them is taken and another refused', async () => {
  const { course } = await at.open('ana', [{ protocolId: 'microneedling.cosmetic', sessions: 2 }]);
  const [, second] = course.sessions;
  const path = (from: string, more = '') => `courses/${course.courseId}/choices?sessionId=${second?.sessionId}&from=${from}${more}`;
  const own = second?.booking?.start.slice(0, 10) ?? '';
  const { body } = await get(path(own)).expect(200);
  const { gridMinutes, items } = body as { gridMinutes: number; items: { date: string; starts: string[]; because: { detail: string }[] }[] };
  expect([gridMinutes, items.length, items[0]?.date]).toEqual([15, 7, own]);
  expect(items.every(({ starts, because }) => starts.length > 0 !== because.length > 0)).toBe(true);
  const chosen = items[0]?.starts.find((start) => start !== second?.booking?.start) ?? '';
  await move(second?.sessionId ?? '', chosen).expect(200);
  const tooSoon = `${course.sessions[0]?.booking?.start.slice(0, 10)}T16:00:00.000Z`;
  const refused = await move(second?.sessionId ?? '', tooSoon).expect(409);
  expect((refused.body as { constraints: { constraint: string }[] }).constraints.map(({ constraint }) => constraint)).toContain('interval');
  await get(path('soon')).expect(400);
  await get(path(own, '&days=15')).expect(400);
});

test('any day of a session is answered: its first start, or every constraint that forbids it (invariant 14)', async () => {
  const { course } = await at.open('bea', [{ protocolId: 'microneedling.cosmetic', sessions: 2 }]);
  const [first, second] = course.sessions;
  const path = (date: string, id = second?.sessionId) => `courses/${course.courseId}/why-not?sessionId=${id}&date=${date}`;
  const own = second?.booking?.start.slice(0, 10) ?? '';
  await get(path(own)).expect(200, /"allowed":true/);
  const { body } = await get(path(first?.booking?.start.slice(0, 10) ?? '')).expect(200);
  expect(body).toMatchObject({
    allowed: false,
    because: expect.arrayContaining([{ constraint: 'interval', detail: expect.stringContaining('days from session 1') }]),
  });
  await get(path(own, 'none')).expect(404);
  await get(path('soon')).expect(400);
});

test('free starts leave out the session that is to be moved, and no other', async () => {
  const { course } = await at.open('cleo', [{ protocolId: 'microneedling.cosmetic', sessions: 1 }]);
  const [session] = course.sessions;
  const start = session?.booking?.start ?? '';
  const day = start.slice(0, 10);
  const path = `availability?protocolId=microneedling.cosmetic&from=${day}&to=${day}T23:59:00Z&patientId=cleo`;
  const starts = async (more = '') => ((await get(path + more).expect(200)).body as { items: { start: string }[] }).items.map((free) => free.start);
  expect(await starts()).toEqual([]);
  expect(await starts('&sessionId=none')).toEqual([]);
  expect(await starts(`&sessionId=${session?.sessionId}`)).toContain(start);
});

test('proposals lie back from the day on which the skin is to be at its best; a day too near is refused with what would do', async () => {
  const clinic = at.clinic;
  at.clinic = { ...clinic, scheduling: 'propose' };
  const { course } = await at.open('dora', [{ protocolId: 'microneedling.cosmetic', sessions: 3 }]);
  at.clinic = clinic;
  const propose = (bestOn: string) => served.http.post(`/v1/courses/${course.courseId}/proposals`).set('Authorization', 'Bearer desk').send({ bestOn });
  const { body } = await propose('2027-06-12').expect(200);
  const [best] = (body as { items: { optimal: boolean; sessions: { start: string }[] }[] }).items;
  const { downtimeDays } = at.context.protocols.get('microneedling.cosmetic') ?? { downtimeDays: Number.NaN };
  const unused = (Date.parse('2027-06-12') - Date.parse(best?.sessions.at(-1)?.start.slice(0, 10) ?? '')) / 86_400_000 - downtimeDays;
  expect(best?.optimal).toBe(true);
  // The clinic is closed on some days of a week, on none of which healing can begin.
  expect(unused).toBeGreaterThanOrEqual(1);
  expect(unused).toBeLessThanOrEqual(4);
  const refused = await propose('2026-12-20').expect(409);
  expect(refused.body).toMatchObject({
    constraint: 'social_event',
    relaxations: expect.arrayContaining([expect.objectContaining({ constraint: 'social_event' })]),
  });
  await propose('soon').expect(400);
});
