import type { ClinicDocument } from '#clinic';
import type { EventStore, NewEvent, StreamAppend } from '#event-store';
import { type Clock, Conflict, inTransaction, isSlotTaken, type JsonObject, lockInOrder, newId, type Reader, Rejected, type Transaction } from '#platform';
import { type ActiveProtocol, noFacts } from '#protocols';
import { type Course, type CourseCommand, decide, evolve, fold, noCourse, type Session, type SessionStatus } from './decider.js';
import { courseStream, readTreatmentEvent, type TreatmentEvent } from './events.js';
import type { Busy, PatientPicture, Scene } from './plan-request.js';
import { overtakenSlots } from './recovery.js';
import { type DayOfChoice, daysOfChoice, whyNotDay } from './planning.js';
import {
  type AvailabilityAsk,
  busyRanges,
  courseIdsOfPatient,
  findCourse,
  type FreeSlot,
  freeSlots,
  lockPlanning,
  type Page,
  patientCourses,
} from './queries.js';

/** What the commands of this slice need. With a transaction as `db` they join it, and leave retrying to its owner. */
export interface TreatmentContext {
  readonly db: Reader;
  readonly store: EventStore;
  readonly clock: Clock;
  readonly clinic: ClinicDocument;
  /** The newest version in force of each protocol, by id. */
  readonly protocols: ReadonlyMap<string, ActiveProtocol>;
  /** What is known of a patient; the waits and gates are those of one consultation, none when it is null. */
  pictureOf(db: Reader, patientId: string, consultationId: string | null): Promise<PatientPicture>;
}

/** One patient's courses while a command is at work on them: what it reads, and the events it leaves. */
export class PatientBook {
  readonly #courses: Map<string, Course>;
  readonly #events: { readonly courseId: string; readonly event: TreatmentEvent }[] = [];

  constructor(
    readonly patientId: string,
    readonly now: Date,
    private readonly read: {
      readonly courses: ReadonlyMap<string, Course>;
      readonly versions: ReadonlyMap<string, number>;
      readonly pictures: ReadonlyMap<string, PatientPicture>;
      readonly busy: readonly Busy[];
      readonly clinic: ClinicDocument;
      readonly protocols: ReadonlyMap<string, ActiveProtocol>;
    },
  ) {
    this.#courses = new Map(read.courses);
  }

