import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import ical, { type CalendarResponse, type VEvent } from 'node-ical';
import type { OutgoingMessage } from '#messaging';
import { erasePatient, patientProjection } from '#patient';
import { hashToken, inTransaction } from '#platform';
import { cancelSession, openCourse, rescheduleSession } from '#treatment';
import { CalendarsController } from '../apps/api/calendars.controller.js';
import { BookingDesk, desk as frontDesk, director, sampleClinic } from './support/booking.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { OutreachDesk } from './support/outreach.js';
import { serve, type Served } from './support/served.js';

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

describe('calendars to subscribe to', () => {
  const protocolId = 'chemical_peel.superficial';
  let at: BookingDesk;
  let served: Served;
  let courseId = '';
  const as = (key: string) => ({ authorization: `Bearer ${key}` });

  beforeAll(async () => {
    at = new BookingDesk(database.open('feeds', 6));
    const { db, store, clock, context } = at;
    const person = { givenName: 'ana', familyName: 'Ruiz', phone: '+12125550100' };
    const registered = {
      id: crypto.randomUUID(),
      type: 'patient.registered.v1',
      data: { patientId: 'ana' },
      personal: { person },
      patientId: 'ana',
      occurredAt: clock.now(),
    };
    await inTransaction(db, (trx) => store.append(trx, [{ stream: 'patient/ana', expected: 'any', events: [registered] }]));
    await inTransaction(db, async (trx) => patientProjection(store).apply(trx, await store.readPatient(trx, 'ana')));
    const ask = { consultationId: 'c-ana', patientId: 'ana', planId: 'p', locationId: 'nyc', items: [{ protocolId, sessions: 3 }] };
    courseId = (await openCourse(context, ask)).course.courseId;
    for (const [name, roles] of Object.entries({ desk: ['front_desk'], provider: ['provider'], auditor: ['auditor'] }))
      await db
        .insertInto('api_key')
        .values({ name, key_hash: hashToken(name), roles, created_at: clock.now() })
        .execute();
    const config = { PUBLIC_URL: 'https://clinic.example', MAIL_FROM: 'Clinic <care@clinic.example>' };
    served = await serve([CalendarsController], { config, db, store, clock, clinic: async () => sampleClinic, treatment: async () => context });
  });
  afterAll(() => served.close());

  async function addressOf(kind: string, id: string): Promise<{ id: string; path: string }> {
    const { body } = await served.http.post('/v1/calendars').set(as('desk')).send({ kind, id }).expect(201);
    const { id: feedId, address } = body as { id: string; address: string };
    return { id: feedId, path: address.replace('https://clinic.example', '') };
  }

  const visitsIn = (content: string) => Object.values(ical.sync.parseICS(content)).filter(isEvent);
  const sessionsNow = async () => (await at.db.selectFrom('session').selectAll().orderBy('start_at').execute()).map((row) => ({ id: row.session_id, ...row }));

  test('a patient, a provider and a room each read where and when, and nobody reads what for (invariant 11)', async () => {
    const sessions = await sessionsNow();
    const [first] = sessions;
    const feeds = [await addressOf('patient', 'ana'), await addressOf('provider', first?.provider_id ?? ''), await addressOf('room', first?.room_id ?? '')];
    const texts = await Promise.all(
      feeds.map(
        async ({ path }) =>
          (
            await served.http
              .get(path)
              .expect(200)
              .expect('content-type', /text\/calendar/)
          ).text,
      ),
    );
    expect(texts.map((text) => visitsIn(text)[0]?.summary)).toEqual(['Appointment', 'Appointment A. R.', 'Busy']);
    expect(visitsIn(texts[0] ?? '').map(({ start, uid, status }) => [start.toISOString(), uid, status])).toEqual(
      sessions.map(({ start_at: start, id }) => [start?.toISOString(), `${id}@clinic.example`, 'CONFIRMED']),
    );
    for (const [index, text] of texts.entries()) {
      expect(text).not.toMatch(/peel|ruiz|chemical|\+1212|treatment/i);
      expect(feeds[index]?.path).toMatch(/^\/calendars\/[\w-]{32}\.ics$/);
      expect(text).toMatch(/BEGIN:VTIMEZONE\r\nTZID:America\/New_York/);
    }
  });

  test('nothing new is nothing to send; a move and a cancellation are, under the same name with a higher sequence', async () => {
    const { path } = await addressOf('patient', 'ana');
    const { headers } = await served.http.get(path).expect(200).expect('cache-control', 'private, no-cache');
    await served.http.get(path).set('if-none-match', String(headers['etag'])).expect(304);
    await served.http.get(path).set('if-modified-since', String(headers['last-modified'])).expect(304);
    const sessions = await sessionsNow();
    const [last, middle] = [sessions.at(-1), sessions.at(-2)];
    const start = new Date((last?.start_at?.getTime() ?? 0) + 7 * 86_400_000).toISOString();
    await rescheduleSession(at.context, last?.id ?? '', { start }, frontDesk);
    await cancelSession(at.context, middle?.id ?? '', { reason: 'ill', by: 'patient' }, frontDesk);
    const { text } = await served.http
      .get(path)
      .set('if-none-match', String(headers['etag']))
      .set('if-modified-since', String(headers['last-modified']))
      .expect(200);
    const after = new Map(visitsIn(text).map((visit) => [visit.uid, visit]));
    expect(after.size).toBe(sessions.length);
    expect(after.get(`${last?.id}@clinic.example`)).toMatchObject({ status: 'CONFIRMED', sequence: 1 });
    expect(after.get(`${last?.id}@clinic.example`)?.start.toISOString()).toBe(start);
    expect(after.get(`${middle?.id}@clinic.example`)).toMatchObject({ status: 'CANCELLED', sequence: 1 });
  });

  test('an address that was revoked, or that nobody gave out, opens nothing', async () => {
    const [{ id, path }, other] = [await addressOf('patient', 'ana'), await addressOf('patient', 'ana')];
    await served.http.delete(`/v1/calendars/${id}`).set(as('desk')).expect(204);
    await served.http.delete(`/v1/calendars/${id}`).set(as('desk')).expect(204);
    await served.http.get(path).expect(404);
    await served.http.get(other.path).expect(200);
    await served.http.get('/calendars/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.ics').expect(404);
    const { body } = await served.http.get('/v1/calendars?kind=patient&id=ana').set(as('desk')).expect(200);
    expect(JSON.stringify(body)).not.toContain(path.slice(11, 43));
    expect((body as { items: { id: string }[] }).items.map((item) => item.id)).not.toContain(id);
  });

  test('who may give it out: the desk, a provider for patients; looks at a patient are written down', async () => {
    await served.http.post('/v1/calendars').send({ kind: 'room', id: 'nyc-r1' }).expect(401);
    await served.http.post('/v1/calendars').set(as('auditor')).send({ kind: 'patient', id: 'ana' }).expect(403);
    await served.http.post('/v1/calendars').set(as('provider')).send({ kind: 'provider', id: director.id }).expect(403);
    await served.http.post('/v1/calendars').set(as('provider')).send({ kind: 'patient', id: 'ana' }).expect(201);
    for (const kind of ['patient', 'room', 'provider']) await served.http.post('/v1/calendars').set(as('desk')).send({ kind, id: 'nobody' }).expect(404);
    const log = await at.db.selectFrom('access_log').select(['actor', 'action']).where('patient_id', '=', 'ana').execute();
    expect(log).toContainEqual({ actor: 'provider', action: 'gave out a calendar address' });
    expect(log.filter(({ action }) => action === 'read calendar').length).toBeGreaterThan(1);
  });

  test('who was erased has no calendar any more (invariant 13)', async () => {
    const { path } = await addressOf('patient', 'ana');
    const provider = await addressOf('provider', (await sessionsNow())[0]?.provider_id ?? '');
    await inTransaction(at.db, (trx) => erasePatient(trx, at, { patientId: 'ana', reason: 'asked for' }));
    await served.http.get(path).expect(404);
    const { text } = await served.http.get(provider.path).expect(200);
    expect(visitsIn(text).map(({ summary }) => summary)).toContain('Appointment');
    expect(text).not.toContain('A. R.');
    expect(courseId).not.toBe('');
  });
});
