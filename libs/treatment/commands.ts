import { deterministicId, Rejected } from '#platform';
import type { Reason } from '#scheduling';
import { type Course, type CourseCommand, movableBooking, type Plan, type Session, sessionOf, windowGate } from './decider.js';
import type { Booking, Override, Proposal, TreatmentEvent } from './events.js';
import { type PatientBook, type TreatmentContext, withPatient } from './patient-book.js';
import { blackoutsOf } from './plan-request.js';
import {
  deadlinesOf,
  faultsOf,
  followersOf,
  freedSessions,
  locationsFor,
  placeAtItsTime,
  placeOverridden,
  placeSession,
  proposalsFor,
  replan,
  type Schedule,
  scheduleSessions,
  shutOut,
} from './planning.js';
import { findCourse, findSession } from './queries.js';
import { laneConflicts, localDate, recoveryLanes } from './recovery.js';

/** What a command left: the course as it is now, and what happened to any course of the patient. */
export interface Outcome {
  readonly course: Course;
  readonly events: readonly TreatmentEvent[];
}

export interface Actor {
  readonly id: string;
  readonly roles: readonly string[];
}

/** Who moves sessions that nobody asked to move. */
const bySchedule = 'schedule';

export const courseIdFor = (consultationId: string): string => deterministicId('course', consultationId);

export interface OpenCourse {
  readonly consultationId: string;
  readonly patientId: string;
  readonly planId: string;
  readonly locationId: string;
  /** In the order of the plan; the protocols must be in force. */
  readonly items: readonly { readonly protocolId: string; readonly sessions: number; readonly area?: string | undefined }[];
}

/**
 * Opens the course of a consultation whose gates are met, and in a clinic that books by itself books all of its sessions or
 * none. A plan with another id takes the place of the one before: what has not begun is cancelled. The same plan again
 * changes nothing.
 * @throws Rejected `protocol_inactive` for a protocol that the medical director has not put in force.
 */
export async function openCourse(context: TreatmentContext, ask: OpenCourse, actor = bySchedule): Promise<Outcome> {
  const plan = planOf(context, ask);
  const { courseId, consultationId, patientId, planId } = plan;
  const book = await withPatient(context, { patientId, actor, opening: { courseId, consultationId } }, (pages) => {
    const { status, planId: before } = pages.course(courseId);
    if (status !== 'absent' && before === planId) return;
    pages.apply(courseId, status === 'absent' ? { type: 'open', plan } : { type: 'replace-plan', plan, by: actor });
    blackOut(pages, courseId);
    if (context.clinic.scheduling === 'book') bookUnscheduled(pages, courseId);
  });
  return outcome(book, courseId);
}

/** What is asked for as the plan of a course, pinned to the versions in force. @throws Rejected `protocol_inactive`. */
export function planOf(context: TreatmentContext, { consultationId, patientId, planId, locationId, items }: OpenCourse): Plan {
  const pinned = items.map(({ protocolId, sessions, area }, item) => ({
    item,
    protocolId,
    protocolVersion: versionOf(context, protocolId),
    sessions,
    ...(area === undefined ? {} : { area }),
  }));
  return { courseId: courseIdFor(consultationId), consultationId, patientId, planId, locationId, items: pinned };
}

function versionOf({ protocols }: TreatmentContext, protocolId: string): number {
  const protocol = protocols.get(protocolId);
  if (protocol === undefined) throw new Rejected('protocol_inactive', `${protocolId} is not in force in this clinic.`, { path: 'items' });
  return protocol.version;
}

export const outcome = (book: PatientBook, courseId: string): Outcome => ({ course: book.course(courseId), events: book.events });

/** Writes down the days that facts close for the course's protocols, so that the ledger refuses them too. */
function blackOut(book: PatientBook, courseId: string): void {
  const course = book.course(courseId);
  const scene = book.scene(courseId);
  const booked = course.sessions.find(({ booking }) => booking !== null)?.booking?.timeZone;
  const timeZone = booked ?? scene.clinic.locations.find(({ id }) => id === course.locationId)?.timeZone ?? 'UTC';
  const protocolIds = [...new Set(course.sessions.map(({ protocolId }) => protocolId))];
  book.apply(courseId, { type: 'black-out', blackouts: blackoutsOf(scene, protocolIds, timeZone, course.blackouts) });
}

function bookUnscheduled(book: PatientBook, courseId: string): void {
  const course = book.course(courseId);
  const open = course.sessions.filter(({ status }) => status === 'unscheduled');
  if (open.length === 0) return;
  const schedule = scheduleSessions(book.scene(courseId), course, open, locationsFor(book.scene(courseId), course), true);
  book.apply(courseId, schedule.status === 'scheduled' ? { type: 'book', bookings: schedule.bookings, by: bySchedule } : { type: 'refuse', ...schedule });
}

