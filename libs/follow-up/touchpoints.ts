/*
 * What a patient should receive, as a pure function of what is known. Planning twice gives the same touchpoints under the
 * same occasions, so that new courses, reschedules, changed facts and recovery after a fault are one mechanism.
 *   5. An occasion names its touchpoint for good: course, session, touchpoint, occurrence. Where the start of a session is
 *      spoken of it is part of the occasion, so that a new time is a new touchpoint although the old one was sent.
 *  10. Preparation names what the patient uses without prescription, nothing else.
 *  14. Every touchpoint says why it is there.
 */
import { afterSession, expectedCheckIns } from './after-session.js';
import { aroundConsultation } from './around-consultation.js';
import { atItsEnd, nudges } from './after-course.js';
import { beforeSession, movedNotices } from './before-session.js';
import {
  after,
  type ConsultationFacts,
  day,
  type Draft,
  draftOf,
  earlier,
  hour,
  isLive,
  isUpcoming,
  localDay,
  type SessionFacts,
  visit,
  withStart,
} from './draft.js';
import { onceAVisit } from './one-visit.js';
import { slotOffers } from './slot-offer.js';

/** An occasion that the ledger has carried out or tried, and when the patient was told; null when it never left. */
export interface Done {
  readonly toldAt: string | null;
}
/** What the ledger knows of an occasion; null while nothing was tried. */
export type DoneOf = (occasion: string) => Done | null;

const summaryOf = ({ courseId }: SessionFacts) => `${courseId}/plan-summary/0`;

/** The plan in one message, once the course is booked and before its first session. */
function planSummary(sessions: readonly SessionFacts[]): Draft[] {
  const booked = sessions.filter(isUpcoming).filter(withStart);
  const [first] = booked;
  if (first === undefined || sessions.some(({ completedAt }) => completedAt !== null)) return [];
  const setAt = booked.reduce((least, session) => earlier(least, session.setAt), first.setAt);
  return [
    draftOf('plan-summary', {
      courseId: first.courseId,
      consultationId: first.consultationId,
      occasion: summaryOf(first),
      locals: { ...visit(first), visits: booked.map(({ start }) => start) },
      at: setAt,
      expiresAt: earlier(after(setAt, 2 * day), after(first.start, -hour)),
      because: 'the course is booked',
    }),
  ];
}

const ofSession = (session: SessionFacts): Draft[] => [
  ...(isUpcoming(session) && withStart(session) ? beforeSession(session) : []),
  ...slotOffers(session),
  ...afterSession(session),
];

function ofCourse(sessions: readonly SessionFacts[], isBusy: boolean, doneOf: DoneOf, now: string): Draft[] {
  const ordered = [...sessions].sort((a, b) => (a.start ?? '~').localeCompare(b.start ?? '~') || a.item - b.item || a.number - b.number);
  const summary = planSummary(ordered);
  // The summary is made of the times that hold when it goes: until then a move needs no notice of its own.
  const untold = summary.some(({ occasion, expiresAt }) => doneOf(occasion) === null && expiresAt > now);
  const toldAt = ordered[0] === undefined ? null : (doneOf(summaryOf(ordered[0]))?.toldAt ?? null);
  const isNews = ({ setAt }: SessionFacts) => toldAt === null || (setAt !== null && setAt > toldAt);
  return [
    ...summary,
    ...(untold ? [] : movedNotices(ordered.filter(isUpcoming).filter(withStart).filter(isNews))),
    ...atItsEnd(ordered, isBusy),
    ...nudges(ordered),
    ...ordered.flatMap(ofSession),
  ];
}

const isDaily = ({ touchpoint, locals }: Draft) => touchpoint === 'check-in' && locals.day !== 0;

/** Two sessions may ask on the same day: the patient is asked once, for the younger treatment, and the answer is read against both. */
function askOnceADay(drafts: readonly Draft[], zone: string): Draft[] {
  const checks = drafts.filter(isDaily).sort((a, b) => (a.locals.day ?? 0) - (b.locals.day ?? 0) || (a.occasion < b.occasion ? -1 : 1));
  const asked = new Map(checks.reverse().map((draft) => [localDay(draft.at, zone).toString(), draft]));
  return drafts.filter((draft) => !isDaily(draft) || asked.get(localDay(draft.at, zone).toString()) === draft);
}

/** Check-ins that sessions to come will ask for, one a day, on days on which none is wished already. */
export function expectedBeside(wanted: readonly Draft[], sessions: readonly SessionFacts[], zone: string): Draft[] {
  const dayOf = ({ at }: Draft) => localDay(at, zone).toString();
  const asked = new Set(wanted.filter(isDaily).map(dayOf));
  return askOnceADay(sessions.flatMap(expectedCheckIns), zone).filter((draft) => !isDaily(draft) || !asked.has(dayOf(draft)));
}

/**
 * Everything that should reach a patient and has not lost its sense by `now`; what comes too late for a message may still be
 * worth a call.
 */
export function wishes(sessions: readonly SessionFacts[], consultations: readonly ConsultationFacts[], zone: string, doneOf: DoneOf, now: string): Draft[] {
  const courses = [...new Set(sessions.map(({ courseId }) => courseId))].map((id) => sessions.filter(({ courseId }) => courseId === id));
  const isBusy = sessions.some(isUpcoming);
  const drafts = [
    ...consultations.flatMap((consultation) => aroundConsultation(consultation, zone)),
    ...courses.flatMap((course) => ofCourse(course, isBusy, doneOf, now)),
  ];
  const live = askOnceADay(drafts, zone).filter((draft) => isLive(draft, now));
  return onceAVisit(live, (occasion) => doneOf(occasion) !== null);
}
