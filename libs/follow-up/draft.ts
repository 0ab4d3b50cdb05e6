import { Temporal } from 'temporal-polyfill';
import type { TemplateKey } from '#messaging';
import type { Category, Locals, Question } from './events.js';
import { kinds, type TouchpointName } from './kinds.js';
import type { Offer } from './slot-offer.js';

/** A session as far as messages depend on it. */
export interface SessionFacts {
  readonly sessionId: string;
  readonly courseId: string;
  readonly consultationId: string;
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
  /** An earlier time that is kept for the patient until they answer. */
  readonly offer?: Offer;
  /** Days after the treatment on which the protocol, in the version it was booked under, asks how it heals. */
  readonly checkInDays: readonly number[];
  readonly intervalMinDays: number;
  /** Days after the last session of a series when its next one is late. */
  readonly overdueDays: number;
  /** What to leave off and how many days before, by what the patient uses without prescription. */
  readonly preparation: readonly { readonly code: string; readonly daysBefore: number }[];
}

export interface ConsultationFacts {
  readonly consultationId: string;
  /** When it was asked for; null once the patient was seen, to whom "we will call you to find a time" is no news. */
  readonly requestedAt: string | null;
  /** When it was closed. */
  readonly finalizedAt: string | null;
  /** When the decision now in force deferred the plan. */
  readonly deferredAt: string | null;
  readonly declined: boolean;
  /** When the newest estimate was presented. */
  readonly estimateAt: string | null;
  /** When the newest consent was signed. */
  readonly consentedAt: string | null;
  readonly patchTests: readonly PatchTestFacts[];
  readonly hasCourse: boolean;
}

/** A patch test that the plan waits for. */
export interface PatchTestFacts {
  readonly protocolId: string;
  /** When it was asked for; null when nobody did. */
  readonly requiredAt: string | null;
  readonly performedAt: string | null;
}

/** A touchpoint before hours, caps and channels have their say. */
export interface Draft {
  readonly occasion: string;
  readonly touchpoint: TouchpointName;
  readonly template: TemplateKey;
  readonly category: Category;
  readonly question: Question;
  readonly locals: Locals;
  readonly prefers: 'sms' | 'email';
  readonly yields: boolean;
  readonly elseCall: boolean;
  readonly scope: 'care' | 'marketing';
  /** The wished instant, and when it has lost its sense. */
  readonly at: string;
  readonly expiresAt: string;
  readonly because: string;
  readonly consultationId?: string;
  readonly courseId?: string;
  readonly sessionId?: string;
}

/** What is worth a call when there is no time left for a message: whatever calls for one without a channel, and the last word that asks whether a visit stands. */
export const mustArrive = ({ elseCall, touchpoint, template, yields }: Draft): boolean =>
  elseCall || (touchpoint === 'reminder' && template === 'reminder' && !yields);

/** How long after its time a check-in that nobody made is still worth a call. */
const lateCallMillis = 3 * 86_400_000;
/** Does it still make sense at `now`: as a message, or else as a call before the visit that it speaks of, or soon after its time? */
export const isLive = (draft: Draft, now: string): boolean =>
  draft.expiresAt > now || (mustArrive(draft) && (draft.locals.start ?? after(draft.expiresAt, lateCallMillis)) > now);

/** A session with a time. */
export interface Upcoming extends SessionFacts {
  readonly start: string;
  readonly setAt: string;
}
export const withStart = (session: SessionFacts): session is Upcoming => session.start !== null && session.setAt !== null;
export const isUpcoming = ({ status, start }: SessionFacts): boolean => (status === 'booked' || status === 'confirmed') && start !== null;

export const [hour, day] = [3_600_000, 86_400_000];
export const after = (instant: string, millis: number) => new Date(Date.parse(instant) + millis).toISOString();
export const later = (one: string, other: string) => (one > other ? one : other);
export const earlier = (one: string, other: string) => (one < other ? one : other);
// Civil time is dear, and a plan asks for the same few days of a course dozens of times, many patients for the same hours.
const rememberedAtMost = 20_000;
function remember<T>(known: Map<string, T>, key: string, make: () => T): T {
  const found = known.get(key) ?? make();
  if (known.size >= rememberedAtMost) known.clear();
  known.set(key, found);
  return found;
}
const days = new Map<string, Temporal.PlainDate>();
const instants = new Map<string, string>();

/** The local date of an instant. */
export const localDay = (instant: string, zone: string): Temporal.PlainDate =>
  remember(days, `${instant} ${zone}`, () => Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toPlainDate());
/** The instant of a local time of day. */
export const atTime = (date: Temporal.PlainDate, plainTime: string, timeZone: string): string =>
  remember(instants, `${date.toString()} ${plainTime} ${timeZone}`, () =>
    new Date(date.toZonedDateTime({ timeZone, plainTime }).epochMilliseconds).toISOString(),
  );

type Given = Pick<Draft, 'occasion' | 'at' | 'expiresAt' | 'because'> & Partial<Draft>;
/** A touchpoint of a kind, with the kind's text unless another is given. */
export const draftOf = (touchpoint: TouchpointName, given: Given): Draft => ({ template: touchpoint, locals: {}, ...kinds[touchpoint], touchpoint, ...given });
export const idsOf = ({ sessionId, courseId }: SessionFacts) => ({ sessionId, courseId });
/** The visit that a text speaks of. */
export const visit = ({ start, timeZone, locationId }: Upcoming): Locals => ({ start, timeZone, locationId });
/** Names a touchpoint of a session for good (invariant 5). */
export const occasionOf = ({ courseId, sessionId }: SessionFacts, touchpoint: string, ...occurrence: readonly (string | number)[]) =>
  [courseId, sessionId, touchpoint, ...occurrence].join('/');