/** Sessions that somebody else, another room or another device can give at the time they have: nobody has to be asked. */
export function keepTimes(book: PatientBook, courseId: string, pinned: readonly string[] = []): void {
  for (const { session, violations } of faultsOf(book.scene(courseId), book.course(courseId), pinned)) {
    const booking = placeAtItsTime(book.scene(courseId), book.course(courseId), session);
    if (booking !== null) book.apply(courseId, { type: 'move', sessionId: session.sessionId, booking, by: bySchedule, reason: said(violations) });
  }
}

/**
 * What follows a change: sessions that may not stand any more move, the fewest that will do; those for which there is no
 * other time are put on hold; passed intervals become deadlines; a course with nothing left to come closes.
 */
export function settle(book: PatientBook, courseId: string, pinned: readonly string[] = []): void {
  keepTimes(book, courseId, pinned);
  for (const { sessionId } of freedSessions(book.scene(courseId), book.course(courseId))) {
    book.apply(courseId, { type: 'release', gate: windowGate, by: bySchedule, sessionIds: [sessionId] });
  }
  const faults = faultsOf(book.scene(courseId), book.course(courseId), pinned);
  const at = faults.map(({ session }) => session);
  const moved = moveAll(book, courseId, [...at, ...shutOut(book.course(courseId))], faults, pinned) || moveAll(book, courseId, at, faults, pinned);
  if (!moved) {
    for (const { session, violations } of faults) {
      book.apply(courseId, { type: 'hold', gate: windowGate, why: said(violations), sessionIds: [session.sessionId] });
    }
  }
  for (const { sessionId, latest } of deadlinesOf(book.scene(courseId), book.course(courseId))) {
    book.apply(courseId, { type: 'tell-deadline', sessionId, latest });
  }
  const { sessions } = book.course(courseId);
  if (sessions.length > 0 && sessions.every(({ status }) => status === 'completed' || status === 'cancelled')) {
    book.apply(courseId, { type: 'close', reason: 'nothing is left to come' });
  }
}

/** Moves sessions that cannot stay, and what has to give way. False when no times keep every rule. */
function moveAll(book: PatientBook, courseId: string, sessions: readonly Session[], faults: ReturnType<typeof faultsOf>, pinned: readonly string[]): boolean {
  if (sessions.length === 0) return true;
  const bookings = replan(book.scene(courseId), book.course(courseId), sessions, pinned);
  for (const booking of bookings ?? []) {
    const fault = faults.find(({ session }) => session.sessionId === booking.sessionId);
    const reason = fault === undefined ? 'makes way for the rest of the course' : said(fault.violations);
    book.apply(courseId, { type: 'move', sessionId: booking.sessionId, booking, by: bySchedule, reason });
  }
  return bookings !== null;
}

const said = (violations: readonly Reason[]) => violations.map(({ detail }) => detail).join('; ');

/**
 * Facts of a patient, or the clinic's settings, have changed: looks at every course of theirs again. Sessions that a
 * washout, a social event, a treatment elsewhere, an absence or a lapsed licence now forbids move by themselves, or are
 * put on hold with a task when there is no other day. What could not be booked before is tried again.
 */
export async function factsChanged(context: TreatmentContext, patientId: string): Promise<readonly TreatmentEvent[]> {
  const book = await withPatient(context, { patientId, actor: bySchedule }, (pages) => {
    const open = pages.courses.filter(({ status }) => status !== 'closed').map(({ courseId }) => courseId);
    for (const courseId of open) blackOut(pages, courseId);
    for (const courseId of open) {
      if (context.clinic.scheduling === 'book') bookUnscheduled(pages, courseId);
      settle(pages, courseId);
    }
  });
  return book.events;
}

/**
 * Up to five schedules for what of the course has not begun, best first; none, with the reasons recorded, when there is none.
 * With `bestOn`, the local date on which the skin is to be at its best, they lie back from it.
 * @throws Rejected `no_schedule` (409) when that date leaves none: a wish that cannot be met says nothing of the course
 */
