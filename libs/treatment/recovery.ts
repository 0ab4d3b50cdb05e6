import { Temporal } from 'temporal-polyfill';
import { addDays } from '#protocols';
import type { Course, Session } from './decider.js';
import type { Booking } from './events.js';

/** A row of the recovery ledger (its migration says what a lane is). Instants; `from` null means since ever. */
export interface LaneRow {
  readonly source: string;
  readonly lane: string;
  /** 0: a treatment; 1: a time in which the lane's protocol may not be treated. */
  readonly role: 0 | 1;
  readonly from: string | null;
  readonly until: string;
}

const midnight = (date: Temporal.PlainDate, timeZone: string) => date.toZonedDateTime(timeZone).toInstant();
const iso = (instant: Temporal.Instant) => instant.toString({ smallestUnit: 'millisecond' });

/** First instant of a local date. */
export const dayBegins = (on: string, timeZone: string): string => iso(midnight(Temporal.PlainDate.from(on), timeZone));
/** First instant after a local date. */
export const dayEnds = (on: string, timeZone: string): string => iso(midnight(Temporal.PlainDate.from(on).add({ days: 1 }), timeZone));
/** The local date of an instant. */
export const localDate = (at: string, timeZone: string): string => Temporal.Instant.from(at).toZonedDateTimeISO(timeZone).toPlainDate().toString();

/** The treatment's own time. A session that was completed on another day than planned counts from that day. */
function bodyOf({ completedAt, completedOn }: Session, { start, end, timeZone }: Booking): { start: string; end: string; on: string } {
  const planned = localDate(start, timeZone);
  if (completedAt === null || completedOn === null || completedOn === planned) return { start, end, on: planned };
  return { start: completedAt, end: completedAt, on: completedOn };
}

function lanesOfSession(session: Session, booking: Booking): LaneRow[] {
  const { start, end, on } = bodyOf(session, booking);
  const source = session.sessionId;
  const shadows = Object.entries(booking.spacing).flatMap(([lane, days]): LaneRow[] => {
    const from = lane === session.protocolId ? end : start;
    const until = dayBegins(addDays(on, days), booking.timeZone);
    return from < until ? [{ source, lane, role: 1, from, until }] : [];
  });
  // What took place on another day than planned stands nowhere: the log must take what happened, allowed or not.
  return start === end ? shadows : [{ source, lane: session.protocolId, role: 0, from: start, until: end }, ...shadows];
}

/** A session on hold keeps its slot but no lane: its own window may be the one that closed, and it is checked when released. */
const casts = ({ status }: Session) => status === 'held' || status === 'booked' || status === 'confirmed' || status === 'arrived' || status === 'completed';

type Hole = Omit<LaneRow, 'role'>;

/** The days that overrides take out of shadows; an override ends with the booking it was given for. */
const waivedDays = (sessions: readonly Session[]): Hole[] =>
  sessions.flatMap(({ override, booking }) =>
    override === null || booking === null
      ? []
      : override.waives.map(({ source, lane, on }) => ({ source, lane, from: dayBegins(on, booking.timeZone), until: dayEnds(on, booking.timeZone) })),
  );

const overlaps = (one: Hole, other: Hole) => (one.from ?? '') < other.until && (other.from ?? '') < one.until;

function cut(shadow: LaneRow, { from, until }: Hole): LaneRow[] {
  const before = from !== null && (shadow.from === null || shadow.from < from) ? [{ ...shadow, until: from }] : [];
  const after = until < shadow.until ? [{ ...shadow, from: until }] : [];
  return [...before, ...after];
}

const cutAll = (rows: readonly LaneRow[], holes: readonly Hole[], concerns: (row: LaneRow, hole: Hole) => boolean): LaneRow[] =>
  holes.reduce<LaneRow[]>(
    (left, hole) => left.flatMap((row) => (row.role === 1 && row.lane === hole.lane && overlaps(row, hole) && concerns(row, hole) ? cut(row, hole) : [row])),
    [...rows],
  );

/** Sessions with a slot beside their booking will take place at one of the two times, all of a hold alike: the times that are not chosen forbid the others nothing. */
function apart(rows: readonly LaneRow[], sessions: readonly Session[]): LaneRow[] {
  const holds = new Map(sessions.flatMap(({ sessionId, held }) => (held === undefined ? [] : [[sessionId, held.holdId] as const])));
  const bodies = rows.filter(({ role, source }) => role === 0 && holds.has(source));
  return cutAll(rows, bodies, (row, body) => holds.get(row.source) === holds.get(body.source));
}

/** Every lane row of one patient: of all sessions that stand or were given, and of the blackouts of all courses. */
export function recoveryLanes(sessions: readonly Session[], courses: readonly Pick<Course, 'courseId' | 'blackouts' | 'status'>[]): LaneRow[] {
  const live = sessions.filter(casts);
  const treated = live.flatMap((session) => (session.booking === null ? [] : lanesOfSession(session, session.booking)));
  // A proposal is booked as it was kept. An offer or a wish beside a booking is judged again when it is taken, and what follows it moves then.
  const kept = live.flatMap((session) => (session.status !== 'held' && session.held?.reason === 'proposal' ? lanesOfSession(session, session.held.slot) : []));
  const begun = new Set(live.filter(({ status }) => status === 'completed' || status === 'arrived').map(({ sessionId }) => sessionId));
  const history = treated.filter(({ role, source }) => role === 0 && begun.has(source));
  const blackouts = courses
    .filter(({ status }) => status !== 'closed')
    .flatMap(({ courseId, blackouts: ranges }) =>
      ranges.map(({ protocolId, from, until }): LaneRow => ({ source: courseId, lane: protocolId, role: 1, from, until })),
    );
  // A fact that is learned late forbids what is to come, not what was.
  const rows = [...apart([...treated, ...kept], live), ...cutAll(blackouts, history, () => true)];
  return cutAll(rows, waivedDays(live), (row, hole) => row.source === hole.source);
}

/** Each treatment that stands in a shadow, and whose: what an override has to waive. */
export function laneConflicts(rows: readonly LaneRow[]): { readonly body: LaneRow; readonly shadow: LaneRow }[] {
  const bodies = rows.filter(({ role }) => role === 0);
  const shadows = rows.filter(({ role }) => role === 1);
  return bodies.flatMap((body) => shadows.filter((shadow) => shadow.lane === body.lane && overlaps(shadow, body)).map((shadow) => ({ body, shadow })));
}

/** Sessions whose kept slot may not be treated in any more: what it was kept beside has changed. */
export function overtakenSlots(sessions: readonly Session[], courses: readonly Pick<Course, 'courseId' | 'blackouts' | 'status'>[]): Session[] {
  const keeping = sessions.filter(({ held }) => held !== undefined);
  if (keeping.length === 0) return [];
  const concerned = new Set(laneConflicts(recoveryLanes(sessions, courses)).flatMap(({ body, shadow }) => [body.source, shadow.source]));
  return keeping.filter(({ sessionId }) => concerned.has(sessionId));
}
