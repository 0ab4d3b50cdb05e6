import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type ClinicDocument, clinicDocument, configureClinic, endException, exceptions, recordException } from '#clinic';
import { Subscriptions } from '#event-store';
import { hashToken, inTransaction } from '#platform';
import {
  applyAbsence,
  cancelSession,
  confirmSession,
  factsChanged,
  findCourse,
  listSessions,
  type OpenCourse,
  previewAbsence,
  replanCourses,
  replanCoursesTypes,
  type SessionView,
  tasksAfter,
} from '#treatment';
import { AbsencesController } from '../apps/api/absences.controller.js';
import { absencePreview } from '../apps/api/answers/absences.js';
import { watchCredentials } from '../apps/worker/credentials.js';
import { BookingDesk, desk, sampleClinic } from './support/booking.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { serve } from './support/served.js';

let database: TestDatabase;
let at: BookingDesk;
let clinics = 0;
beforeAll(async () => void (database = await createTestDatabase()));
afterAll(async () => database.close());
beforeEach(async () => {
  at = new BookingDesk(database.open(`replan-${(clinics += 1)}`, 6));
  await configure(sampleClinic);
});

const peels: OpenCourse['items'] = [{ protocolId: 'chemical_peel.superficial', sessions: 2 }];

async function configure(clinic: ClinicDocument): Promise<void> {
  await inTransaction(at.db, (trx) => configureClinic(trx, at, clinic, 'admin'));
  at.clinic = clinic;
}

const sessionsOf = async (courseId: string) => (await findCourse(at.db, courseId))?.sessions ?? [];
const weekday = (start: string | null) => new Date(start ?? '').getUTCDay();

/** The policy as the worker runs it; a new one is a worker that was started again. */
const policy = (batch?: number) =>
  new Subscriptions({
    db: at.db,
    store: at.store,
    clock: at.clock,
    report: (error) => {
      throw error;
    },
    subscriptions: [{ name: 'replan-courses', types: replanCoursesTypes, handle: (trx, events) => replanCourses(trx, at.context, events, batch) }],
  });

describe('a change of settings', () => {
  test('moves what can no longer stand, once, and leaves the rest', async () => {
    const opened = await Promise.all(['ana', 'bea', 'cleo'].map((patientId) => at.open(patientId, peels)));
    const before = (await Promise.all(opened.map(({ course }) => sessionsOf(course.courseId)))).flat();
    const closedDay = weekday(before[0]?.start ?? null);
    const locations = sampleClinic.locations.map((place) => ({ ...place, hours: { ...place.hours, [String(closedDay)]: [] } }));
    await configure({ ...sampleClinic, locations });
    await policy().drain();
    const after = (await Promise.all(opened.map(({ course }) => sessionsOf(course.courseId)))).flat();
    expect(after.some(({ start }) => weekday(start) === closedDay)).toBe(false);
    const stayed = before.filter(({ start }) => weekday(start) !== closedDay);
    for (const { id, start, number } of stayed) if (number === 1) expect(after.find((session) => session.id === id)?.start).toBe(start);
    expect(await policy().drain()).toBe(0);
  });

  test('goes through everybody in batches, each of which is asked for by an event of the log', async () => {
    const people = ['ana', 'bea', 'cleo', 'dora', 'eva'];
    for (const patientId of people) await at.open(patientId, [{ protocolId: 'chemical_peel.superficial', sessions: 1 }]);
    await configure({ ...sampleClinic, locations: sampleClinic.locations.map((place) => ({ ...place, hours: { '2': [['09:00', '20:00']] } })) });
    await policy(2).drain();
    const { items } = await listSessions(at.db, { limit: 100 });
    expect(items.map(({ start }) => weekday(start))).toEqual(people.map(() => 2));
    const passes = await at.store.readStream(at.db, 'clinic');
    expect(passes.filter(({ type }) => type === 'clinic.courses-replanned.v1').map(({ data }) => data)).toEqual([{ after: 'bea' }, { after: 'dora' }]);
  });

  test('of the grid or the turnover moves nobody', async () => {
    const { course } = await at.open('ana', peels);
    await confirmSession(at.context, course.sessions[0]?.sessionId ?? '', 'patient');
    const before = await sessionsOf(course.courseId);
    await configure({ ...sampleClinic, gridMinutes: 40, turnoverMinutes: 60 });
    await policy().drain();
    expect(await sessionsOf(course.courseId)).toEqual(before);
  });
});