export async function proposals(context: TreatmentContext, courseId: string, actor: Actor, bestOn?: string): Promise<readonly Proposal[]> {
  const { patientId } = await existingCourse(context, courseId);
  let found: readonly Proposal[] = [];
  await withPatient(context, { patientId, actor: actor.id }, (book) => {
    blackOut(book, courseId);
    const { proposals: best, refusal } = proposalsFor(book.scene(courseId), book.course(courseId), bestOn);
    found = best;
    if (refusal?.status === 'infeasible' && bestOn !== undefined) throw unmeetable(bestOn, refusal);
    if (refusal?.status === 'infeasible') book.apply(courseId, { type: 'refuse', ...refusal });
    else book.apply(courseId, { type: 'propose', proposals: best });
  });
  return found;
}

function unmeetable(bestOn: string, { because, relaxations }: Extract<Schedule, { status: 'infeasible' }>): Rejected {
  const constraint = because.find((reason) => reason.constraint === 'social_event')?.constraint ?? because[0]?.constraint;
  return new Rejected('no_schedule', `No schedule ends before ${bestOn}.`, { status: 409, constraint, because, relaxations });
}

export async function existingCourse({ db }: TreatmentContext, courseId: string): Promise<{ readonly patientId: string }> {
  const course = await findCourse(db, courseId);
  if (course === null) throw new Rejected('no_course', 'There is no such course.', { status: 404 });
  return course;
}

/** A time of a proposal is gone meanwhile. */
class SlotTaken extends Error {}

/** @throws Rejected `slot_taken` (409) with fresh `proposals` when the work finds that a time of a proposal is gone. */
export async function withFreshProposals<T>(context: TreatmentContext, courseId: string, actor: Actor, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SlotTaken)) throw error;
    const fresh = await proposals(context, courseId, actor);
    throw new Rejected('slot_taken', 'A time of this proposal was taken meanwhile.', {
      status: 409,
      constraint: 'busy',
      proposals: fresh,
      proposal: fresh[0] ?? null,
    });
  }
}

/** Books a proposal in the book. @throws Rejected `no_proposal`; a refusal for `withFreshProposals` when a time is gone. */
export function takeProposal(book: PatientBook, courseId: string, proposalId: string, by: string): Proposal {
  const proposal = book.course(courseId).proposals.find((candidate) => candidate.proposalId === proposalId);
  if (proposal === undefined) throw new Rejected('no_proposal', 'There is no such proposal for this course.', { status: 404 });
  book.apply(courseId, { type: 'book', bookings: proposal.sessions, by });
  if (proposal.sessions.some(({ start }) => start < book.now.toISOString())) throw new SlotTaken();
  if (faultsOf(book.scene(courseId), book.course(courseId)).length > 0) throw new SlotTaken();
  return proposal;
}

/**
 * Books all of a proposal or nothing.
 * @throws Rejected `no_proposal` (404); `slot_taken` (409) with fresh `proposals` when one of its times is gone meanwhile.
 */
export async function bookProposal(context: TreatmentContext, courseId: string, proposalId: string, actor: Actor): Promise<Outcome> {
  const { patientId } = await existingCourse(context, courseId);
  return withFreshProposals(context, courseId, actor, async () => {
    const book = await withPatient(context, { patientId, actor: actor.id }, (pages) => void takeProposal(pages, courseId, proposalId, actor.id));
    return outcome(book, courseId);
  });
}

/** Runs a command on the course of a session. */
export async function onSession(
  context: TreatmentContext,
  sessionId: string,
  actor: string,
  work: (book: PatientBook, session: Session) => void,
): Promise<Outcome> {
  const found = await findSession(context.db, sessionId);
  if (found === null) throw new Rejected('no_session', 'There is no such session.', { status: 404 });
  const { courseId, patientId } = found;
  const book = await withPatient(context, { patientId, actor }, (pages) => work(pages, sessionOf(pages.course(courseId), sessionId)));
  return outcome(book, courseId);
}

/** The patient or the desk says that the patient comes. */
export const confirmSession = (context: TreatmentContext, sessionId: string, by: string): Promise<Outcome> =>
  onSession(context, sessionId, by, (book, { courseId }) => book.apply(courseId, { type: 'confirm', sessionId, by }));

/**
 * The patient says that they come: they were asked about the visit, so every booked session of that day at that place is
 * confirmed with the one that is named.
 */
export const confirmVisit = (context: TreatmentContext, sessionId: string, by: string): Promise<Outcome> =>
  onSession(context, sessionId, by, (book, named) => {
    book.apply(named.courseId, { type: 'confirm', sessionId, by });
    for (const session of book.courses.flatMap(({ sessions }) => sessions))
      if (session.status === 'booked' && isSameVisit(session.booking, named.booking))
        book.apply(session.courseId, { type: 'confirm', sessionId: session.sessionId, by });
  });

