import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type ClinicDocument, configureClinic } from '#clinic';
import { Subscriptions } from '#event-store';
import { inTransaction } from '#platform';
import { confirmSession, findCourse, listSessions, type OpenCourse, replanCourses, replanCoursesTypes } from '#treatment';
import { watchCredentials } from '../apps/worker/credentials.js';
import { BookingDesk, sampleClinic } from './support/booking.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';

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
const policy = () =>
  new Subscriptions({
    db: at.db,
    store: at.store,
    clock: at.clock,
    report: (error) => {
      throw error;
    },
    subscriptions: [{ name: 'replan-courses', types: replanCoursesTypes, handle: (trx, events) => replanCourses(trx, at.context, events) }],
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
    const people = Array.from({ length: 51 }, (_, index) => `p-${String(index).padStart(2, '0')}`);
    for (const patientId of people) await at.open(patientId, [{ protocolId: 'chemical_peel.superficial', sessions: 1 }]);
    await configure({ ...sampleClinic, locations: sampleClinic.locations.map((place) => ({ ...place, hours: { '2': [['09:00', '20:00']] } })) });
    await policy().drain();
    const { items } = await listSessions(at.db, { limit: 100 });
    expect(items.map(({ start }) => weekday(start))).toEqual(people.map(() => 2));
    const passes = await at.store.readStream(at.db, 'clinic');
    expect(passes.filter(({ type }) => type === 'clinic.courses-replanned.v1').map(({ data }) => data)).toEqual([{ after: 'p-49' }]);
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