  get courses(): Course[] {
    return [...this.#courses.values()];
  }

  get events(): TreatmentEvent[] {
    return this.#events.map(({ event }) => event);
  }

  course(courseId: string): Course {
    return this.#courses.get(courseId) ?? noCourse;
  }

  /** What the course is planned among as things stand now, this command's own changes included. */
  scene(courseId: string): Scene {
    const { pictures, busy, clinic, protocols } = this.read;
    const patient = pictures.get(courseId);
    if (patient === undefined) throw new Rejected('no_course', 'There is no such course.', { status: 404 });
    const others = this.courses.filter((course) => course.courseId !== courseId).flatMap(({ sessions }) => sessions);
    return { now: this.now, clinic, protocols, patient, busy, others };
  }

  /** Decides a command on one course and keeps its events. @throws Rejected when the course forbids it. */
  apply(courseId: string, command: CourseCommand): void {
    for (const event of decide(command, this.course(courseId))) {
      this.#courses.set(courseId, evolve(this.course(courseId), event));
      this.#events.push({ courseId, event });
    }
  }

  /** The same book without this command's changes, to try something on. */
  fresh(): PatientBook {
    return new PatientBook(this.patientId, this.now, this.read);
  }

  /** The events as appends, one a stream. */
  appends(actor: string): StreamAppend[] {
    const courseIds = [...new Set(this.#events.map(({ courseId }) => courseId))].sort();
    return courseIds.map((courseId) => ({
      stream: courseStream(courseId),
      expected: this.read.versions.get(courseId) ?? 0,
      events: this.#events.filter((entry) => entry.courseId === courseId).map(({ event }) => recordable(event, this.patientId, this.now, actor)),
    }));
  }
}

function recordable({ type, data }: TreatmentEvent, patientId: string, occurredAt: Date, actor: string): NewEvent {
  const { note, ...open }: JsonObject = JSON.parse(JSON.stringify(data));
  const personal = note === undefined ? {} : { personal: { note } };
  return { id: newId(occurredAt), type, data: open, ...personal, patientId, occurredAt, meta: { actor } };
}

const tries = 5;
/** After as many lost races a command goes alone. */
const racesTogether = 2;

export interface Work {
  readonly patientId: string;
  /** Who acts: a staff member's id, `patient`, or `schedule` for what follows by itself. */
  readonly actor: string;
  /** The consultation of a course that may not exist yet. */
  readonly opening?: { readonly courseId: string; readonly consultationId: string };
}

/**
 * Runs one command over a patient's courses in one transaction: read under the patient's lock, decide, append, project.
 * Whoever loses a slot to somebody else decides again on what is free then.
 * @throws Rejected when the domain says no, Conflict when even the last try lost.
 */
export async function withPatient(context: TreatmentContext, what: Work, work: (book: PatientBook) => void): Promise<PatientBook> {
  let attempt = 0;
  const run = async (trx: Transaction): Promise<PatientBook> => {
    attempt += 1;
    await lockPlanning(trx, context.db.isTransaction || attempt > racesTogether);
    await lockInOrder(trx, [`patient ${what.patientId}`]);
    const book = await openBook(context, trx, what);
    work(book);
    letGoOfOvertaken(book);
    await save(context, trx, book, what.actor);
    return book;
  };
  return inTransaction(context.db, run, tries);
}

/** Slots that are only kept give way to what was decided (invariant 3 is the ledger's: it would refuse both). */
export function letGoOfOvertaken(book: PatientBook): void {
  const sessions = book.courses.flatMap((course) => course.sessions);
  for (const { courseId, sessionId } of overtakenSlots(sessions, book.courses))
    book.apply(courseId, { type: 'release-slots', sessionIds: [sessionId], why: 'overtaken', by: 'schedule' });
}

/**
 * Reads a patient's book as it is now.
 * @param amid what the ledger of resources is taken for, asked each time: several books may share what has moved in any of them.
 */
export async function openBook(
  context: TreatmentContext,
  trx: Transaction,
  { patientId, opening }: Work,
  amid: (busy: readonly Busy[]) => readonly Busy[] = (busy) => busy,
): Promise<PatientBook> {
  const { store, clock, clinic, protocols } = context;
  const now = clock.now();
  const known = await courseIdsOfPatient(trx, patientId);
  const recorded = await store.readStreams(trx, known.map(courseStream));
  const courses = new Map<string, Course>();
  const versions = new Map<string, number>();
  for (const courseId of known) {
    const own = recorded.filter(({ stream }) => stream === courseStream(courseId));
    courses.set(courseId, fold(own.flatMap((event) => readTreatmentEvent(event) ?? [])));
    versions.set(courseId, own.at(-1)?.version ?? 0);
  }
  const consultations = new Map([...courses.values()].map(({ courseId, consultationId }) => [courseId, consultationId]));
  if (opening !== undefined) consultations.set(opening.courseId, opening.consultationId);
  const pictures = new Map<string, PatientPicture>();
  for (const [courseId, consultationId] of consultations) pictures.set(courseId, await context.pictureOf(trx, patientId, consultationId));
  const ledger = await busyRanges(trx, new Date(now.getTime() - dayMillis), new Date(now.getTime() + longestPlanMillis), patientId);
  const read = {
    ...{ courses, versions, pictures, clinic, protocols },
    get busy() {
      return amid(ledger);
    },
  };
  return new PatientBook(patientId, now, read);
}

const nobody: PatientPicture = { facts: noFacts, availability: { unavailable: [], socialEvents: [], preferred: [] }, waits: [], gatesMetAt: null };

/**
 * Free starts of a protocol, with the windows of a patient when one is named; as if the session named were not booked,
 * which is how one looks for another time for it.
 * @throws Rejected `protocol_inactive`, `wrong_cursor`.
 */
export async function availability(
  context: TreatmentContext,
  ask: AvailabilityAsk & { readonly patientId?: string | undefined; readonly sessionId?: string | undefined },
): Promise<Page<FreeSlot>> {
  const { db, clock, clinic, protocols } = context;
  if (!protocols.has(ask.protocolId)) throw new Rejected('protocol_inactive', `${ask.protocolId} is not in force in this clinic.`, { path: 'protocolId' });
  const now = clock.now();
  const from = ask.from > now.toISOString() ? ask.from : now.toISOString();
  if (from >= ask.to) return { items: [], next: null };
  const held = await busyRanges(db, new Date(Date.parse(from) - dayMillis), new Date(Date.parse(ask.to) + dayMillis), ask.patientId ?? null);
  const isAnother = ({ sessionId }: { readonly sessionId: string }) => sessionId !== ask.sessionId;
  const patient = ask.patientId === undefined ? nobody : await context.pictureOf(db, ask.patientId, null);
  const courses = ask.patientId === undefined ? [] : await patientCourses(db, ask.patientId);
  const others = courses.flatMap(({ sessions }) => sessions).filter(isAnother);
  return freeSlots({ now, clinic, protocols, patient, busy: held.filter(isAnother), others }, { ...ask, from });
}

const open: readonly SessionStatus[] = ['unscheduled', 'held', 'booked', 'confirmed', 'on_hold'];

/**
 * Why a session of a course may not lie on a local date ('YYYY-MM-DD') of its location, or the first start that it may
 * have there. Nothing is changed.
 * @throws Rejected `no_course`, `no_session`, `session_over`.
 */
export const dayOfSession = (context: TreatmentContext, ask: OfSession & { readonly date: string }) =>
  asking(context, ask, (scene, course, session) => whyNotDay(scene, course, session, ask.date));

/**
 * Where a session may go: each local date with the starts that are free for it, or why it has none. Nothing is changed.
 * @throws Rejected `no_course`, `no_session`, `session_over`.
 */
export const daysOfSession = (context: TreatmentContext, ask: OfSession & { readonly dates: readonly string[] }): Promise<DayOfChoice[]> =>
  asking(context, ask, (scene, course, session) => daysOfChoice(scene, course, session, ask.dates));

export interface OfSession {
  readonly courseId: string;
  readonly sessionId: string;
}

/** Asks something about a session among everything that it is planned among. @throws Rejected `no_course`, `no_session`, `session_over`. */
export async function asking<T>(context: TreatmentContext, ask: OfSession, question: (scene: Scene, course: Course, session: Session) => T): Promise<T> {
  const found = await findCourse(context.db, ask.courseId);
  if (found === null) throw new Rejected('no_course', 'There is no such course.', { status: 404 });
  return inTransaction(context.db, async (trx) => {
    const book = await openBook(context, trx, { patientId: found.patientId, actor: '' });
    const course = book.course(ask.courseId);
    const session = course.sessions.find(({ sessionId }) => sessionId === ask.sessionId);
    if (session === undefined) throw new Rejected('no_session', 'The course has no such session.', { path: 'sessionId', status: 404 });
    if (!open.includes(session.status)) throw new Rejected('session_over', `The session is ${session.status}.`, { path: 'sessionId' });
    return question(book.scene(ask.courseId), course, session);
  });
}

const dayMillis = 86_400_000;
/** As far as the planner looks ahead. */
const longestPlanMillis = 3_660 * dayMillis;

async function save(context: TreatmentContext, trx: Transaction, book: PatientBook, actor: string): Promise<void> {
  const appends = book.appends(actor);
  if (appends.length === 0) return;
  await lockInOrder(trx, book.events.flatMap(resourceDays));
  await appendTo(context, trx, appends);
}

/** Appends to courses. @throws Conflict when somebody else took one of the times meanwhile. */
export async function appendTo({ store }: TreatmentContext, trx: Transaction, appends: readonly StreamAppend[]): Promise<void> {
  await store.append(trx, appends).catch((error: unknown) => {
    throw isSlotTaken(error) ? new Conflict('Somebody else took the time meanwhile.') : error;
  });
}

/** The resources and days a booking touches, in UTC: two that could meet in the ledger share a name here. */
function resourceDays({ type, data }: TreatmentEvent): string[] {
  if (type !== 'session.booked.v1' && type !== 'session.rescheduled.v1' && type !== 'session.held.v1') return [];
  const { start, end, turnoverMinutes, providerId, roomId, deviceId } = data;
  const days = new Set([start, new Date(Date.parse(end) + turnoverMinutes * 60_000).toISOString()].map((at) => at.slice(0, 10)));
  return [`provider ${providerId}`, `room ${roomId}`, ...(deviceId === null ? [] : [`device ${deviceId}`])].flatMap((resource) =>
    [...days].map((day) => `${resource} ${day}`),
  );
}
