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
