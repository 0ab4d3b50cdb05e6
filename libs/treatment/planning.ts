import { deterministicId } from '#platform';
import { addDays } from '#protocols';
import { locationOf } from '#clinic';
import {
  checkPlacement,
  type DayAnswer,
  explainSessions,
  type Placement,
  planCourse,
  type PlannedSession,
  type PlanRequest,
  type Reason,
  type Scheduled,
  type SessionWindow,
  startsOn,
  whyNotOn,
} from '#scheduling';
import { type Course, type Session, windowGate } from './decider.js';
import type { Booking, Proposal } from './events.js';
import { fewestMoves } from './fewest-moves.js';
import { keepsItsDay, type PlanningTask, planningTask, type Scene, spacingAfter, type Wanted } from './plan-request.js';
import { dayBegins, dayEnds, localDate } from './recovery.js';

/*
 * From a course and what it stands among to times: pure, so that "what would follow?" can be asked without doing it.
 */

/** Placements the planner may weigh while a person waits; beyond it the best schedule found is taken. */
const stepBudget = 1_000_000;
const mostProposals = 5;

export type Schedule =
  | { readonly status: 'scheduled'; readonly bookings: readonly Booking[]; readonly cost: number; readonly optimal: boolean }
  | { readonly status: 'infeasible'; readonly because: readonly Reason[]; readonly relaxations: Course['relaxations'] };

export interface ScheduleWish {
  /** The local date before which the downtime of every session planned must have ended, the last as near to it as can be. */
  readonly bestOn?: string | undefined;
  /** Whether a refusal gives its reasons, which cost more than the refusal; by default it does. */
  readonly explain?: boolean;
}

export type PlacementResult = { readonly allowed: true; readonly booking: Booking } | { readonly allowed: false; readonly violations: readonly Reason[] };

const begun = (session: Session, now: Date) => session.status === 'arrived' || (session.booking !== null && session.booking.start <= now.toISOString());
const isBooked = ({ status }: Session) => status === 'booked' || status === 'confirmed';

/** Sessions with a time of their own choosing still: booked and not begun. */
export const movableSessions = (course: Course, now: Date): Session[] => course.sessions.filter((session) => isBooked(session) && !begun(session, now));
/** Sessions that hold their place in the order of the course. */
const standingSessions = (course: Course): Session[] => course.sessions.filter(keepsItsDay);

/** Everything given already, by us or elsewhere, by local date. */
export function treatedOf(scene: Scene, course: Course): Wanted['treated'] {
  const ours = [...course.sessions, ...scene.others].flatMap(({ protocolId, completedOn }) => (completedOn === null ? [] : [{ protocolId, on: completedOn }]));
  return [...scene.patient.facts.treatments.map(({ protocolId, on }) => ({ protocolId, on })), ...ours];
}

function taskFor(
  scene: Scene,
  course: Course,
  locationId: string,
  toPlan: readonly Session[],
  kept: readonly Session[],
  bindLongestInterval = false,
): PlanningTask | null {
  return planningTask(scene, locationId, { toPlan, kept, blackouts: course.blackouts, treated: treatedOf(scene, course), bindLongestInterval });
}

/** Times for some sessions of a course while the rest stays; the first location that can give all of them. */
export function scheduleSessions(
  scene: Scene,
  course: Course,
  toPlan: readonly Session[],
  locations: readonly string[],
  bindLongestInterval: boolean,
  { bestOn, explain = true }: ScheduleWish = {},
): Schedule {
  const kept = standingSessions(course).filter((session) => !toPlan.includes(session));
  let refusal: Schedule | null = null;
  for (const locationId of locations) {
    const task = taskFor(scene, course, locationId, toPlan, kept, bindLongestInterval);
    if (task === null) continue;
    const request = bestOn === undefined ? task.request : { ...task.request, bestOn, bestItems: itemsOf(task, toPlan) };
    const answer = planCourse(request, { stepBudget, explain });
    if (answer.status === 'scheduled') {
      return { status: 'scheduled', bookings: bookingsOf(scene, { ...task, request }, answer), cost: answer.cost, optimal: answer.optimal };
    }
    refusal ??= answer.status === 'infeasible' ? answer : undecided(answer.detail);
  }
  return refusal ?? { status: 'infeasible', because: [nowhere(toPlan)], relaxations: [] };
}

/** The lines of a request that get new times. */
const itemsOf = ({ lines }: PlanningTask, toPlan: readonly Session[]): number[] =>
  lines.flatMap((line, item) => (line.some((session) => toPlan.includes(session)) ? [item] : []));

