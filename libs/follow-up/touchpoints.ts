/*
 * What a patient should receive, as a pure function of what is known (DESIGN section 7). Planning twice gives the same
 * touchpoints with the same keys, so that new courses, reschedules, changed facts and recovery after a fault are one mechanism.
 *   5. Each touchpoint ends exactly once: its key is what makes it the same one.
 *   6. Every due time is a permitted hour in the patient's zone and the clinic's.
 *  10. Preparation names what the patient uses without prescription, nothing else.
 */
import { Temporal } from 'temporal-polyfill';
import { type ContactHours, nextPermitted, type TemplateKey } from '#messaging';

export interface PlannedSession {
  readonly sessionId: string;
  readonly courseId: string;
  readonly status: string;
  readonly start: Date;
  readonly timeZone: string;
  readonly protocolId: string;
  /** When this start was set (booked or moved). */
  readonly setAt: Date;
  readonly moved: boolean;
  readonly cancelledAt: Date | null;
  readonly cancelledBy: string | null;
  readonly completedAt: Date | null;
  readonly noShowAt: Date | null;
  /** Days after the treatment on which its pinned protocol asks; the catalogue's check-in days. */
  readonly checkInDays: readonly number[];
  /** What to leave off and how many days before, by what the patient uses. */
  readonly preparation: readonly { readonly code: string; readonly daysBefore: number }[];
}

export interface OutreachInput {
  readonly hours: ContactHours;
  readonly clinicZone: string;
  readonly patientZone: string;
  readonly reachable: { readonly sms: boolean; readonly email: boolean };
  readonly consultations: readonly { readonly consultationId: string; readonly requestedAt: Date | null; readonly deferredAt: Date | null; readonly hasCourse: boolean }[];
  readonly sessions: readonly PlannedSession[];
}

export type Category = 'safety' | 'preparation' | 'reminder' | 'survey' | 'answer' | 'page';

export interface Touchpoint {
  readonly key: string;
  readonly touchpoint: string;
  readonly template: TemplateKey;
  readonly locals: Readonly<Record<string, string | readonly string[]>>;
  readonly channel: 'sms' | 'email';
  readonly category: Category;
  readonly question: 'confirm' | 'check-in' | null;
  readonly dueAt: Date;
  readonly expiresAt: Date;
  readonly consultationId?: string;
  readonly courseId?: string;
  readonly sessionId?: string;
  readonly protocolId?: string;
  readonly day?: number;
  readonly why: string;
}

const hour = 3_600_000;
const day = 24 * hour;
const upcoming = ['held', 'booked', 'confirmed'];
const [deferredDays, satisfactionDays] = [30, 14];

type Draft = Omit<Touchpoint, 'channel' | 'dueAt' | 'question' | 'locals'> & Partial<Pick<Touchpoint, 'question' | 'locals'>> & { readonly prefers: 'sms' | 'email'; readonly at: Date };

const localDay = (instant: Date, zone: string) => Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(zone).toPlainDate();
const atHour = (date: Temporal.PlainDate, plainTime: string, timeZone: string) => new Date(date.toZonedDateTime({ timeZone, plainTime }).epochMilliseconds);
const after = (instant: Date, millis: number) => new Date(instant.getTime() + millis);
const later = (a: Date, b: Date) => (a > b ? a : b);

