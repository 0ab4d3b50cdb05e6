import { calendarOf, type CalendarVisit, type EmailParts, languageOf } from '#messaging';
import type { Transaction } from '#platform';
import { findCourse, findSession, type SessionView } from '#treatment';
import type { Outreach } from './decider.js';
import type { FollowUpContext } from './ledger.js';

/** Touchpoints that put a visit in the patient's calendar or take it out. */
const speaksOf: Readonly<Record<string, 'stands' | 'cancelled'>> = {
  'plan-summary': 'stands',
  rescheduled: 'stands',
  'session-cancelled': 'cancelled',
  'cancelled-as-asked': 'cancelled',
};

/** The sessions that a row speaks of, by their starts; of a row about one session that one. */
async function sessionsOf(trx: Transaction, { sessionId, courseId, locals }: Outreach): Promise<readonly SessionView[]> {
  const spoken = new Set([locals.start, ...(locals.visits ?? [])]);
  const course = courseId === undefined || locals.visits === undefined ? null : await findCourse(trx, courseId);
  if (course !== null) return course.sessions.filter(({ start }) => start !== null && spoken.has(start));
  const session = sessionId === undefined ? null : await findSession(trx, sessionId);
  return session === null ? [] : [session];
}

/**
 * The calendar object of an e-mail that sets or calls off visits, as they stand now; null for every other message, and when
 * the clinic's own address is not known.
 */
export async function calendarFor(
  trx: Transaction,
  context: FollowUpContext,
  row: Outreach,
  { patientEmail, language }: { readonly patientEmail: string; readonly language: string | undefined },
): Promise<NonNullable<EmailParts['calendar']> | null> {
  const { clinic, clock, organizer } = context;
  const what = speaksOf[row.touchpoint];
  if (row.channel !== 'email' || what === undefined || organizer === undefined || row.courseId === undefined) return null;
  const visits = (await sessionsOf(trx, row)).flatMap(({ id, start, end, locationId, sequence }): CalendarVisit[] => {
    if (start === null || end === null) return [];
    const place = clinic.locations.find((location) => location.id === locationId)?.name ?? clinic.name;
    return [{ sessionId: id, start, end, place, sequence }];
  });
  if (visits.length === 0) return null;
  const { name, phone } = clinic;
  return calendarOf({
    language: languageOf(row.locals.language ?? language),
    clinic: { name, phone, email: organizer },
    patientEmail,
    visits,
    what,
    now: clock.now(),
  });
}