/** Nothing is booked and staff are told why; it is not claimed that no schedule exists. */
const undecided = (detail: string): Schedule => ({ status: 'infeasible', because: [{ constraint: 'horizon', detail }], relaxations: [] });

const nowhere = (toPlan: readonly Session[]): Reason => ({
  constraint: 'provider',
  detail: `no location has a provider, a room and a device for ${[...new Set(toPlan.map(({ protocolId }) => protocolId))].join(' and ')}`,
});

/** The consultation's location first, then the others; never two in one course. */
export const locationsFor = (scene: Scene, course: Course): string[] => {
  const booked = standingSessions(course)[0]?.booking?.locationId;
  if (booked !== undefined) return [booked];
  return [course.locationId, ...scene.clinic.locations.map(({ id }) => id).filter((id) => id !== course.locationId)];
};

function bookingsOf(scene: Scene, task: PlanningTask, answer: Scheduled): Booking[] {
  const windows = explainSessions(task.request, answer);
  return answer.sessions.flatMap((planned) => {
    const session = task.lines[planned.item]?.[planned.number - 1];
    const window = windows.find(({ item, number }) => item === planned.item && number === planned.number);
    return session === undefined ? [] : [bookingOf(scene, task, session, planned, window)];
  });
}

const instant = (text: string) => new Date(text).toISOString();

function bookingOf(
  scene: Scene,
  { place: { location }, request }: PlanningTask,
  session: Session,
  planned: PlannedSession,
  window: SessionWindow | undefined,
): Booking {
  const protocol = scene.protocols.get(session.protocolId);
  if (protocol === undefined) throw new Error(`no protocol ${session.protocolId} in force`);
  const { timeZone } = location;
  const segments = request.protocols[session.protocolId]?.segments;
  return {
    sessionId: session.sessionId,
    courseId: session.courseId,
    patientId: session.patientId,
    item: session.item,
    number: session.number,
    protocolId: session.protocolId,
    protocolVersion: session.protocolVersion,
    start: instant(planned.start),
    end: instant(planned.end),
    turnoverMinutes: scene.clinic.turnoverMinutes,
    ...(segments === undefined ? {} : { segments }),
    timeZone,
    locationId: location.id,
    providerId: planned.providerId,
    roomId: planned.roomId,
    deviceId: planned.deviceId,
    earliest: window === undefined ? instant(request.notBefore) : dayBegins(window.earliest, timeZone),
    latest: window === undefined ? null : dayEnds(window.latest, timeZone),
    because: (window?.because ?? []).map(({ constraint, detail }) => ({ constraint, detail })),
    spacing: spacingAfter(scene, protocol),
  };
}

/** Why a session may not stand where it is booked while `kept` stay; null when it may, or when somebody answered for it. */
function faultOf(scene: Scene, course: Course, session: Session, kept: readonly Session[]): readonly Reason[] | null {
  const { booking, override } = session;
  if (booking === null) return null;
  const judged = (other: Session) => !isAnsweredFor(session, other) && !isAnsweredFor(other, session);
  const { start, providerId, roomId, deviceId } = booking;
  const task = taskFor({ ...scene, others: scene.others.filter(judged) }, course, booking.locationId, [session], kept.filter(judged));
  if (task === null) return [nowhere([session])];
  const answer = checkPlacement(asBooked(task.request, booking), { ...positionOf(task, session), start, providerId, roomId, deviceId });
  const violations = answer.allowed
    ? []
    : answer.violations.filter(({ constraint }) => !override?.constraints.some((waived) => waived.constraint === constraint));
  return violations.length === 0 ? null : violations;
}

/** A booking is judged by what it was booked as: another grid or a longer turnover is for what comes after, and moves nothing. */
function asBooked(request: PlanRequest, { turnoverMinutes, segments, start, end, protocolId }: Booking): PlanRequest {
  const booked = { turnoverMinutes, segments, durationMinutes: (Date.parse(end) - Date.parse(start)) / 60_000 };
  const protocols = Object.entries(request.protocols).map(([id, figures]) => [id, id === protocolId ? { ...figures, ...booked } : figures]);
  return { ...request, clinic: { ...request.clinic, gridMinutes: 1 }, protocols: Object.fromEntries(protocols) };
}

/** Whether the override of one session waives what the spacing says of it and another. */
const isAnsweredFor = ({ sessionId, override }: Session, other: Session): boolean =>
  override?.waives.some(({ source, lane }) => source === other.sessionId || (source === sessionId && lane === other.protocolId)) ?? false;