function beforeSession(session: PlannedSession): Draft[] {
  const { sessionId, courseId, start, timeZone, setAt, status, protocolId } = session;
  const date = localDay(start, timeZone);
  const occurrence = start.toISOString();
  const ids = { sessionId, courseId, protocolId };
  const locals = { start: occurrence };
  const daysBefore = (count: number, time: string) => atHour(date.subtract({ days: count }), time, timeZone);
  const key = (touchpoint: string, part = '') => `${courseId}/${sessionId}/${touchpoint}/${occurrence}${part}`;
  const leadDays = [...new Set(session.preparation.map((step) => step.daysBefore))].sort((a, b) => b - a);
  const late = leadDays.filter((count) => daysBefore(count, '10:00') <= setAt);
  // Washouts that had begun when the session was set are told together, at once.
  const groups = [...(late.length > 0 ? [{ days: Math.max(...late), all: late }] : []), ...leadDays.filter((count) => !late.includes(count)).map((count) => ({ days: count, all: [count] }))];
  const preparation = groups.map(({ days, all }): Draft => ({
    ...ids, key: key('preparation', `/${days}`), touchpoint: 'preparation', template: 'preparation', category: 'preparation', prefers: 'email',
    locals: { ...locals, avoid: session.preparation.filter((step) => all.includes(step.daysBefore)).map(({ code }) => code) },
    at: later(daysBefore(days, '10:00'), setAt), expiresAt: start, why: `washout of ${days} days before the session`,
  }));
  const instructions: Draft = { ...ids, key: key('instructions'), touchpoint: 'instructions', template: 'instructions', category: 'preparation', prefers: 'email', locals, at: later(daysBefore(3, '12:00'), setAt), expiresAt: start, why: 'three days before the session' };
  const remind = (count: number): Draft => ({
    ...ids, key: key('reminder', `/${count}`), touchpoint: 'reminder', template: 'reminder', category: 'reminder', question: 'confirm', prefers: 'sms', locals,
    at: daysBefore(count, '11:00'), expiresAt: after(start, -2 * hour), why: `${count === 1 ? 'the day' : 'two days'} before the session`,
  });
  const reminders = [remind(2), ...(status === 'confirmed' ? [] : [remind(1)])].filter(({ at }) => at > setAt);
  const lastChance = reminders.length === 0 && !session.moved ? [{ ...remind(0), at: setAt, why: 'booked within two days' }] : [];
  const moved: Draft[] = session.moved
    ? [{ ...ids, key: key('rescheduled'), touchpoint: 'rescheduled', template: 'rescheduled', category: 'reminder', question: 'confirm', prefers: 'sms', locals, at: setAt, expiresAt: after(start, -hour), why: 'the session was moved' }]
    : [];
  return [...preparation, instructions, ...moved, ...reminders, ...lastChance];
}

function afterSession(session: PlannedSession): Draft[] {
  const { sessionId, courseId, completedAt, timeZone, checkInDays, protocolId } = session;
  if (completedAt === null) return [];
  const date = localDay(completedAt, timeZone);
  const ids = { sessionId, courseId, protocolId };
  const key = (touchpoint: string, part: string | number) => `${courseId}/${sessionId}/${touchpoint}/${part}`;
  const aftercare: Draft = { ...ids, key: key('aftercare', 0), touchpoint: 'aftercare', template: 'aftercare', category: 'safety', prefers: 'email', at: after(completedAt, hour / 2), expiresAt: after(completedAt, 2 * day), day: 0, why: 'after the session' };
  const checkIns = checkInDays.map((after0): Draft => {
    const at = after0 === 0 ? after(completedAt, 3 * hour) : atHour(date.add({ days: after0 }), '10:00', timeZone);
    return { ...ids, key: key('check-in', after0), touchpoint: 'check-in', template: 'check-in', category: 'safety', question: 'check-in', prefers: 'sms', at, expiresAt: after(at, 30 * hour), day: after0, why: `day ${after0} after the session` };
  });
  return [aftercare, ...checkIns];
}

function broken(session: PlannedSession): Draft[] {
  const { sessionId, courseId, protocolId, start, cancelledAt, cancelledBy, noShowAt, status } = session;
  const common = { sessionId, courseId, protocolId, category: 'reminder' as const, prefers: 'sms' as const, locals: { start: start.toISOString() } };
  if (status === 'cancelled' && cancelledAt !== null && cancelledBy !== 'patient') {
    return [{ ...common, key: `${courseId}/${sessionId}/cancelled/0`, touchpoint: 'session-cancelled', template: 'session-cancelled', at: cancelledAt, expiresAt: after(cancelledAt, 2 * day), why: 'the clinic cancelled the session' }];
  }
  if (status !== 'no_show' || noShowAt === null) return [];
  return [{ ...common, key: `${courseId}/${sessionId}/no-show/0`, touchpoint: 'no-show', template: 'no-show', at: noShowAt, expiresAt: after(noShowAt, 2 * day), why: 'the patient did not come' }];
}