const isSameVisit = (one: Booking | null, other: Booking | null): boolean =>
  one !== null && other !== null && one.locationId === other.locationId && localDate(one.start, one.timeZone) === localDate(other.start, other.timeZone);

/** The patient asks for another time; the desk gets a task. */
export const requestReschedule = (context: TreatmentContext, sessionId: string, by: string): Promise<Outcome> =>
  onSession(context, sessionId, by, (book, { courseId }) => book.apply(courseId, { type: 'request-reschedule', sessionId, by }));

/** Called off for good; the others stay, and an interval that grows too long becomes a deadline for the desk. */
export const cancelSession = (
  context: TreatmentContext,
  sessionId: string,
  { reason, by }: { readonly reason: string; readonly by: 'patient' | 'clinic' },
  actor: Actor,
): Promise<Outcome> =>
  onSession(context, sessionId, actor.id, (book, { courseId }) => {
    book.apply(courseId, { type: 'cancel', sessionId, by, reason });
    settle(book, courseId);
  });

export const arriveSession = (context: TreatmentContext, sessionId: string, actor: Actor): Promise<Outcome> =>
  onSession(context, sessionId, actor.id, (book, { courseId, booking }) =>
    book.apply(courseId, { type: 'arrive', sessionId, today: localDate(book.now.toISOString(), booking?.timeZone ?? 'UTC') }),
  );

/**
 * The treatment was given. `at` is when it ended; left out it is now, or, in an entry made on a later day, the booked end.
 * One that was cut short counts as one, and a clinician is asked how the course goes on. Later sessions that stand too close
 * to the day it was given on move.
 */
export const completeSession = (
  context: TreatmentContext,
  sessionId: string,
  actor: Actor,
  { at, cutShort = false }: { readonly at?: string | undefined; readonly cutShort?: boolean | undefined } = {},
): Promise<Outcome> =>
  onSession(context, sessionId, actor.id, (book, { courseId, booking }) => {
    const timeZone = booking?.timeZone ?? 'UTC';
    const now = book.now.toISOString();
    const isLaterDay = booking !== null && localDate(now, timeZone) > localDate(booking.end, timeZone);
    const ended = at === undefined ? (isLaterDay ? booking.end : now) : new Date(at).toISOString();
    if (ended > now) throw new Rejected('in_the_future', 'A treatment cannot be completed ahead of its time.', { path: 'at' });
    book.apply(courseId, { type: 'complete', sessionId, at: ended, on: localDate(ended, timeZone), cutShort });
    settle(book, courseId);
  });

export const noShowSession = (context: TreatmentContext, sessionId: string, actor: Actor): Promise<Outcome> =>
  onSession(context, sessionId, actor.id, (book, { courseId }) => {
    book.apply(courseId, { type: 'no-show', sessionId, now: book.now.toISOString() });
    settle(book, courseId);
  });

export interface AdverseReaction {
  readonly codes: readonly string[];
  readonly severity: 'mild' | 'moderate' | 'severe';
  readonly note?: string | undefined;
}

/** A reaction to a treatment; a moderate or severe one puts the rest of the course on hold until a provider has reviewed it. */
export const recordAdverseReaction = (
  context: TreatmentContext,
  sessionId: string,
  { codes, severity, note }: AdverseReaction,
  actor: Actor,
): Promise<Outcome> =>
  onSession(context, sessionId, actor.id, (book, { courseId }) =>
    book.apply(courseId, { type: 'record-reaction', sessionId, codes, severity, ...(note === undefined ? {} : { note }) }),
  );

/** A gate of the course closed after booking: everything that has not begun keeps its slot but is on hold (invariant 2). */
export const putOnHold = (
  context: TreatmentContext,
  ask: { readonly courseId: string; readonly gate: string; readonly why: string },
  actor = bySchedule,
): Promise<Outcome> => onCourse(context, ask.courseId, actor, (book) => book.apply(ask.courseId, { type: 'hold', gate: ask.gate, why: ask.why }));

/** The gate is open again: sessions that may stand are booked as before, the others get another time. */
export const releaseHold = (context: TreatmentContext, ask: { readonly courseId: string; readonly gate: string }, actor = bySchedule): Promise<Outcome> =>
  onCourse(context, ask.courseId, actor, (book) => {
    blackOut(book, ask.courseId);
    book.apply(ask.courseId, { type: 'release', gate: ask.gate, by: actor });
    if (context.clinic.scheduling === 'book') bookUnscheduled(book, ask.courseId);
    settle(book, ask.courseId);
  });

export async function onCourse(context: TreatmentContext, courseId: string, actor: string, work: (book: PatientBook) => void): Promise<Outcome> {
  const { patientId } = await existingCourse(context, courseId);
  return outcome(await withPatient(context, { patientId, actor }, work), courseId);
}

