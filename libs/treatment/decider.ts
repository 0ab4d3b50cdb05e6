import { deterministicId, Rejected } from '#platform';
import type { Because, Blackout, Booking, CourseItem, Held, Override, Slot, Wish, Proposal, TreatmentEvent } from './events.js';

/*
 * One course of treatment, from the plan to its last session. Invariants (numbers of the design):
 *  1. A session stands on at most one provider, room and device; what it holds is in its booking, turnover included.
 *  2. A session on hold neither arrives nor completes; a gate that closes puts every session that has not begun on hold.
 *  3. Only an override with a name and a reason lets a session stand where a spacing rule forbids it.
 * 14. Every booking carries the constraints that set its window.
 *  A. Completed and cancelled are final. A session's id stays through every move.
 *  B. A course is booked whole or not at all.
 *  C. The same command twice gives no events.
 *  D. A session keeps at most one slot beside its booking, and none once it has another time, begins, ends or is on hold.
 */

export type SessionStatus = 'unscheduled' | 'held' | 'booked' | 'confirmed' | 'arrived' | 'completed' | 'no_show' | 'cancelled' | 'on_hold';

export interface Session {
  readonly sessionId: string;
  readonly courseId: string;
  readonly patientId: string;
  readonly item: number;
  readonly number: number;
  readonly protocolId: string;
  readonly protocolVersion: number;
  readonly status: SessionStatus;
  /** Of a session that is `held`, the slot that is kept for it. */
  readonly booking: Booking | null;
  /** A slot that is kept while somebody decides, beside the booking or instead of one. */
  readonly held?: Held;
  /** The patient waits for another time. */
  readonly waiting?: Waiting;
  readonly holds: readonly { readonly gate: string; readonly why: string }[];
  readonly override: Override | null;
  readonly completedAt: string | null;
  /** Local date of the treatment. */
  readonly completedOn: string | null;
  readonly deadlineTold: string | null;
  /** How often it was set anew after its first time, or called off: what calendars tell an older word on it from a newer one by. */
  readonly sequence: number;
}

export interface Waiting {
  readonly since: string;
  readonly wish: 'earlier' | 'any';
  readonly windows: readonly { readonly weekday: number; readonly from: string; readonly to: string }[];
  /** Local dates that were offered and not taken: they are not offered again. */
  readonly passed: readonly string[];
}

export interface Course {
  readonly courseId: string;
  readonly patientId: string;
  readonly consultationId: string;
  readonly planId: string;
  readonly locationId: string;
  readonly status: 'absent' | 'open' | 'unschedulable' | 'closed';
  readonly items: readonly CourseItem[];
  readonly blackouts: readonly Blackout[];
  readonly because: readonly Because[];
  readonly relaxations: readonly { readonly constraint: string; readonly change: string; readonly cost: number }[];
  readonly proposals: readonly Proposal[];
  readonly sessions: readonly Session[];
}

export const noCourse: Course = {
  courseId: '',
  patientId: '',
  consultationId: '',
  planId: '',
  locationId: '',
  status: 'absent',
  items: [],
  blackouts: [],
  because: [],
  relaxations: [],
  proposals: [],
  sessions: [],
};

export interface Plan {
  readonly courseId: string;
  readonly consultationId: string;
  readonly patientId: string;
  readonly planId: string;
  readonly locationId: string;
  readonly items: readonly CourseItem[];
}

export type CourseCommand =
  | { readonly type: 'open'; readonly plan: Plan }
  | { readonly type: 'replace-plan'; readonly plan: Plan; readonly by: string }
  | { readonly type: 'book'; readonly bookings: readonly Booking[]; readonly by: string }
  | { readonly type: 'refuse'; readonly because: readonly Because[]; readonly relaxations: Course['relaxations'] }
  | { readonly type: 'propose'; readonly proposals: readonly Proposal[] }
  | { readonly type: 'black-out'; readonly blackouts: readonly Blackout[] }
  | { readonly type: 'hold'; readonly gate: string; readonly why: string; readonly sessionIds?: readonly string[] }
  | { readonly type: 'release'; readonly gate: string; readonly by: string; readonly sessionIds?: readonly string[] }
  | { readonly type: 'close'; readonly reason: string }
  | ({ readonly type: 'hold-slots'; readonly bookings: readonly Booking[]; readonly by: string; readonly why?: string } & Omit<Held, 'slot'>)
  | { readonly type: 'release-slots'; readonly sessionIds: readonly string[]; readonly why: SlotEnd; readonly by: string }
  | SessionCommand;

