/** What the API answers, as far as the console reads it. */
export interface Me {
  readonly name: string;
  readonly staffId: string | null;
  readonly roles: readonly string[];
}

export interface Clinic {
  readonly name: string;
  readonly phone: string;
  /** The clinic's present instant: the demo's clock is not the browser's. */
  readonly now: string;
  readonly locations: readonly { readonly id: string; readonly name: string; readonly timeZone: string }[];
  readonly staff: readonly { readonly id: string; readonly name: string; readonly roles: readonly string[] }[];
  readonly rooms: readonly { readonly id: string; readonly location: string }[];
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

export type SessionStatus = 'unscheduled' | 'held' | 'booked' | 'confirmed' | 'arrived' | 'completed' | 'no_show' | 'cancelled' | 'on_hold';

export interface Session {
  readonly id: string;
  readonly courseId: string;
  readonly patientId: string;
  readonly number: number;
  readonly protocolId: string;
  readonly status: SessionStatus;
  readonly start: string | null;
  readonly end: string | null;
  readonly timeZone: string | null;
  readonly locationId: string | null;
  readonly providerId: string | null;
  readonly roomId: string | null;
  readonly deviceId: string | null;
  readonly because: readonly { readonly constraint: string; readonly detail: string }[];
  readonly holds: readonly { readonly gate: string; readonly why: string }[];
}

export interface Course {
  readonly id: string;
  readonly patientId: string;
  readonly status: string;
  readonly sessions: readonly Session[];
}

/** Where a session may go: each local day with its free starts, or what leaves none. */
export interface Choices {
  readonly gridMinutes: number;
  readonly items: readonly DayOfChoice[];
}
export interface DayOfChoice {
  readonly date: string;
  readonly starts: readonly string[];
  readonly because: readonly { readonly constraint: string; readonly detail: string }[];
}

export type Urgency = 'emergency' | 'urgent' | 'soon' | 'ask' | 'expected' | 'administrative';

export interface Conversation {
  readonly id: string;
  readonly patientId: string | null;
  readonly channel: string;
  readonly status: string;
  readonly urgency: Urgency | null;
  readonly assignee: string | null;
  readonly lastMessageAt: string;
  /** Since when the patient waits for a person, and until when one should have answered. */
  readonly unansweredSince: string | null;
  readonly answerBy: string | null;
  readonly snoozedUntil: string | null;
  /** Given back with a command, it refuses one that was meant for an older state. */
  readonly version: number;
}

export interface Message {
  readonly id: string;
  readonly direction: 'in' | 'out';
  readonly channel: string;
  readonly body: string | null;
  /** Photos: those that a patient left on their own page are ours to show, others lie at the carrier. */
  readonly media: readonly { readonly url: string }[];
  readonly at: string;
  readonly author: string | null;
  readonly outreachId: string | null;
  readonly triage: { readonly urgency: Urgency; readonly codes: readonly string[]; readonly rules: readonly string[] } | null;
  readonly checkIn: { readonly question: string; readonly protocolId: string | null; readonly day: number | null } | null;
}

export type Thread = Conversation & { readonly messages: readonly Message[] };

/** An approved text in the patient's language, ready to send. */
export interface Suggestion {
  readonly key: string;
  readonly text: string;
}

export interface Task {
  readonly id: string;
  readonly kind: string;
  readonly why: string;
  readonly status: 'open' | 'acknowledged' | 'done';
  readonly dueAt: string;
  readonly role: string | null;
  readonly assignee: string | null;
  readonly urgency: Urgency | null;
  readonly patientId: string | null;
  readonly sessionId: string | null;
  readonly conversationId: string | null;
  readonly acknowledgedBy: string | null;
  readonly nextRung: { readonly role: string; readonly at: string } | null;
}

export interface Outreach {
  readonly id: string;
  readonly patientId: string | null;
  readonly sessionId: string | null;
  readonly touchpoint: string;
  readonly channel: string;
  readonly dueAt: string;
  readonly status: string;
  readonly sentAt: string | null;
  readonly attempts: number;
  readonly why: string | null;
  readonly category: string;
  readonly expiresAt: string;
  /** A person holds it back until its release. */
  readonly held: boolean;
  /** What followed where it did not reach anybody. */
  readonly tasks: readonly Pick<Task, 'id' | 'kind' | 'why' | 'status' | 'dueAt' | 'role' | 'assignee' | 'acknowledgedBy'>[];
}

/** One message with everything that happened to it. */
export interface OutreachDetail extends Outreach {
  readonly because: string;
  readonly story: readonly {
    readonly at: string;
    readonly what: string;
    readonly by: string | null;
    readonly why: string | null;
    readonly dueAt: string | null;
  }[];
}

/** How a message reads to its patient. */
export interface OutreachTexts {
  readonly language: string;
  readonly texts: Readonly<Record<string, { readonly subject: string | null; readonly body: string; readonly segments: number | null }>>;
}

export interface Patient {
  readonly id: string;
  readonly givenName: string | null;
  readonly familyName: string | null;
  readonly birthDate: string | null;
  readonly phone: string | null;
  readonly email: string | null;
  readonly language: string | null;
}

/** What is known of a patient, beside who they are. */
export interface PatientRecord extends Patient {
  readonly facts: {
    readonly conditions: readonly string[];
    readonly medications: readonly { readonly code: string; readonly name?: string; readonly prescribed: boolean; readonly stoppedOn?: string }[];
    readonly exposures: readonly { readonly code: string; readonly on: string }[];
    readonly treatments: readonly { readonly protocolId: string; readonly on: string }[];
    readonly pregnant: boolean;
    readonly nursing: boolean;
    readonly smoking: boolean;
    readonly fitzpatrick?: string;
  };
  readonly allergies: readonly string[];
  readonly consents: readonly {
    readonly channel: 'sms' | 'email';
    readonly scope: 'care' | 'marketing';
    readonly address: string;
    readonly granted: boolean;
    readonly method: string;
    readonly at: string;
  }[];
}

/** Everything that ties the dates of a patient's courses together, on one axis of local days; both ends of a band are in it. */
export interface Ribbon {
  readonly timeZone: string;
  readonly from: string;
  readonly to: string;
  readonly sessions: readonly {
    readonly id: string;
    readonly number: number;
    readonly protocolId: string;
    readonly status: SessionStatus;
    readonly on: string;
  }[];
  readonly events: readonly { readonly on: string; readonly name: string | null }[];
  readonly bands: readonly { readonly kind: 'downtime' | 'window' | 'washout' | 'sun'; readonly from: string; readonly to: string; readonly say: string }[];
}

export interface TimelineEntry {
  readonly id: string;
  /** The event that caused this one, when it was one of ours. */
  readonly cause?: string | null;
  readonly type: string;
  readonly title: string;
  readonly at: string;
  readonly source: string | null;
}

/** What the API refused, in its own words. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    /** What else was said: the faulty field (`path`), an hour, the newer state. */
    readonly more: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail);
    this.name = 'Refused';
  }
}

