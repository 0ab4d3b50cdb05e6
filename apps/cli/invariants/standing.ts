import { activeProtocols } from '#clinic';
import { listTasks } from '#conversation';
import { listOutreach } from '#follow-up';
import { loadPatient } from '#patient';
import { findCourse, listSessions } from '#treatment';
import type { Afterglow } from '../../worker/afterglow.js';
import { judgedConsultation } from '../../worker/patient-picture.js';
import type { SessionRow } from '../clinic-client.js';
import { gapsAreKept, gatesHold, nobodyTwice, providersMay, upcoming } from './bookings.js';
import { ledgerEnds } from './messages.js';
import type { Check, Person, World } from './world.js';

const pageSize = 200;

async function allPages<T>(read: (cursor: string | undefined) => Promise<{ readonly items: readonly T[]; readonly next: string | null }>): Promise<T[]> {
  const items: T[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await read(cursor);
    items.push(...page.items);
    cursor = page.next;
  }
  return items;
}

/** Gates that are not met, by course, of the courses that have a session to come. */
async function openGates(afterglow: Afterglow, sessions: readonly SessionRow[]): Promise<Map<string, readonly string[]>> {
  const surroundings = await afterglow.treatment();
  const gates = new Map<string, readonly string[]>();
  for (const courseId of new Set(sessions.filter(({ status }) => upcoming.includes(status)).map((session) => session.courseId))) {
    const course = await findCourse(afterglow.db, courseId);
    const judged = course === null ? null : await judgedConsultation(surroundings, afterglow.db, course.consultationId);
    gates.set(
      courseId,
      (judged?.gates ?? []).filter(({ met }) => met === 'unmet').map(({ gate }) => gate),
    );
  }
  return gates;
}

/** Treatments elsewhere, as the patients' records have them. */
async function recorded({ db, store }: Afterglow, patientIds: readonly string[]): Promise<Person[]> {
  const people: Person[] = [];
  for (const patientId of patientIds) {
    const { facts } = await loadPatient(db, store, patientId);
    const treatedElsewhere = facts.treatments.map((treatment) => ({ ...treatment, toldAt: '' }));
    people.push({ patientId, secrets: [], zones: [], words: [], texts: [], treatedElsewhere, pregnantSince: null, erasedAt: null });
  }
  return people;
}

/**
 * The invariants as far as the records themselves can tell, with no outside to compare with: bookings as they stand and the ledger's
 * ends. What was rightly done in the past under other facts is not judged again.
 */
export async function standingInvariants(afterglow: Afterglow): Promise<Check[]> {
  const { db, clock } = afterglow;
  const sessions = (await allPages((cursor) => listSessions(db, { limit: pageSize, ...(cursor === undefined ? {} : { cursor }) }))) as SessionRow[];
  const outreach = await allPages((cursor) => listOutreach(db, { limit: pageSize, ...(cursor === undefined ? {} : { cursor }) }));
  const tasks = await allPages((cursor) => listTasks(db, { limit: pageSize, cursor: cursor ?? null }));
  const now = clock.now();
  const world: World = {
    clinic: await afterglow.clinic(),
    now,
    people: await recorded(afterglow, [...new Set(sessions.filter(({ status }) => upcoming.includes(status)).map(({ patientId }) => patientId))]),
    sightings: [{ at: now.toISOString(), sessions, openGates: await openGates(afterglow, sessions) }],
    sessions: [],
    outreach,
    outside: [],
    transmitted: [],
    tasks,
    heard: [],
    intervals: new Map([...(await activeProtocols(db)).values()].map(({ id, intervalDays }) => [id, intervalDays.min])),
    records: { events: 0, looks: 0, broken: [], leaks: [], traces: [], unexplained: [] },
  };
  return [nobodyTwice(world), gatesHold(world), gapsAreKept(world, upcoming), providersMay(world, upcoming), ledgerEnds(world)];
}
