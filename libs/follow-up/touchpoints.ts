/*
 * What a patient should receive, as a pure function of what is known. Planning twice gives the same touchpoints under the
 * same occasions, so that new courses, reschedules, changed facts and recovery after a fault are one mechanism.
 *   5. An occasion names its touchpoint for good: course, session, touchpoint, occurrence. Where the start of a session is
 *      spoken of it is part of the occasion, so that a new time is a new touchpoint although the old one was sent.
 *  10. Preparation names what the patient uses without prescription, nothing else.
 *  14. Every touchpoint says why it is there.
 */
import { afterSession } from './after-session.js';
import { beforeSession, movedNotices } from './before-session.js';
import {
  after,
  atTime,
  type ConsultationFacts,
  day,
  type Draft,
  earlier,
  hour,
  idsOf,
  isUpcoming,
  localDay,
  occasionOf,
  plain,
  type SessionFacts,
  visit,
  withStart,
} from './draft.js';

const deferredRecallDays = 30;
/** After the last check-in that most protocols ask for (day 14). */
const satisfactionDays = 16;
/** A nudge comes this long before the next session could take place, but not sooner than a week after the last. */
const nudgeLeadDays = 14;

const isUndecided = ({ status }: SessionFacts) => status === 'held' || status === 'on_hold' || status === 'arrived' || status === 'unscheduled';

function ofConsultation({ consultationId, requestedAt, deferredAt, hasCourse }: ConsultationFacts): Draft[] {
  const draft = (touchpoint: 'request-received' | 'deferred-recall', at: string, days: number, because: string): Draft => ({
    ...plain,
    consultationId,
    occasion: `${consultationId}/${touchpoint}/0`,
    touchpoint,
    template: touchpoint,
    category: 'survey',
    locals: {},
    at,
    expiresAt: after(at, days * day),
    because,
  });
  return [
    ...(requestedAt === null || hasCourse ? [] : [draft('request-received', requestedAt, 2, 'a consultation was asked for')]),
    ...(deferredAt === null || hasCourse
      ? []
      : [draft('deferred-recall', after(deferredAt, deferredRecallDays * day), 3, `${deferredRecallDays} days after the decision was deferred`)]),
  ];
}

/** The plan in one message, once the course is booked and before its first session. */
function planSummary(sessions: readonly SessionFacts[]): Draft[] {
  const booked = sessions.filter(isUpcoming).filter(withStart);
  const [first] = booked;
  if (first === undefined || sessions.some(({ completedAt }) => completedAt !== null)) return [];
  const setAt = booked.reduce((least, session) => earlier(least, session.setAt), first.setAt);
  return [
    {
      ...plain,
      courseId: first.courseId,
      occasion: `${first.courseId}/plan-summary/0`,
      touchpoint: 'plan-summary',
      template: 'plan-summary',
      category: 'reminder',
      locals: { ...visit(first), visits: booked.map(({ start }) => start) },
      at: setAt,
      expiresAt: earlier(after(setAt, 2 * day), after(first.start, -hour)),
      because: 'the course is booked',
    },
  ];
}

function satisfaction(sessions: readonly SessionFacts[]): Draft[] {
  const done = sessions
    .flatMap(({ completedAt, ...session }) => (completedAt === null ? [] : [{ ...session, completedAt }]))
    .sort((a, b) => (a.completedAt < b.completedAt ? -1 : 1));
  const last = done.at(-1);
  if (last === undefined || sessions.some((session) => isUpcoming(session) || isUndecided(session))) return [];
  const at = atTime(localDay(last.completedAt, last.timeZone).add({ days: satisfactionDays }), '11:00', last.timeZone);
  return [
    {
      ...plain,
      courseId: last.courseId,
      occasion: `${last.courseId}/satisfaction/0`,
      touchpoint: 'satisfaction',
      template: 'satisfaction',
      category: 'survey',
      locals: {},
      at,
      expiresAt: after(at, 2 * day),
      because: `${satisfactionDays} days after the last session`,
    },
  ];
}

/** Sessions of a series that nobody has given a time yet. */
function nudges(sessions: readonly SessionFacts[]): Draft[] {
  return sessions.flatMap((session): Draft[] => {
    const series = sessions.filter(({ item }) => item === session.item);
    const last = series
      .flatMap(({ completedAt }) => completedAt ?? [])
      .sort()
      .at(-1);
    if (session.status !== 'unscheduled' || last === undefined || series.some(isUpcoming) || series.find(({ status }) => status === 'unscheduled') !== session)
      return [];
    const at = atTime(localDay(last, session.timeZone).add({ days: Math.max(session.intervalMinDays - nudgeLeadDays, 7) }), '11:00', session.timeZone);
    return [
      {
        ...plain,
        ...idsOf(session),
        occasion: occasionOf(session, 'next-session', 0),
        touchpoint: 'next-session',
        template: 'next-session',
        category: 'reminder',
        prefers: 'sms',
        locals: {},
        at,
        expiresAt: after(at, 2 * day),
        because: 'the next session of the series has no time yet',
      },
    ];
  });
}

const ofSession = (session: SessionFacts): Draft[] => [...(isUpcoming(session) && withStart(session) ? beforeSession(session) : []), ...afterSession(session)];

function ofCourse(sessions: readonly SessionFacts[], isDone: (occasion: string) => boolean, now: string): Draft[] {
  const ordered = [...sessions].sort((a, b) => (a.start ?? '~').localeCompare(b.start ?? '~') || a.item - b.item || a.number - b.number);
  const summary = planSummary(ordered);
  // The summary is made of the times that hold when it goes: until then a move needs no notice of its own.
  const untold = summary.some(({ occasion, expiresAt }) => !isDone(occasion) && expiresAt > now);
  return [
    ...summary,
    ...(untold ? [] : movedNotices(ordered.filter(isUpcoming).filter(withStart))),
    ...satisfaction(ordered),
    ...nudges(ordered),
    ...ordered.flatMap(ofSession),
  ];
}

/** Two sessions may ask on the same day: the patient is asked once, for the younger treatment, and the answer is read against both. */
function askOnceADay(drafts: readonly Draft[], zone: string): Draft[] {
  const isDaily = ({ touchpoint, locals }: Draft) => touchpoint === 'check-in' && locals.day !== 0;
  const checks = drafts.filter(isDaily).sort((a, b) => (a.locals.day ?? 0) - (b.locals.day ?? 0) || (a.occasion < b.occasion ? -1 : 1));
  const asked = new Map(checks.reverse().map((draft) => [localDay(draft.at, zone).toString(), draft]));
  return drafts.filter((draft) => !isDaily(draft) || asked.get(localDay(draft.at, zone).toString()) === draft);
}

/** Everything that should reach a patient and has not lost its sense by `now`. `isDone`: the occasion has been carried out or tried. */
export function wishes(
  sessions: readonly SessionFacts[],
  consultations: readonly ConsultationFacts[],
  zone: string,
  isDone: (occasion: string) => boolean,
  now: string,
): Draft[] {
  const courses = [...new Set(sessions.map(({ courseId }) => courseId))].map((id) => sessions.filter(({ courseId }) => courseId === id));
  const drafts = [...consultations.flatMap(ofConsultation), ...courses.flatMap((course) => ofCourse(course, isDone, now))];
  return askOnceADay(drafts, zone).filter(({ expiresAt }) => expiresAt > now);
}