/** Why a slot is kept no longer. */
export type SlotEnd = Extract<TreatmentEvent, { readonly type: 'session.slot-released.v1' }>['data']['why'];

export type SessionCommand = { readonly sessionId: string } & (
  | { readonly type: 'confirm'; readonly by: string }
  | { readonly type: 'request-reschedule'; readonly by: string; readonly wish?: Wish }
  | { readonly type: 'move'; readonly booking: Booking; readonly by: string; readonly reason: string; readonly override?: Override }
  | { readonly type: 'cancel'; readonly by: string; readonly reason: string }
  | { readonly type: 'arrive'; readonly today: string }
  | { readonly type: 'no-show'; readonly now: string }
  | { readonly type: 'complete'; readonly at: string; readonly on: string; readonly cutShort?: boolean }
  | { readonly type: 'record-reaction'; readonly codes: readonly string[]; readonly severity: 'mild' | 'moderate' | 'severe'; readonly note?: string }
  | { readonly type: 'tell-deadline'; readonly latest: string }
  | ({ readonly type: 'wait'; readonly by: string } & Omit<Waiting, 'passed'>)
  | { readonly type: 'wait-no-more'; readonly by: string }
);

/** Neither begun nor ended. */
export const isToCome = ({ status }: Session): boolean =>
  status === 'unscheduled' || status === 'held' || status === 'booked' || status === 'confirmed' || status === 'on_hold';

export const sessionIdOf = ({ courseId, planId }: Pick<Plan, 'courseId' | 'planId'>, item: number, number: number): string =>
  deterministicId('session', courseId, planId, item, number);

/** The sessions that a plan asks for, none of them with a time yet. */
export function plannedSessions(plan: Plan): Session[] {
  return plan.items.flatMap(({ item, protocolId, protocolVersion, sessions }) =>
    Array.from({ length: sessions }, (_, index): Session => ({
      sessionId: sessionIdOf(plan, item, index + 1),
      courseId: plan.courseId,
      patientId: plan.patientId,
      item,
      number: index + 1,
      protocolId,
      protocolVersion,
      status: 'unscheduled',
      booking: null,
      holds: [],
      override: null,
      completedAt: null,
      completedOn: null,
      deadlineTold: null,
      sequence: 0,
    })),
  );
}

/**
 * What a command does to a course.
 * @throws Rejected `no_course`, `no_session`, `session_final`, `on_hold`, `not_booked`, `too_early`: the state forbids it.
 */
export function decide(command: CourseCommand, course: Course): TreatmentEvent[] {
  if (command.type === 'open')
    return course.status === 'absent' ? [{ type: 'course.opened.v1', data: { ...command.plan, items: [...command.plan.items] } }] : [];
  if (course.status === 'absent') throw new Rejected('no_course', 'There is no such course.', { status: 404 });
  return withSlotsLetGo('sessionId' in command ? decideSession(command, course) : decideCourse(command, course), course);
}

/** A slot that is kept is let go of before its session gets another time, begins, ends or is put on hold (invariant D). */
function withSlotsLetGo(events: readonly TreatmentEvent[], course: Course): TreatmentEvent[] {
  return events.flatMap((event) => {
    const session = 'sessionId' in event.data && endsHold.has(event.type) ? sessionOf(course, event.data.sessionId) : undefined;
    if (session?.held === undefined || ('start' in event.data && 'roomId' in event.data && isSamePlace(event.data, session.held.slot))) return [event];
    return [slotReleased(session, session.held, 'overtaken', 'schedule'), event];
  });
}

const endsHold: ReadonlySet<string> = new Set([
  'session.booked.v1',
  'session.rescheduled.v1',
  'session.arrived.v1',
  'session.completed.v1',
  'session.no-show.v1',
  'session.cancelled.v1',
  'session.put-on-hold.v1',
]);

const isSamePlace = (one: Booking, other: Booking): boolean =>
  one.start === other.start && one.providerId === other.providerId && one.roomId === other.roomId && one.deviceId === other.deviceId;