describe('a licence that ends because its day comes', () => {
  const watch = () => watchCredentials({ db: at.db, store: at.store, clock: at.clock, treatment: async () => at.context, wake: () => undefined });
  const tasks = async () =>
    (await at.db.selectFrom('event').select(['type', 'stream', 'data']).where('type', '=', 'task.opened.v1').execute()).map(({ data }) => data);
  const ending = (until: string): ClinicDocument => ({
    ...sampleClinic,
    staff: sampleClinic.staff.map((person) => ({ ...person, licences: person.licences.map((licence) => ({ ...licence, until })) })),
  });

  test('is told to an administrator a month ahead, and only once', async () => {
    await configure(ending('2026-12-20'));
    await watch();
    at.clock.moveTo(new Date('2026-11-30T14:00:00Z'));
    await watch();
    expect(await tasks()).toHaveLength(sampleClinic.staff.filter(({ roles }) => roles.includes('provider')).flatMap(({ licences }) => licences).length);
    expect((await tasks())[0]).toMatchObject({ kind: 'desk', role: 'admin', why: expect.stringContaining('ends on 2026-12-20') });
  });

  test('lets no session stand without one (invariant 4): where nobody else may, it waits', async () => {
    const { course } = await at.open('ana', [{ protocolId: 'chemical_peel.superficial', sessions: 1 }]);
    const [before] = await sessionsOf(course.courseId);
    await configure(ending('2026-11-29'));
    expect(await watch()).toBe(1);
    expect(await sessionsOf(course.courseId)).toMatchObject([{ status: 'on_hold', start: before?.start }]);
    expect(await watch()).toBe(0);
  });
});

