/*
 * By when a person answers a patient, and who is told when a task was not done in time. Pure. Invariants of the design:
 *   8. What asks for a person reaches one; if that one does nothing, the next hears of it.
 *  14. Who was told, and by when an answer was due, stands in the event.
 * Its own:
 *   A. Deadlines count minutes of opening hours; reminders go out in opening hours only.
 *   B. A task climbs from its owner to its role to the medical director. Each person is told of it once; then it stays overdue.
 *   C. Nobody is reminded twice on one day: what becomes overdue after the reminder of the day waits for that of the next.
 */
import { Temporal } from 'temporal-polyfill';
import { type ClinicDocument, staffInRole, staffOf } from '#clinic';
import { afterOpenMinutes } from './opening-hours.js';
import type { Urgency } from './triage/index.js';

/** How long the one who was told has, before the next hears of it; in minutes of opening hours. */
const climbMinutes = 120;

/** The instant by which a person should have answered what came in at `from`. */
export const answerBy = (clinic: ClinicDocument, urgency: Urgency, from: Date): Date => afterOpenMinutes(clinic, from, clinic.answerWithinMinutes[urgency]);

export interface OverdueTask {
  /** Whoever took it, or was given it. */
  readonly assignee: string | null;
  readonly role: string | null;
  /** Staff who have been told that it is overdue. */
  readonly told: readonly string[];
}

export interface Climb {
  /** Who is told now; empty when everybody who could be has been. */
  readonly staffIds: readonly string[];
  /** When the next is told, if it is still not done; null when there is nobody left. */
  readonly nextAt: Date | null;
}

/** Who hears next that a task is overdue (B). Someone who cannot be reached is passed over: silence would hide the task. */
export function climb(clinic: ClinicDocument, { assignee, role, told }: OverdueTask, now: Date): Climb {
  const reachable = (staffId: string) => staffOf(clinic, staffId)?.phone !== undefined || staffOf(clinic, staffId)?.email !== undefined;
  const holders = (name: string | null) => (name === null ? [] : staffInRole(clinic, name).map(({ id }) => id));
  const groups = [assignee === null ? [] : [assignee], holders(role), holders('medical_director')];
  const [next, ...rest] = groups.map((group) => group.filter((id) => !told.includes(id) && reachable(id))).filter((group) => group.length > 0);
  if (next === undefined) return { staffIds: [], nextAt: null };
  const isLast = rest.every((group) => group.every((id) => next.includes(id)));
  return { staffIds: next, nextAt: isLast ? null : afterOpenMinutes(clinic, now, climbMinutes) };
}

/** A day and the instant on it at which someone is reminded. */
export interface Reminder {
  /** In the clinic's zone. */
  readonly on: string;
  readonly at: Date;
}

/** When someone is reminded who is told at `now`: as soon as the clinic is open, on a day that has had no reminder yet (A, C). */
export function reminderAt(clinic: ClinicDocument, now: Date, isReminded: (on: string) => boolean): Reminder {
  const zone = clinic.locations[0]?.timeZone ?? 'UTC';
  for (let from = now; ;) {
    const at = afterOpenMinutes(clinic, from, 0);
    const day = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone).toPlainDate();
    if (!isReminded(day.toString())) return { on: day.toString(), at };
    from = new Date(day.add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds);
  }
}