function slotReleased({ sessionId, courseId, patientId }: Session, { holdId, reason, slot }: Held, why: SlotEnd, by: string): TreatmentEvent {
  return { type: 'session.slot-released.v1', data: { sessionId, courseId, patientId, holdId, reason, why, by, ...slotOf(slot) } };
}

const slotOf = ({ start, end, turnoverMinutes, timeZone, locationId, providerId }: Booking): Slot => ({
  start,
  end,
  turnoverMinutes,
  timeZone,
  locationId,
  providerId,
});

type WholeCommand = Exclude<CourseCommand, SessionCommand | { type: 'open' }>;

function decideCourse(command: WholeCommand, course: Course): TreatmentEvent[] {
  const ids = { courseId: course.courseId, patientId: course.patientId };
  switch (command.type) {
    case 'replace-plan':
      return replacePlan(command.plan, command.by, course);
    case 'book':
      return bookAll(command.bookings, command.by, course);
    case 'refuse': {
      const known = course.status === 'unschedulable' && sameJson(command.because, course.because);
      return known ? [] : [{ type: 'course.unschedulable.v1', data: { ...ids, because: [...command.because], relaxations: [...command.relaxations] } }];
    }
    case 'propose':
      return sameJson(command.proposals, course.proposals)
        ? []
        : [{ type: 'course.schedules-proposed.v1', data: { ...ids, proposals: [...command.proposals] } }];
    case 'black-out':
      return sameJson(command.blackouts, course.blackouts) ? [] : [{ type: 'course.blackouts-set.v1', data: { ...ids, blackouts: [...command.blackouts] } }];
    case 'hold':
      return chosen(course, command.sessionIds)
        .filter((session) => isToCome(session) && !session.holds.some(({ gate }) => gate === command.gate))
        .map(({ sessionId }) => ({ type: 'session.put-on-hold.v1', data: { ...ids, sessionId, gate: command.gate, why: command.why } }));
    case 'release':
      return chosen(course, command.sessionIds)
        .filter((session) => session.holds.some(({ gate }) => gate === command.gate))
        .map(({ sessionId }) => ({ type: 'session.released.v1', data: { ...ids, sessionId, gate: command.gate, by: command.by } }));
    case 'hold-slots':
      return holdSlots(command, course);
    case 'release-slots':
      return chosen(course, command.sessionIds).flatMap((session) =>
        session.held === undefined ? [] : [slotReleased(session, session.held, command.why, command.by)],
      );
    case 'close':
      return course.status === 'closed' ? [] : [{ type: 'course.closed.v1', data: { ...ids, reason: command.reason } }];
  }
}

const sameJson = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
const chosen = (course: Course, sessionIds?: readonly string[]) =>
  sessionIds === undefined ? course.sessions : course.sessions.filter(({ sessionId }) => sessionIds.includes(sessionId));

function replacePlan(plan: Plan, by: string, course: Course): TreatmentEvent[] {
  if (course.planId === plan.planId) return [];
  const cancelled = course.sessions.filter(isToCome).map(({ sessionId, courseId, patientId }): TreatmentEvent => ({
    type: 'session.cancelled.v1',
    data: { sessionId, courseId, patientId, by, reason: 'another plan took its place' },
  }));
  return [...cancelled, { type: 'course.plan-replaced.v1', data: { ...plan, items: [...plan.items] } }];
}

/** Gives every session named its time: those without one are booked, the others moved (invariant B: all of them or a refusal). */
function bookAll(bookings: readonly Booking[], by: string, course: Course): TreatmentEvent[] {
  return bookings.flatMap((booking): TreatmentEvent[] => {
    const session = sessionOf(course, booking.sessionId);
    refuseFinal(session);
    if (session.holds.length > 0) throw onHold(session);
    if (session.booking === null || session.status === 'held') return [{ type: 'session.booked.v1', data: booking }];
    return decideSession({ type: 'move', sessionId: booking.sessionId, booking, by, reason: 'another schedule was chosen' }, course);
  });
}