function positionOf({ lines }: PlanningTask, session: Session): { item: number; number: number } {
  const item = lines.findIndex((line) => line.includes(session));
  return { item, number: (lines[item]?.indexOf(session) ?? 0) + 1 };
}

export interface Fault {
  readonly session: Session;
  readonly violations: readonly Reason[];
}

/**
 * Sessions that may not stand as the course is now, judged in time order: of two that are too close the later one is at
 * fault. `pinned` ones are not judged: they are where somebody put them.
 */
export function faultsOf(scene: Scene, course: Course, pinned: readonly string[] = []): Fault[] {
  const movable = movableSessions(course, scene.now).filter(({ sessionId }) => !pinned.includes(sessionId));
  const kept = standingSessions(course).filter((session) => !movable.includes(session));
  const faults: Fault[] = [];
  for (const session of movable.sort(byStart)) {
    const violations = faultOf(scene, course, session, kept);
    if (violations === null) kept.push(session);
    else faults.push({ session, violations });
  }
  return faults;
}

/** Sessions on hold only because their window had closed, which has opened again meanwhile. */
export function freedSessions(scene: Scene, course: Course): Session[] {
  return shutOut(course).filter((session) => faultOf(scene, course, session, standingSessions(course)) === null);
}

/** Sessions on hold for no gate, only because a fact forbids their day and no other day was found. */
export const shutOut = (course: Course): Session[] =>
  course.sessions.filter(({ status, holds }) => status === 'on_hold' && holds.length > 0 && holds.every(({ gate }) => gate === windowGate));

const byStart = (one: Session, other: Session) => (one.booking?.start ?? '').localeCompare(other.booking?.start ?? '');

/**
 * New times for the sessions at fault, moving as few others as will do: no confirmed one where others suffice, and those after
 * the first fault rather than those before. Null when no choice of times keeps every rule.
 */
export function replan(scene: Scene, course: Course, faults: readonly Session[], pinned: readonly string[] = []): readonly Booking[] | null {
  const [earliest] = faults.flatMap(({ booking }) => booking ?? []).sort((one, other) => (one.start < other.start ? -1 : 1));
  if (earliest === undefined) return [];
  const { start: first, timeZone } = earliest;
  const isLater = ({ booking }: Session) => (booking?.start ?? '') > first;
  const rest = movableSessions(course, scene.now)
    .filter((session) => !faults.includes(session) && !pinned.includes(session.sessionId) && session.override === null)
    .sort((one, other) => Number(isLater(other)) - Number(isLater(one)) || byStart(one, other));
  const location = locationsFor(scene, course).slice(0, 1);
  const views = [notBefore(scene, dayBegins(localDate(first, timeZone), timeZone)), scene];
  return fewestMoves(rest, (moved) => {
    for (const view of views) {
      const schedule = scheduleSessions(view, course, [...faults, ...moved], location, false, { explain: false });
      if (schedule.status === 'scheduled') return withDeadlines(scene, course, schedule.bookings);
    }
    return null;
  });
}

/** Nobody is asked to come sooner than they had arranged where a later day will do. */
function notBefore(scene: Scene, day: string): Scene {
  const { gatesMetAt } = scene.patient;
  return { ...scene, patient: { ...scene.patient, gatesMetAt: gatesMetAt !== null && gatesMetAt > day ? gatesMetAt : day } };
}

/** Which sessions follow when one moves to a new start: the later ones of its own item, and of other items those after it. */
export const followersOf = (course: Course, session: Session, start: string, now: Date): Session[] =>
  movableSessions(course, now).filter((other) =>
    other.sessionId === session.sessionId
      ? false
      : other.item === session.item && other.protocolId === session.protocolId
        ? other.number > session.number
        : (other.booking?.start ?? '') > start,
  );

/** A place for one session at a start that somebody chose: with its own people and room if they are free, else with others. */
export function placeSession(scene: Scene, course: Course, session: Session, start: string): PlacementResult {
  return placeAmong(scene, course, session, start, taskAmong(scene, course, session, start));
}

/**
 * The session at its own start with other people, room or device, as many of its own as will do; null when only another time
 * helps. Whatever else binds the session goes on binding it.
 */