describe('a sick day', () => {
  const dayMillis = 86_400_000;
  const all = async () => (await listSessions(at.db, { limit: 200 })).items;
  const log = async () => at.store.readStream(at.db, 'clinic').then((events) => events.length);
  /** Everybody's sessions with the provider of the first one, from its day on. */
  async function fallsIll(days: number) {
    const [first] = await all();
    const from = `${first?.start?.slice(0, 10)}T05:00:00.000Z`;
    return { providerId: first?.providerId ?? '', from, to: new Date(Date.parse(from) + days * dayMillis).toISOString() };
  }
  const isHit = ({ providerId, start, status }: SessionView, away: { providerId: string; from: string; to: string }) =>
    providerId === away.providerId && status !== 'on_hold' && start !== null && away.from <= start && start < away.to;
  const overlaps = (sessions: readonly SessionView[]) =>
    sessions.filter((one) =>
      sessions.some((other) => one.id < other.id && one.providerId === other.providerId && one.start! < other.end! && other.start! < one.end!),
    );

  beforeEach(async () => {
    const items = [{ protocolId: 'laser_ablative.fractional_co2', sessions: 2 }];
    for (const patientId of ['ana', 'bea', 'cleo', 'dora', 'eva']) await at.open(patientId, patientId === 'eva' ? peels : items);
    for (const { id } of (await all()).slice(1, 3)) await confirmSession(at.context, id, 'patient');
  });

  test('is shown whole before anything changes, and done as it was shown: nobody overlaps, nobody else moves', async () => {
    const [away, before, events] = [await fallsIll(3), await all(), await log()];
    const preview = await previewAbsence(at.context, away);
    expect([await all(), await log()]).toEqual([before, events]);
    const hit = before.filter((session) => isHit(session, away));
    expect(preview.changes.map(({ sessionId }) => sessionId)).toEqual(expect.arrayContaining(hit.map(({ id }) => id)));
    const making = preview.changes.filter(({ sessionId }) => !hit.some(({ id }) => id === sessionId));
    for (const { courseId, why } of making)
      expect([why, hit.map((session) => session.courseId)]).toEqual(['makes way for the rest of the course', expect.arrayContaining([courseId])]);
    expect((await applyAbsence(at.context, preview.previewId, 'desk-tan')).changes).toEqual(preview.changes);
    const after = new Map((await all()).map((session) => [session.id, session]));
    for (const { sessionId, after: place } of preview.changes) expect(after.get(sessionId)).toMatchObject({ ...place });
    for (const session of before.filter(({ id }) => !preview.changes.some(({ sessionId }) => sessionId === id))) expect(after.get(session.id)).toEqual(session);
    expect([...after.values()].filter((session) => isHit(session, away))).toEqual([]);
    expect(overlaps([...after.values()])).toEqual([]);
    at.clinic = (await clinicDocument(at.db)) ?? at.clinic;
    expect((await Promise.all(['ana', 'bea', 'cleo', 'dora', 'eva'].map((patientId) => factsChanged(at.context, patientId)))).flat()).toEqual([]);
  });

  test('is refused with a fresh preview when the world changed, and when it was done already', async () => {
    const preview = await previewAbsence(at.context, await fallsIll(3));
    const [change] = preview.changes;
    await cancelSession(at.context, change?.sessionId ?? '', { reason: 'ill', by: 'patient' }, desk);
    const refused = await applyAbsence(at.context, preview.previewId, 'desk-tan').catch((error: unknown) => error);
    expect(refused).toMatchObject({ name: 'Rejected', code: 'world_changed', details: { status: 409 } });
    const fresh = await previewAbsence(at.context, await askOf(preview.previewId));
    await applyAbsence(at.context, fresh.previewId, 'desk-tan');
    at.clinic = (await clinicDocument(at.db)) ?? at.clinic;
    await expect(applyAbsence(at.context, fresh.previewId, 'desk-tan')).rejects.toMatchObject({ code: 'world_changed' });
    await expect(applyAbsence(at.context, 'nonsense', 'desk-tan')).rejects.toMatchObject({ code: 'no_preview' });
  });

  test('over HTTP: the desk looks and does, nobody else does; a fault of the request names its field', async () => {
    for (const [name, roles] of Object.entries({ desk: ['front_desk'], provider: ['provider'] }))
      await at.db
        .insertInto('api_key')
        .values({ name, key_hash: hashToken(name), roles, created_at: at.clock.now() })
        .execute();
    const served = await serve([AbsencesController], { db: at.db, clock: at.clock, treatment: async () => at.context, wake: () => undefined });
    const post = (path: string, body: object, key = 'desk') =>
      served.http
        .post(`/v1/absences/${path}`)
        .set({ authorization: `Bearer ${key}` })
        .send(body);
    const away = await fallsIll(1);
    await post('preview', away, 'provider').expect(403);
    await post('preview', { ...away, roomId: 'nyc-laser' })
      .expect(400)
      .expect(/name a provider, a room or a device/);
    await post('preview', { ...away, providerId: 'nobody' })
      .expect(422)
      .expect(/there is no nobody/);
    const { body } = await post('preview', away).expect(200);
    const preview = absencePreview.parse(body);
    await post('apply', { previewId: preview.previewId }).expect(200, body as object);
    at.clinic = (await clinicDocument(at.db)) ?? at.clinic;
    const { body: refusal } = await post('apply', { previewId: preview.previewId }).expect(409);
    expect(absencePreview.parse((refusal as { preview: unknown }).preview).changes).toEqual([]);
    await served.close();
  });

  const askOf = async (previewId: string) =>
    JSON.parse(Buffer.from(previewId.split('.')[0] ?? '', 'base64url').toString()) as { providerId: string; from: string; to: string };

  test('leaves those who find no other time on hold, for the desk to call, and moves nothing that was completed', async () => {
    const [first] = await all();
    const away = { providerId: first?.providerId ?? '', from: '2026-11-30T00:00:00Z', to: '2046-01-01T00:00:00Z' };
    const only = await previewAbsence(at.context, away);
    const held = only.changes.filter(({ outcome }) => outcome === 'on_hold');
    await applyAbsence(at.context, only.previewId, 'desk-tan');
    const statuses = new Map((await all()).map(({ id, status }) => [id, status]));
    for (const { sessionId } of held) expect(statuses.get(sessionId)).toBe('on_hold');
    for (const { sessionId, outcome, status } of only.changes) if (outcome === 'same_time') expect(statuses.get(sessionId)).toBe(status);
    const events = await at.store.readStreams(at.db, [...new Set(held.map(({ courseId }) => `course/${courseId}`))]);
    expect(
      events
        .flatMap((event) => tasksAfter(event))
        .filter(({ kind }) => kind === 'desk')
        .map(({ sessionId }) => sessionId),
    ).toEqual(expect.arrayContaining(held.map(({ sessionId }) => sessionId)));
    const [absence] = await exceptions(at.db, {});
    await inTransaction(at.db, (trx) => endException(trx, at, absence?.exceptionId ?? '', 'desk-tan'));
    at.clinic = (await clinicDocument(at.db)) ?? at.clinic;
    await policy().drain();
    expect((await all()).filter(({ status }) => status === 'on_hold')).toEqual([]);
  });

  test('is the same for a device that is down: its sessions move or wait, those without it stay', async () => {
    const { from, to } = await fallsIll(3);
    const before = await all();
    const preview = await previewAbsence(at.context, { deviceId: 'co2-1', from, to });
    await applyAbsence(at.context, preview.previewId, 'desk-tan');
    const after = await all();
    expect(preview.changes.length).toBeGreaterThan(0);
    expect(after.filter(({ deviceId, start, status }) => deviceId === 'co2-1' && status !== 'on_hold' && from <= start! && start! < to)).toEqual([]);
    const others = (sessions: readonly SessionView[]) => sessions.filter(({ deviceId }) => deviceId === null);
    expect(others(after)).toEqual(others(before));
  });

  test('that is recorded without a preview moves everybody together all the same', async () => {
    const { providerId: staffId, ...when } = await fallsIll(3);
    await inTransaction(at.db, (trx) => recordException(trx, at, { kind: 'absence', input: { staffId, ...when }, by: 'desk-tan' }));
    at.clinic = (await clinicDocument(at.db)) ?? at.clinic;
    await policy().drain();
    const after = await all();
    expect(after.filter((session) => isHit(session, { providerId: staffId, ...when }))).toEqual([]);
    expect(overlaps(after)).toEqual([]);
  });

  test('applied by several at once while others book and move: once, without an overlap (invariants 1, 3)', async () => {
    const away = await fallsIll(3);
    const preview = await previewAbsence(at.context, away);
    const outcomes = await Promise.allSettled([
      ...Array.from({ length: 4 }, () => applyAbsence(at.context, preview.previewId, 'desk-tan')),
      ...Array.from({ length: 6 }, (_, index) => at.open(`late-${index}`, [{ protocolId: 'laser_ablative.fractional_co2', sessions: 2 }])),
    ]);
    const answers = outcomes.map((outcome) => (outcome.status === 'fulfilled' ? 'done' : String((outcome.reason as { code?: string }).code)));
    expect(answers.slice(4)).toEqual(Array.from({ length: 6 }, () => 'done'));
    expect(answers.slice(0, 4).every((answer) => answer === 'done' || answer === 'world_changed')).toBe(true);
    const times = answers.slice(0, 4).filter((answer) => answer === 'done').length;
    expect(times).toBeLessThanOrEqual(1);
    if (times === 0) await applyAbsence(at.context, (await previewAbsence(at.context, away)).previewId, 'desk-tan');
    // Whoever was booked by settings that were read a moment before the absence is found by the policy.
    at.clinic = (await clinicDocument(at.db)) ?? at.clinic;
    await policy().drain();
    expect((await all()).filter((session) => isHit(session, away))).toEqual([]);
    expect(overlaps(await all())).toEqual([]);
  });
});