/** Keeps a slot for each session named: those that have a time keep it beside. @throws Rejected as a booking would be. */
function holdSlots({ bookings, holdId, until, reason, by, why }: Extract<CourseCommand, { type: 'hold-slots' }>, course: Course): TreatmentEvent[] {
  return bookings.flatMap((slot): TreatmentEvent[] => {
    const session = sessionOf(course, slot.sessionId);
    refuseFinal(session);
    if (session.holds.length > 0) throw onHold(session);
    if (session.status === 'arrived' || session.status === 'no_show') throw notBooked(session);
    const { held, booking, status } = session;
    if (status !== 'held' && booking !== null && isSamePlace(booking, slot)) return [];
    if (held?.holdId === holdId && held.until === until && isSamePlace(held.slot, slot)) return [];
    const before = held === undefined || isSamePlace(held.slot, slot) ? [] : [slotReleased(session, held, 'overtaken', by)];
    return [...before, { type: 'session.held.v1', data: { ...slot, holdId, until, reason, by, ...(why === undefined ? {} : { why }) } }];
  });
}

const notBooked = ({ status }: Session) => new Rejected('not_booked', `The session is ${status}.`, { status: 409 });

/** @throws Rejected `no_session`. */
export function sessionOf(course: Course, sessionId: string): Session {
  const session = course.sessions.find((candidate) => candidate.sessionId === sessionId);
  if (session === undefined) throw new Rejected('no_session', 'There is no such session.', { status: 404 });
  return session;
}

function refuseFinal({ status }: Session): void {
  if (status === 'completed' || status === 'cancelled') throw new Rejected('session_final', `The session is ${status}.`, { status: 409 });
}

const onHold = (session: Session) =>
  new Rejected('on_hold', `The session is on hold: ${session.holds.map(({ gate, why }) => `${gate} (${why})`).join(', ')}.`, {
    status: 409,
    gates: session.holds.map(({ gate }) => gate),
  });

/** A session that a person can act on now: it has a time, no hold and no end. */
function actionable(session: Session): Booking {
  refuseFinal(session);
  if (session.holds.length > 0) throw onHold(session);
  if (session.booking === null || session.status === 'no_show' || session.status === 'held') throw notBooked(session);
  return session.booking;
}

function decideSession(command: SessionCommand, course: Course): TreatmentEvent[] {
  const session = sessionOf(course, command.sessionId);
  const ids = { sessionId: session.sessionId, courseId: session.courseId, patientId: session.patientId };
  switch (command.type) {
    case 'confirm':
      if (session.status === 'confirmed' || session.status === 'arrived') return [];
      actionable(session);
      return [{ type: 'session.confirmed.v1', data: { ...ids, by: command.by } }];
    case 'request-reschedule':
      actionable(session);
      return [{ type: 'session.reschedule-requested.v1', data: { ...ids, by: command.by, ...(command.wish === undefined ? {} : { wish: command.wish }) } }];
    case 'move':
      return move(command, session);
    case 'cancel':
      if (session.status === 'cancelled') return [];
      refuseFinal(session);
      return [
        {
          type: 'session.cancelled.v1',
          data: { ...ids, by: command.by, reason: command.reason, ...(session.booking === null ? {} : { freed: slotOf(session.booking) }) },
        },
      ];
    case 'arrive':
      if (session.status === 'arrived') return [];
      refuseEarly(actionable(session), command.today);
      return [{ type: 'session.arrived.v1', data: ids }];
    case 'no-show':
      if (session.status === 'no_show') return [];
      if (command.now < actionable(session).start) throw new Rejected('too_early', 'The session has not begun yet.', { status: 409 });
      return [{ type: 'session.no-show.v1', data: ids }];
    case 'complete':
      return complete(command, session);
    case 'record-reaction':
      return recordReaction(command, session, course);
    case 'wait':
      return wait(command, session);
    case 'wait-no-more':
      return session.waiting === undefined ? [] : [{ type: 'session.waitlist-left.v1', data: { ...ids, by: command.by } }];
    case 'tell-deadline':
      return session.deadlineTold === command.latest ? [] : [{ type: 'session.interval-exceeded.v1', data: { ...ids, latest: command.latest } }];
  }
}

/** Who waits already keeps their place, and may wish for something else. */
function wait({ since, wish, windows, by }: Of<'wait'>, session: Session): TreatmentEvent[] {
  refuseFinal(session);
  if (session.status === 'arrived') throw notBooked(session);
  const { sessionId, courseId, patientId, waiting } = session;
  if (waiting !== undefined && waiting.wish === wish && sameJson(waiting.windows, windows)) return [];
  return [{ type: 'session.waitlisted.v1', data: { sessionId, courseId, patientId, since: waiting?.since ?? since, wish, windows: [...windows], by } }];
}