async function answerOf<T>(response: Response): Promise<T> {
  if (response.status === 204) return undefined as T;
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) return body as T;
  const problem = (body ?? {}) as { code?: string; detail?: string; [more: string]: unknown };
  throw new Refused(response.status, problem.code ?? 'unknown', problem.detail ?? 'The clinic’s server did not say why.', problem);
}

const unreachable = () => {
  throw new Refused(0, 'unreachable', 'The clinic’s server cannot be reached. Nothing you wrote was sent; try again in a moment.');
};

/** @throws Refused with the server's reason; status 0 when it cannot be reached. */
export const get = <T>(path: string): Promise<T> =>
  fetch(`/v1/${path}`, { headers: { Accept: 'application/json' } }).then((response) => answerOf<T>(response), unreachable);

/** How a command is sent; the key makes one that is sent twice happen once. */
export type Verb = 'POST' | 'PUT' | 'DELETE';

const sent = (method: Verb, path: string, body: object, more: Readonly<Record<string, string>> = {}) =>
  fetch(`/v1/${path}`, {
    method,
    headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'X-Requested-With': 'console', ...more },
    body: JSON.stringify(body),
  });

/**
 * Carries out a command.
 * @throws Refused with the server's reason.
 */
export const send = <T>(method: Verb, path: string, body: object = {}): Promise<T> =>
  sent(method, path, body, { 'Idempotency-Key': crypto.randomUUID() }).then((response) => answerOf<T>(response), unreachable);
export const post = <T>(path: string, body: object = {}): Promise<T> => send('POST', path, body);

/** Asks with a body that no address could carry; nothing changes by it. @throws Refused with the server's reason. */
export const ask = <T>(path: string, body: object): Promise<T> => sent('POST', path, body).then((response) => answerOf<T>(response), unreachable);

/** A query string of what is given; what is undefined or empty is left out. */
export function query(given: Readonly<Record<string, string | number | undefined>>): string {
  const pairs = Object.entries(given).filter((pair): pair is [string, string | number] => pair[1] !== undefined && pair[1] !== '');
  return new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, String(value)])).toString();
}
