import type { components } from './api-types.js';

/** What the API answers, by name. */
export type Answers = components['schemas'];

/** One page of a list, and where to go on. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

export type Me = Answers['Me'];
export type Clinic = Answers['Clinic'];
export type SessionStatus = Answers['SessionStatus'];
export type Session = Answers['Session'];
export type Course = Answers['Course'];
export type Choices = Answers['Choices'];
export type DayOfChoice = Answers['DayOfChoice'];
export type Urgency = Answers['Urgency'];
export type Conversation = Answers['Conversation'];
export type Message = Answers['Message'];
export type Thread = Answers['Thread'];
export type Suggestion = Answers['Suggestion'];
export type Task = Answers['Task'];
export type Outreach = Answers['Outreach'];
export type OutreachDetail = Answers['OutreachWithStory'];
export type OutreachTexts = Answers['OutreachTexts'];
export type Patient = Answers['Patient'];
export type PatientRecord = Answers['PatientRecord'];
export type Ribbon = Answers['Ribbon'];
export type TimelineEntry = Answers['TimelineEntry'];

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
