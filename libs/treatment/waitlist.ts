import { Temporal } from 'temporal-polyfill';
import { daysBetween } from '#protocols';
import { isToCome, type Session } from './decider.js';
import type { Slot, TreatmentEvent } from './events.js';
import { localDate } from './recovery.js';

/*
 * Who is offered a time that came free: pure. Own invariants:
 *   A. A time is offered to one patient at a time: while an offer is open, nobody else is asked.
 *   B. Whoever gains most days is asked first; of equals who has waited longest, then the smaller id.
 *   C. Nobody is asked twice for one day, nor while another offer of theirs is open.
 *   D. The same free time and the same waiting patients give the same order, in whatever order they come.
 */

/** A session without any time yet gains more by one than any that has one. */
const gainOfFirst = 3_653;

export interface Candidate {
  readonly session: Session;
  /** Days by which the visit would be earlier. */
  readonly gainDays: number;
}

/** A slot that is kept for somebody who was asked. */
export interface OpenOffer {
  readonly providerId: string;
  readonly start: string;
  readonly end: string;
}

const overlap = (one: Pick<Slot, 'start' | 'end'>, other: Pick<Slot, 'start' | 'end'>) => one.start < other.end && other.start < one.end;

function candidate(session: Session, { start, timeZone, locationId }: Slot): Candidate | null {
  const { waiting, held, booking, status, holds } = session;
  if (waiting === undefined || held !== undefined || holds.length > 0 || !isToCome(session)) return null;
  const on = localDate(start, timeZone);
  if (waiting.passed.includes(on) || (booking !== null && booking.locationId !== locationId)) return null;
  const gainDays = booking === null || status === 'unscheduled' ? gainOfFirst : daysBetween(on, localDate(booking.start, booking.timeZone));
  return waiting.wish === 'any' || gainDays > 0 ? { session, gainDays } : null;
}

const since = ({ session }: Candidate) => session.waiting?.since ?? '';

/** Is an offer open of a time that came free? */
export const isOffered = (freed: Slot, open: readonly OpenOffer[]): boolean =>
  open.some((offer) => offer.providerId === freed.providerId && overlap(offer, freed));

/** Who may be asked about a time that came free, whom first (A to D); nobody while an offer of it is open. */
export function offerOrder(freed: Slot, waiting: readonly Session[], open: readonly OpenOffer[]): Candidate[] {
  if (isOffered(freed, open)) return [];
  return waiting
    .flatMap((session) => candidate(session, freed) ?? [])
    .sort(
      (one, other) =>
        other.gainDays - one.gainDays ||
        (since(one) < since(other) ? -1 : since(one) > since(other) ? 1 : one.session.sessionId < other.session.sessionId ? -1 : 1),
    );
}

/** Of starts on the day those that use what came free, at hours at which the patient could come, none before `after`. */
export function startsWithin(freed: Slot, starts: readonly string[], { waiting }: Session, minutes: number, after: string): string[] {
  const fits = (start: string) => {
    const end = new Date(Date.parse(start) + minutes * 60_000).toISOString();
    return start > after && overlap({ start, end }, freed) && isWithin(start, freed.timeZone, waiting?.windows ?? []);
  };
  return starts.filter(fits).sort();
}

/** Does a start lie in one of these windows of the week? Without any it does. */
export function isWithin(
  start: string,
  timeZone: string,
  windows: readonly { readonly weekday: number; readonly from: string; readonly to: string }[],
): boolean {
  if (windows.length === 0) return true;
  const local = Temporal.Instant.from(start).toZonedDateTimeISO(timeZone);
  const clock = local.toPlainTime().toString({ smallestUnit: 'minute' });
  return windows.some(({ weekday, from, to }) => weekday === local.dayOfWeek && from <= clock && clock < to);
}

/** What an event of a course sets free; null for most. */
export function freedBy({ type, data }: TreatmentEvent): Slot | null {
  switch (type) {
    case 'session.rescheduled.v1':
    case 'session.cancelled.v1':
      return data.freed ?? null;
    case 'session.slot-released.v1': {
      const { start, end, turnoverMinutes, timeZone, locationId, providerId } = data;
      return { start, end, turnoverMinutes, timeZone, locationId, providerId };
    }
    default:
      return null;
  }
}

/** Events after which a time may be offered on. */
export const freeingTypes: readonly TreatmentEvent['type'][] = ['session.rescheduled.v1', 'session.cancelled.v1', 'session.slot-released.v1'];
