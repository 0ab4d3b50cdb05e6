/*
 * What a patient should receive, as a pure function of what is known. Planning twice gives the same touchpoints under the
 * same occasions, so that new courses, reschedules, changed facts and recovery after a fault are one mechanism.
 *   5. An occasion names its touchpoint for good: course, session, touchpoint, occurrence. Where the start of a session is
 *      spoken of it is part of the occasion, so that a new time is a new touchpoint although the old one was sent.
 *  10. Preparation names what the patient uses without prescription, nothing else.
 *  14. Every touchpoint says why it is there.
 */
import { Temporal } from 'temporal-polyfill';
import type { TemplateKey } from '#messaging';
import type { Category, Locals, Question } from './events.js';

/** A session as far as messages depend on it. */
export interface SessionFacts {
  readonly sessionId: string;
  readonly courseId: string;
  readonly status: 'unscheduled' | 'held' | 'booked' | 'confirmed' | 'arrived' | 'completed' | 'no_show' | 'cancelled' | 'on_hold';
  readonly item: number;
  /** Place in its series, from 1. */
  readonly number: number;
  readonly protocolId: string;
  readonly start: string | null;
  readonly timeZone: string;
  readonly locationId: string;
  /** When this start was set, by booking or by a move; null without a start. */
  readonly setAt: string | null;
  readonly moved: boolean;
  readonly cancelledAt: string | null;
  readonly cancelledBy: string | null;
  readonly completedAt: string | null;
  readonly noShowAt: string | null;
  /** Days after the treatment on which the protocol, in the version it was booked under, asks how it heals. */
  readonly checkInDays: readonly number[];
  readonly intervalMinDays: number;
  /** What to leave off and how many days before, by what the patient uses without prescription. */
  readonly preparation: readonly { readonly code: string; readonly daysBefore: number }[];
}

export interface ConsultationFacts {
  readonly consultationId: string;
  readonly requestedAt: string | null;
  /** When the decision now in force deferred the plan. */
  readonly deferredAt: string | null;
  readonly hasCourse: boolean;
}

/** A touchpoint before hours, caps and channels have their say. */
export interface Draft {
  readonly occasion: string;
  readonly touchpoint: string;
  readonly template: TemplateKey;
  readonly category: Category;
  readonly question: Question;
  readonly locals: Locals;
  readonly prefers: 'sms' | 'email';
  /** A person calls when neither channel may carry it; otherwise it is left out. */
  readonly elseCall: boolean;
  /** The wished instant, and when it has lost its sense. */
  readonly at: string;
  readonly expiresAt: string;
  readonly because: string;
  readonly consultationId?: string;
  readonly courseId?: string;
  readonly sessionId?: string;
}

const [hour, day] = [3_600_000, 86_400_000];
const deferredRecallDays = 30;
/** After the last check-in that most protocols ask for (day 14). */
const satisfactionDays = 16;
const remindDays = [2, 1] as const;
/** A nudge comes this long before the next session could take place, but not sooner than a week after the last. */
const nudgeLeadDays = 14;

const after = (instant: string, millis: number) => new Date(Date.parse(instant) + millis).toISOString();
const later = (one: string, other: string) => (one > other ? one : other);
const earlier = (one: string, other: string) => (one < other ? one : other);
const localDay = (instant: string, zone: string) => Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toPlainDate();
const atTime = (date: Temporal.PlainDate, plainTime: string, timeZone: string) =>
  new Date(date.toZonedDateTime({ timeZone, plainTime }).epochMilliseconds).toISOString();

const plain = { question: null, elseCall: false, prefers: 'email' } as const;
export const isUpcoming = ({ status, start }: SessionFacts): boolean => (status === 'booked' || status === 'confirmed') && start !== null;
const isUndecided = ({ status }: SessionFacts) => status === 'held' || status === 'on_hold' || status === 'arrived' || status === 'unscheduled';

interface Upcoming extends SessionFacts {
  readonly start: string;
  readonly setAt: string;
}
const withStart = (session: SessionFacts): session is Upcoming => session.start !== null && session.setAt !== null;