function ofConsultation({ consultationId, requestedAt, deferredAt, hasCourse }: OutreachInput['consultations'][number]): Draft[] {
  const received: Draft[] = requestedAt === null || hasCourse ? [] : [{ consultationId, key: `${consultationId}/request-received/0`, touchpoint: 'request-received', template: 'request-received', category: 'survey', prefers: 'email', at: requestedAt, expiresAt: after(requestedAt, 2 * day), why: 'the request came in' }];
  const recall: Draft[] = deferredAt === null ? [] : [{ consultationId, key: `${consultationId}/deferred-recall/0`, touchpoint: 'deferred-recall', template: 'deferred-recall', category: 'survey', prefers: 'email', at: after(deferredAt, deferredDays * day), expiresAt: after(deferredAt, (deferredDays + 3) * day), why: 'the decision was deferred' }];
  return [...received, ...recall];
}

function ofCourse(sessions: readonly PlannedSession[]): Draft[] {
  const ordered = [...sessions].sort((a, b) => a.start.getTime() - b.start.getTime());
  const first = ordered.find(({ status }) => upcoming.includes(status));
  const done = ordered.filter(({ status }) => status === 'completed');
  const { courseId } = ordered[0] ?? { courseId: '' };
  const setAt = ordered.reduce((earliest, session) => (session.setAt < earliest ? session.setAt : earliest), ordered[0]?.setAt ?? new Date(0));
  const summary: Draft[] = first === undefined || done.length > 0 ? [] : [{ courseId, key: `${courseId}/plan-summary/0`, touchpoint: 'plan-summary', template: 'plan-summary', category: 'reminder', prefers: 'email', locals: { start: first.start.toISOString() }, at: setAt, expiresAt: after(setAt, 2 * day), why: 'the course was booked' }];
  const last = done.at(-1)?.completedAt;
  const finished = last !== undefined && last !== null && !ordered.some(({ status }) => upcoming.includes(status) || status === 'on_hold' || status === 'arrived');
  const survey: Draft[] = finished ? [{ courseId, key: `${courseId}/satisfaction/0`, touchpoint: 'satisfaction', template: 'satisfaction', category: 'survey', prefers: 'email', at: after(last, satisfactionDays * day), expiresAt: after(last, (satisfactionDays + 2) * day), why: 'the course is finished' }] : [];
  return [...summary, ...survey];
}

/** Two sessions may ask on the same day: the patient is asked once, and the answer is read against both. */
function askOnceADay(drafts: readonly Draft[], zone: string): Draft[] {
  const asked = new Set<string>();
  return [...drafts].sort((a, b) => a.at.getTime() - b.at.getTime() || (a.key < b.key ? -1 : 1)).filter((draft) => {
    if (draft.touchpoint !== 'check-in' || draft.day === 0) return true;
    const date = localDay(draft.at, zone).toString();
    return !asked.has(date) && asked.add(date) !== undefined;
  });
}

/** Everything that should reach a patient, past and to come; the ledger knows what has been done of it. */
export function planTouchpoints(input: OutreachInput): Touchpoint[] {
  const { sessions, consultations, reachable } = input;
  const courses = [...new Set(sessions.map(({ courseId }) => courseId))].map((id) => sessions.filter(({ courseId }) => courseId === id));
  const drafts = [
    ...consultations.flatMap(ofConsultation),
    ...courses.flatMap(ofCourse),
    ...sessions.flatMap((session) => [...(upcoming.includes(session.status) ? beforeSession(session) : []), ...afterSession(session), ...broken(session)]),
  ];
  const nobody = !reachable.sms && !reachable.email;
  return askOnceADay(drafts, input.clinicZone).flatMap(({ prefers, at, question = null, locals = {}, ...draft }): Touchpoint[] => {
    if (nobody && draft.category !== 'safety') return [];
    const other = prefers === 'sms' ? 'email' : 'sms';
    const channel = reachable[prefers] || !reachable[other] ? prefers : other;
    const dueAt = nextPermitted(at, [input.patientZone, input.clinicZone], input.hours) ?? at;
    return dueAt >= draft.expiresAt && draft.category !== 'safety' ? [] : [{ ...draft, question, locals, channel, dueAt, expiresAt: later(draft.expiresAt, dueAt) }];
  });
}