const localDateOf = ({ start, timeZone }: Pick<Booking, 'start' | 'timeZone'>) => new Intl.DateTimeFormat('en-CA', { timeZone }).format(new Date(start));

function refuseEarly(booking: Booking, today: string): void {
  if (today < localDateOf(booking)) throw new Rejected('too_early', `The session is on ${localDateOf(booking)}.`, { status: 409 });
}

type Of<T extends SessionCommand['type']> = Extract<SessionCommand, { type: T }>;

/**
 * The present booking of a session that may get another time: no end, not begun, and no gate that holds it.
 * @throws Rejected `session_final`, `session_begun`, `on_hold`, `not_booked`.
 */
export function movableBooking(session: Session): Booking {
  refuseFinal(session);
  if (session.status === 'arrived') throw new Rejected('session_begun', 'The patient has arrived already.', { status: 409 });
  if (session.holds.some(({ gate }) => gate !== windowGate)) throw onHold(session);
  if (session.booking === null || session.status === 'held') throw new Rejected('not_booked', 'The session has no time yet.', { status: 409 });
  return session.booking;
}

function move({ booking, by, reason, override }: Of<'move'>, session: Session): TreatmentEvent[] {
  const present = movableBooking(session);
  if (isSamePlace(present, booking) && session.status !== 'no_show' && session.holds.length === 0) return [];
  const data = { ...booking, previousStart: present.start, by, reason, ...(override === undefined ? {} : { override }), freed: slotOf(present) };
  return [{ type: 'session.rescheduled.v1', data }];
}

/** The hold of a session whose window closed without a gate: a fact forbids its day and no other day could be found. */
export const windowGate = 'window';

function complete({ at, on, cutShort }: Of<'complete'>, session: Session): TreatmentEvent[] {
  if (session.status === 'completed') return [];
  const booking = actionable(session);
  refuseEarly(booking, on);
  const { sessionId, courseId, patientId, protocolId, protocolVersion } = session;
  return [
    {
      type: 'session.completed.v1',
      data: {
        sessionId,
        courseId,
        patientId,
        protocolId,
        protocolVersion,
        completedAt: at,
        on,
        timeZone: booking.timeZone,
        ...(cutShort === true && { cutShort }),
      },
    },
  ];
}

function recordReaction({ codes, severity, note }: Of<'record-reaction'>, session: Session, course: Course): TreatmentEvent[] {
  if (session.status !== 'completed' && session.status !== 'arrived') {
    throw new Rejected('not_treated', 'A reaction follows a treatment; this session has not begun.', { status: 409 });
  }
  const ids = { sessionId: session.sessionId, courseId: session.courseId, patientId: session.patientId };
  const recorded: TreatmentEvent = {
    type: 'session.adverse-reaction-recorded.v1',
    data: { ...ids, codes: [...codes], severity, ...(note === undefined ? {} : { note }) },
  };
  const why = `${severity} reaction after the session of ${session.completedOn ?? 'today'}`;
  return severity === 'mild' ? [recorded] : [recorded, ...decideCourse({ type: 'hold', gate: 'adverse_reaction', why }, course)];
}

/** What the course is after an event. */
export function evolve(course: Course, event: TreatmentEvent): Course {
  switch (event.type) {
    case 'course.opened.v1':
    case 'course.plan-replaced.v1':
      return { ...course, ...event.data, status: 'open', proposals: [], because: [], relaxations: [], sessions: withPlan(course.sessions, event.data) };
    case 'course.unschedulable.v1':
      return { ...course, status: 'unschedulable', because: event.data.because, relaxations: event.data.relaxations };
    case 'course.blackouts-set.v1':
      return { ...course, blackouts: event.data.blackouts };
    case 'course.schedules-proposed.v1':
      return { ...course, proposals: event.data.proposals };
    case 'course.closed.v1':
      return { ...course, status: 'closed' };
    default: {
      const booked = event.type === 'session.booked.v1' && course.status === 'unschedulable';
      const { sessionId } = event.data;
      const sessions = course.sessions.map((session) => (session.sessionId === sessionId ? evolveSession(session, event) : session));
      return { ...course, sessions, ...(booked ? { status: 'open', because: [], relaxations: [] } : {}) };
    }
  }
}