const idsOf = ({ sessionId, courseId }: SessionFacts) => ({ sessionId, courseId });
const visit = ({ start, timeZone, locationId }: Upcoming): Locals => ({ start, timeZone, locationId });
const occasionOf = ({ courseId, sessionId }: SessionFacts, touchpoint: string, ...occurrence: readonly (string | number)[]) =>
  [courseId, sessionId, touchpoint, ...occurrence].join('/');

/** Washouts by their first day: each group is told the day before; those that had begun when the session was set, at once. */
function preparations(session: Upcoming): Draft[] {
  const date = localDay(session.start, session.timeZone);
  const tellAt = (daysBefore: number) => atTime(date.subtract({ days: daysBefore + 1 }), '10:00', session.timeZone);
  const begun = session.preparation.filter(({ daysBefore }) => tellAt(daysBefore) <= session.setAt);
  const ahead = [...new Set(session.preparation.filter((step) => !begun.includes(step)).map(({ daysBefore }) => daysBefore))];
  const groups = [...(begun.length === 0 ? [] : [begun]), ...ahead.map((days) => session.preparation.filter(({ daysBefore }) => daysBefore === days))];
  return groups.map((steps): Draft => {
    const days = Math.max(...steps.map(({ daysBefore }) => daysBefore));
    const avoid = [...new Set(steps.map(({ code }) => code))].sort();
    return {
      ...plain,
      ...idsOf(session),
      occasion: occasionOf(session, 'preparation', session.start, days),
      touchpoint: 'preparation',
      template: 'preparation',
      category: 'preparation',
      locals: { ...visit(session), avoid },
      at: later(tellAt(days), session.setAt),
      expiresAt: after(session.start, -12 * hour),
      because: `${avoid.join(', ')}: ${days} days before the session, by protocol ${session.protocolId}`,
    };
  });
}

function instructions(session: Upcoming): Draft {
  const at = later(atTime(localDay(session.start, session.timeZone).subtract({ days: 3 }), '12:00', session.timeZone), session.setAt);
  return {
    ...plain,
    ...idsOf(session),
    occasion: occasionOf(session, 'instructions', session.start),
    touchpoint: 'instructions',
    template: 'instructions',
    category: 'preparation',
    locals: visit(session),
    at,
    expiresAt: after(session.start, -2 * hour),
    because: 'three days before the session: how to come',
  };
}

/** Two days before, and the day before unless the patient has confirmed; one at once when it was booked later than that. */
function reminders(session: Upcoming): Draft[] {
  const date = localDay(session.start, session.timeZone);
  const remind = (days: number, at: string, expiresAt: string, because: string): Draft => ({
    ...plain,
    ...idsOf(session),
    occasion: occasionOf(session, 'reminder', session.start, days),
    touchpoint: 'reminder',
    category: 'reminder',
    prefers: 'sms',
    template: session.status === 'confirmed' ? 'reminder.confirmed' : 'reminder',
    question: 'confirm',
    locals: visit(session),
    at,
    expiresAt,
    because,
  });
  const ends = after(session.start, -hour);
  const due = (days: number) => atTime(date.subtract({ days }), '10:30', session.timeZone);
  const wanted = session.status === 'confirmed' && due(2) > session.setAt ? [2] : remindDays;
  const ahead = wanted.filter((days) => due(days) > session.setAt);
  if (ahead.length > 0)
    return ahead.map((days) => remind(days, due(days), days === 2 ? earlier(due(1), ends) : ends, `${days === 1 ? 'the day' : 'two days'} before the session`));
  return session.moved ? [] : [remind(0, session.setAt, ends, 'booked for today or tomorrow')];
}

