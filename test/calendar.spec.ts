import { afterAll, beforeAll, expect, test } from '@jest/globals';
import ical, { type CalendarResponse, type VEvent } from 'node-ical';
import type { OutgoingMessage } from '#messaging';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { OutreachDesk } from './support/outreach.js';

let database: TestDatabase;
beforeAll(async () => void (database = await createTestDatabase()));
afterAll(async () => database.close());

const isEvent = (component: CalendarResponse[string]): component is VEvent => component?.type === 'VEVENT';
const calendars = (mails: readonly OutgoingMessage[]) =>
  mails.flatMap(({ email }) => {
    if (email?.calendar === undefined) return [];
    const { method, content } = email.calendar;
    return [{ method, visits: Object.values(ical.sync.parseICS(content)).filter(isEvent) }];
  });

test('e-mails carry a visit into the calendar, move it and take it out, each time as a later word on the same visit', async () => {
  const at = new OutreachDesk(database.open('calendar', 22), '2026-12-01T15:00:00Z');
  await at.register(['email']);
  const [first, second, moved] = ['2026-12-15T15:00:00.000Z', '2027-01-12T15:00:00.000Z', '2026-12-17T15:00:00.000Z'] as const;
  await at.book(first, second);
  await at.play('2026-12-02T17:00:00Z', 60);
  await at.move(1, first, moved);
  await at.play('2026-12-03T20:00:00Z', 60);
  await at.cancel(1, 'clinic');
  await at.play('2026-12-04T20:00:00Z', 60);

  const [plan, change, end, ...more] = calendars(at.email.accepted);
  expect(more).toEqual([]);
  expect(plan?.method).toBe('PUBLISH');
  expect(plan?.visits.map((visit) => [visit.start.toISOString(), Number(visit.sequence)])).toEqual([
    [first, 0],
    [second, 0],
  ]);
  expect(change?.method).toBe('REQUEST');
  expect(change?.visits.map((visit) => [visit.start.toISOString(), Number(visit.sequence), visit.summary])).toEqual([
    [moved, 1, 'Visit at Afterglow Skin Studio'],
  ]);
  expect(end?.method).toBe('CANCEL');
  expect(end?.visits.map((visit) => [Number(visit.sequence), visit.status])).toEqual([[2, 'CANCELLED']]);
  const names = [plan?.visits[0]?.uid, change?.visits[0]?.uid, end?.visits[0]?.uid];
  expect(new Set(names).size).toBe(1);
});

test('a visit that the patient called off leaves the calendar, and they have it in writing', async () => {
  const at = new OutreachDesk(database.open('own-wish', 22), '2026-12-01T15:00:00Z');
  await at.register(['email']);
  const [first, second] = ['2026-12-15T15:00:00.000Z', '2027-01-12T15:00:00.000Z'] as const;
  await at.book(first, second);
  await at.play('2026-12-02T17:00:00Z', 60);
  await at.cancel(1, 'patient');
  await at.play('2026-12-03T20:00:00Z', 60);
  const [plan, end, ...more] = calendars(at.email.accepted);
  expect(more).toEqual([]);
  expect(end?.method).toBe('CANCEL');
  expect(end?.visits.map((visit) => [visit.uid, visit.status, Number(visit.sequence)])).toEqual([[plan?.visits[0]?.uid, 'CANCELLED', 1]]);
  expect(at.email.accepted.at(-1)?.body).toMatch(/As you asked, this visit is off/);
});

test('other e-mails carry none', async () => {
  const at = new OutreachDesk(database.open('no-calendar', 22), '2026-12-01T15:00:00Z');
  await at.register(['email']);
  await at.book('2026-12-15T15:00:00.000Z');
  await at.play('2026-12-14T20:00:00Z', 120);
  const bare = at.email.accepted.filter(({ email }) => email?.calendar === undefined);
  expect(bare.length).toBeGreaterThan(2);
  expect(calendars(at.email.accepted)).toHaveLength(1);
});