export interface Reschedule {
  readonly start: string;
  readonly reason?: string | undefined;
  readonly override?: { readonly reason: string } | undefined;
}

/** Rules that a provider or the medical director may set aside, with their name and a reason. */
const overridable: readonly string[] = ['interval', 'spacing', 'clear', 'social_event', 'unavailable'];
const mayOverride = ({ roles }: Actor) => roles.includes('provider') || roles.includes('medical_director');

/**
 * Moves a session to a start that somebody chose, with its own people and room if they are free then, else with others;
 * later sessions of the course that would stand too close move after it.
 * @throws Rejected `forbidden_window` or `slot_taken` (409) naming the `constraint`; `override_not_allowed` (403).
 */
export const rescheduleSession = (context: TreatmentContext, sessionId: string, ask: Reschedule, actor: Actor): Promise<Outcome> =>
  onSession(context, sessionId, actor.id, (book, session) => movedTo(book, session, ask, actor));

/** Moves a session in the book, and what has to follow it. @throws Rejected as `rescheduleSession`. */
export function movedTo(book: PatientBook, session: Session, ask: Reschedule, actor: Actor): void {
  const start = new Date(ask.start).toISOString();
  const present = movableBooking(session);
  if (present.start === start && session.status !== 'no_show' && session.holds.length === 0) return;
  if (start <= book.now.toISOString()) throw new Rejected('in_the_past', 'The new start lies in the past.', { path: 'start' });
  const { booking, broken } = placeAt(book, session, start, ask, actor);
  const command = { type: 'move', sessionId: session.sessionId, booking, by: actor.id, reason: ask.reason ?? 'rescheduled' } as const;
  const course = book.course(session.courseId);
  const followers = followersOf(course, session, start, book.now);
  const pinned = course.sessions.filter((other) => !followers.includes(other)).map((other) => other.sessionId);
  const override =
    broken.length === 0 || ask.override === undefined ? null : overrideFor(book, command, pinned, { by: actor.id, reason: ask.override.reason, broken });
  book.apply(session.courseId, override === null ? command : { ...command, override });
  settle(book, session.courseId, pinned);
}

function placeAt(book: PatientBook, session: Session, start: string, ask: Reschedule, actor: Actor): { booking: Booking; broken: readonly Reason[] } {
  const scene = book.scene(session.courseId);
  const course = book.course(session.courseId);
  const placed = placeSession(scene, course, session, start);
  if (placed.allowed) return { booking: placed.booking, broken: [] };
  if (ask.override === undefined) throw forbidden(placed.violations);
  if (!mayOverride(actor)) throw new Rejected('override_not_allowed', 'Only a provider or the medical director may override.', { status: 403 });
  const overridden = placeOverridden(scene, course, session, start);
  if (!overridden.allowed) throw forbidden(overridden.violations);
  return { booking: overridden.booking, broken: placed.violations.filter(({ constraint }) => overridable.includes(constraint)) };
}

/** The refusal of a time that rules or others' bookings forbid. */
export function forbidden(violations: readonly Reason[]): Rejected {
  const [first] = violations;
  const taken = violations.every(({ constraint }) => constraint === 'busy');
  return new Rejected(taken ? 'slot_taken' : 'forbidden_window', said(violations), {
    status: 409,
    constraint: first?.constraint ?? 'hours',
    constraints: violations,
  });
}

type Move = Extract<CourseCommand, { type: 'move' }>;

/** Tries the move in a copy: what still stands in a shadow when the rest has moved is what the override waives. */
function overrideFor(
  book: PatientBook,
  command: Move,
  pinned: readonly string[],
  { by, reason, broken }: { by: string; reason: string; broken: readonly Reason[] },
): Override {
  const { sessionId, courseId } = command.booking;
  const constraints = broken.map(({ constraint, detail }) => ({ constraint, detail }));
  const trial = book.fresh();
  trial.apply(courseId, { ...command, override: { by, reason, constraints, waives: [] } });
  settle(trial, courseId, pinned);
  const rows = recoveryLanes(
    trial.courses.flatMap(({ sessions }) => sessions),
    trial.courses,
  );
  const concerned = laneConflicts(rows).filter(({ body, shadow }) => body.source === sessionId || shadow.source === sessionId);
  const { timeZone } = command.booking;
  return {
    by,
    reason,
    constraints,
    waives: concerned.map(({ body, shadow }) => ({ source: shadow.source, lane: body.lane, on: localDate(body.from ?? body.until, timeZone) })),
  };
}