/** One notice for all sessions of a course that were moved together. */
function movedNotices(sessions: readonly Upcoming[]): Draft[] {
  const moves = [...new Set(sessions.filter(({ moved }) => moved).map(({ setAt }) => setAt))];
  return moves.flatMap((setAt): Draft[] => {
    const together = sessions.filter((session) => session.moved && session.setAt === setAt);
    const [next] = together;
    if (next === undefined) return [];
    const occurrence = `${setAt}/${next.sessionId}`;
    return [
      {
        ...plain,
        ...idsOf(next),
        occasion: `${next.courseId}/rescheduled/${occurrence}`,
        touchpoint: 'rescheduled',
        template: 'rescheduled',
        category: 'reminder',
        prefers: 'sms',
        elseCall: true,
        question: 'confirm',
        locals: { ...visit(next), visits: together.map(({ start }) => start) },
        at: setAt,
        expiresAt: earlier(after(next.start, -hour), after(setAt, 2 * day)),
        because: together.length === 1 ? 'the session was moved' : `${together.length} sessions were moved`,
      },
    ];
  });
}

function aftercare(session: SessionFacts, completedAt: string): Draft {
  return {
    ...plain,
    ...idsOf(session),
    occasion: occasionOf(session, 'aftercare', 0),
    touchpoint: 'aftercare',
    template: 'aftercare',
    category: 'preparation',
    locals: { protocolId: session.protocolId, day: 0 },
    at: after(completedAt, hour / 2),
    expiresAt: after(completedAt, day),
    because: 'the session is completed: care at home',
  };
}

/**
 * The protocol's check-ins. Day 0 comes 2 hours after the treatment, when signs of a blocked vessel can still be answered;
 * the others at 10:00. Each makes sense until the end of the next day.
 */
function checkIns(session: SessionFacts, completedAt: string): Draft[] {
  const { timeZone, protocolId } = session;
  const treated = localDay(completedAt, timeZone);
  return session.checkInDays.map((days): Draft => ({
    ...plain,
    ...idsOf(session),
    occasion: occasionOf(session, 'check-in', days),
    touchpoint: 'check-in',
    template: 'check-in',
    category: 'safety',
    prefers: 'sms',
    elseCall: true,
    question: 'check-in',
    locals: { protocolId, day: days },
    at: days === 0 ? after(completedAt, 2 * hour) : atTime(treated.add({ days }), '10:00', timeZone),
    expiresAt: days === 0 ? atTime(treated.add({ days: 1 }), '00:00', timeZone) : atTime(treated.add({ days: days + 1 }), '23:00', timeZone),
    because: `day ${days} after ${protocolId}: its check-in`,
  }));
}

/** Check-ins that a session to come will ask for: nothing is sent for them, but texts before it leave them room. */
export const expectedCheckIns = (session: SessionFacts): Draft[] => (isUpcoming(session) && session.start !== null ? checkIns(session, session.start) : []);

function broken(session: SessionFacts): Draft[] {
  const { status, start, cancelledAt, cancelledBy, noShowAt } = session;
  if (!withStart(session)) return [];
  const common = { ...plain, ...idsOf(session), category: 'reminder', prefers: 'sms', locals: visit(session) } as const;
  if (status === 'cancelled' && cancelledAt !== null && cancelledBy !== 'patient' && session.start > cancelledAt) {
    return [
      {
        ...common,
        occasion: occasionOf(session, 'session-cancelled', session.start),
        touchpoint: 'session-cancelled',
        template: 'session-cancelled',
        elseCall: true,
        at: cancelledAt,
        expiresAt: earlier(session.start, after(cancelledAt, 2 * day)),
        because: 'the clinic cancelled the session',
      },
    ];
  }
  if (status !== 'no_show' || noShowAt === null) return [];
  return [
    {
      ...common,
      occasion: occasionOf(session, 'no-show', start ?? ''),
      touchpoint: 'no-show',
      template: 'no-show',
      at: after(noShowAt, hour),
      expiresAt: after(noShowAt, 2 * day),
      because: 'the patient did not come',
    },
  ];
}

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

function ofSession(session: SessionFacts): Draft[] {
  const before = isUpcoming(session) && withStart(session) ? [...preparations(session), instructions(session), ...reminders(session)] : [];
  const done = session.completedAt === null ? [] : [aftercare(session, session.completedAt), ...checkIns(session, session.completedAt)];
  return [...before, ...done, ...broken(session)];
}

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