function withPlan(sessions: readonly Session[], plan: Plan): Session[] {
  const added = plannedSessions(plan).filter(({ sessionId }) => !sessions.some((session) => session.sessionId === sessionId));
  return [...sessions, ...added];
}

/** A slot that was offered and not taken is remembered by its day. */
function slotGone(session: Session, { reason, why, start, timeZone }: DataOf<'session.slot-released.v1'>): Session {
  const { waiting, ...rest } = withoutSlot(session);
  const isPassed = reason === 'offer' && (why === 'expired' || why === 'declined');
  const on = localDateOf({ start, timeZone });
  const left = waiting === undefined ? rest : { ...rest, waiting: isPassed ? { ...waiting, passed: [...waiting.passed, on] } : waiting };
  return left.status === 'held' ? { ...left, status: 'unscheduled', booking: null } : left;
}

function withoutSlot({ held: _held, ...session }: Session): Session {
  return session;
}

type DataOf<T extends TreatmentEvent['type']> = Extract<TreatmentEvent, { readonly type: T }>['data'];
type SessionEvent = Extract<TreatmentEvent, { readonly data: { readonly sessionId: string } }>;

/** What the patient has confirmed is the time: another provider or room changes nothing of that. */
const isConfirmedFor = ({ status, booking }: Session, next: Booking): boolean =>
  status === 'confirmed' && booking?.start === next.start && booking.locationId === next.locationId;

function evolveSession(session: Session, event: SessionEvent): Session {
  switch (event.type) {
    case 'session.booked.v1':
      return { ...withoutSlot(session), status: 'booked', booking: event.data };
    case 'session.held.v1': {
      const { holdId, until, reason, by: _by, why: _why, ...slot } = event.data;
      const held = { holdId, until, reason, slot };
      const isOpen = session.status === 'unscheduled' || session.status === 'held';
      return isOpen ? { ...session, status: 'held', booking: slot, held } : { ...session, held };
    }
    case 'session.slot-released.v1':
      return slotGone(session, event.data);
    case 'session.rescheduled.v1': {
      const { previousStart: _previous, by: _by, reason: _reason, freed: _freed, override, ...booking } = event.data;
      const holds = session.holds.filter(({ gate }) => gate !== windowGate);
      return {
        ...withoutSlot(session),
        status: holds.length > 0 ? 'on_hold' : isConfirmedFor(session, booking) ? 'confirmed' : 'booked',
        holds,
        booking,
        override: override ?? null,
        deadlineTold: null,
        sequence: session.sequence + 1,
      };
    }
    case 'session.confirmed.v1':
      return { ...session, status: 'confirmed' };
    case 'session.arrived.v1':
      return { ...session, status: 'arrived' };
    case 'session.completed.v1':
      return { ...session, status: 'completed', completedAt: event.data.completedAt, completedOn: event.data.on };
    case 'session.no-show.v1':
      return { ...session, status: 'no_show' };
    case 'session.cancelled.v1':
      return { ...session, status: 'cancelled', holds: [], sequence: session.sequence + (session.booking === null ? 0 : 1) };
    case 'session.put-on-hold.v1':
      return { ...session, status: 'on_hold', holds: [...session.holds, { gate: event.data.gate, why: event.data.why }] };
    case 'session.released.v1': {
      const holds = session.holds.filter(({ gate }) => gate !== event.data.gate);
      const status = holds.length > 0 ? 'on_hold' : session.booking === null ? 'unscheduled' : 'booked';
      return { ...session, status, holds };
    }
    case 'session.waitlisted.v1': {
      const { since, wish, windows } = event.data;
      return { ...session, waiting: { since, wish, windows, passed: session.waiting?.passed ?? [] } };
    }
    case 'session.waitlist-left.v1': {
      const { waiting: _waiting, ...rest } = session;
      return rest;
    }
    case 'session.interval-exceeded.v1':
      return { ...session, deadlineTold: event.data.latest };
    case 'session.reschedule-requested.v1':
    case 'session.adverse-reaction-recorded.v1':
      return session;
  }
}

/** The course as its whole stream tells it. */
export const fold = (events: readonly TreatmentEvent[]): Course => events.reduce(evolve, noCourse);