export function placeAtItsTime(scene: Scene, course: Course, session: Session): Booking | null {
  const { booking } = session;
  if (booking === null) return null;
  const kept = standingSessions(course).filter((other) => other !== session);
  const task = taskFor(scene, course, booking.locationId, [session], kept);
  if (task === null) return null;
  const { providerId, roomId, deviceId, start } = booking;
  const at = { ...positionOf(task, session), start };
  const request = asBooked(task.request, booking);
  for (const own of [{ roomId, deviceId }, { providerId, deviceId }, { providerId, roomId }, { providerId }, { roomId }, {}]) {
    const answer = checkPlacement(request, { ...at, ...own });
    if (!answer.allowed) continue;
    const [window] = explainSessions(task.request, { sessions: [answer.session] });
    return withDeadlines(scene, course, [bookingOf(scene, { ...task, request }, session, answer.session, window)])[0] ?? null;
  }
  return null;
}

/** Why a session may not lie on a local date while what follows it may move, or the first start that it may have there. */
export function whyNotDay(scene: Scene, course: Course, session: Session, date: string): DayAnswer {
  const timeZone = locationOf(scene.clinic, locationOfSession(course, session))?.timeZone ?? 'UTC';
  const task = taskAmong(scene, course, session, dayBegins(date, timeZone));
  if (task === null) return { allowed: false, together: false, because: [nowhere([session])] };
  return whyNotOn(task.request, positionOf(task, session), date);
}

/** A local date in the choice of another time: its free starts (instants), or what leaves none. */
export interface DayOfChoice {
  readonly date: string;
  readonly starts: readonly string[];
  readonly because: readonly Reason[];
}

/** The days of a choice, each with every start that the session may have there while what follows it may move. */
export function daysOfChoice(scene: Scene, course: Course, session: Session, dates: readonly string[]): DayOfChoice[] {
  const timeZone = locationOf(scene.clinic, locationOfSession(course, session))?.timeZone ?? 'UTC';
  return dates.map((date) => {
    const task = taskAmong(scene, course, session, dayBegins(date, timeZone));
    if (task === null) return { date, starts: [], because: [nowhere([session])] };
    const starts = startsOn(task.request, positionOf(task, session), date).map((start) => new Date(start).toISOString());
    const answer = starts.length > 0 ? null : whyNotOn(task.request, positionOf(task, session), date);
    return { date, starts, because: answer === null || answer.allowed ? [] : answer.because };
  });
}

/** One session at a time of its own around those that do not follow it. */
function taskAmong(scene: Scene, course: Course, session: Session, start: string): PlanningTask | null {
  const followers = followersOf(course, session, start, scene.now);
  const kept = standingSessions(course).filter((other) => other.sessionId !== session.sessionId && !followers.includes(other));
  return taskFor(scene, course, locationOfSession(course, session), [session], kept);
}

/** The same without intervals, spacing, washouts and the patient's own wishes: what an override may set aside, and no more. */
export function placeOverridden(scene: Scene, course: Course, session: Session, start: string): PlacementResult {
  const bare: Scene = { ...scene, others: [], patient: { ...scene.patient, availability: { unavailable: [], socialEvents: [], preferred: [] }, waits: [] } };
  const task = planningTask(bare, locationOfSession(course, session), { toPlan: [session], kept: [], blackouts: [], treated: [], bindLongestInterval: false });
  return placeAmong(scene, course, session, start, task);
}

const locationOfSession = (course: Course, { booking }: Session) => booking?.locationId ?? course.locationId;

function placeAmong(scene: Scene, course: Course, session: Session, start: string, task: PlanningTask | null): PlacementResult {
  if (task === null) return { allowed: false, violations: [nowhere([session])] };
  const at = { ...positionOf(task, session), start };
  const { providerId, roomId, deviceId } = session.booking ?? {};
  const tries: Placement[] = [{ ...at, providerId, roomId, deviceId }, { ...at, providerId }, at];
  const answers = tries.map((placement) => checkPlacement(task.request, placement));
  const allowed = answers.find((answer) => answer.allowed);
  if (allowed?.allowed !== true) {
    const last = answers.at(-1);
    return { allowed: false, violations: last !== undefined && !last.allowed ? last.violations : [] };
  }
  const planned = allowed.session;
  const [window] = explainSessions(task.request, { sessions: [planned] });
  const booking = bookingOf(scene, task, session, planned, window);
  return { allowed: true, booking: withDeadlines(scene, course, [booking])[0] ?? booking };
}

interface Dated {
  readonly sessionId: string;
  readonly protocolId: string;
  readonly on: string;
}

/** The local days of everything of the course that was given or stands. */
const datesOf = (course: Course): Dated[] =>
  [...standingSessions(course), ...course.sessions.filter(({ status }) => status === 'completed')].flatMap(({ sessionId, protocolId, booking, completedOn }) =>
    booking === null ? [] : [{ sessionId, protocolId, on: completedOn ?? localDate(booking.start, booking.timeZone) }],
  );

/** The last day within the longest interval after the session of the same protocol before; null for a first one. */
function deadlineOf({ protocols }: Scene, session: Dated, all: readonly Dated[]): string | null {
  const before = all
    .filter(({ protocolId, on }) => protocolId === session.protocolId && on < session.on)
    .map(({ on }) => on)
    .sort()
    .at(-1);
  const max = protocols.get(session.protocolId)?.intervalDays.max;
  return before === undefined || max === undefined ? null : addDays(before, max);
}

/** After a change the longest interval is a deadline: bookings carry it as the end of their window though they may lie beyond. */
function withDeadlines(scene: Scene, course: Course, bookings: readonly Booking[]): Booking[] {
  const changed = bookings.map(({ sessionId, protocolId, start, timeZone }) => ({ sessionId, protocolId, on: localDate(start, timeZone) }));
  const all = [...datesOf(course).filter(({ sessionId }) => !changed.some((other) => other.sessionId === sessionId)), ...changed];
  return bookings.map((booking) => {
    const on = localDate(booking.start, booking.timeZone);
    const last = deadlineOf(scene, { ...booking, on }, all);
    return { ...booking, latest: last === null ? null : dayEnds(last, booking.timeZone) };
  });
}

/** Sessions to come that lie beyond the longest recommended interval, with the instant at which it is over. */
export function deadlinesOf(scene: Scene, course: Course): { readonly sessionId: string; readonly latest: string }[] {
  const all = datesOf(course);
  return standingSessions(course).flatMap(({ sessionId, booking }) => {
    const dated = all.find((other) => other.sessionId === sessionId);
    const last = dated === undefined ? null : deadlineOf(scene, dated, all);
    if (booking === null || dated === undefined || last === null || dated.on <= last) return [];
    return [{ sessionId, latest: dayEnds(last, booking.timeZone) }];
  });
}

/**
 * Up to five schedules for everything of a course that has not begun, the best first; each next one begins on another day.
 * With `bestOn` (a local date) they end as near before it as healing and intervals allow.
 */
export function proposalsFor(scene: Scene, course: Course, bestOn?: string): { readonly proposals: Proposal[]; readonly refusal: Schedule | null } {
  const open = course.sessions.filter(
    (session) => session.status === 'unscheduled' || session.status === 'held' || (isBooked(session) && !begun(session, scene.now)),
  );
  const isFirst = course.sessions.every((session) => open.includes(session));
  const proposals: Proposal[] = [];
  let refusal: Schedule | null = null;
  let locations = isFirst ? [course.locationId, ...scene.clinic.locations.map(({ id }) => id)] : locationsFor(scene, course);
  for (let view = scene; open.length > 0 && proposals.length < mostProposals;) {
    const schedule = scheduleSessions(view, course, open, [...new Set(locations)], isFirst, { bestOn });
    if (schedule.status === 'infeasible') {
      refusal = proposals.length === 0 ? schedule : null;
      break;
    }
    proposals.push(proposalOf(course, schedule));
    const [first] = schedule.bookings;
    if (first === undefined) break;
    locations = [first.locationId];
    view = withoutDay(view, first);
  }
  return { proposals: proposals.sort((one, other) => one.cost - other.cost), refusal };
}

function withoutDay(scene: Scene, { start, timeZone }: Booking): Scene {
  const on = localDate(start, timeZone);
  const { availability } = scene.patient;
  const unavailable = [...availability.unavailable, { from: dayBegins(on, timeZone), to: dayEnds(on, timeZone) }];
  return { ...scene, patient: { ...scene.patient, availability: { ...availability, unavailable } } };
}

function proposalOf({ courseId }: Course, { bookings, cost, optimal }: Extract<Schedule, { status: 'scheduled' }>): Proposal {
  const places = bookings.map(({ sessionId, start, providerId, roomId, deviceId }) => [sessionId, start, providerId, roomId, deviceId]);
  const explanation = bookings.map(({ number, protocolId, start, timeZone, because }) => {
    const reasons = because.map(({ detail }) => detail).join('; ');
    return `${protocolId} ${number} on ${localDate(start, timeZone)}${reasons === '' ? '' : `: ${reasons}`}`;
  });
  return { proposalId: deterministicId('proposal', courseId, JSON.stringify(places)), cost, optimal, explanation, sessions: [...bookings] };
}
