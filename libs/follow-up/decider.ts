/*
 * One row of the ledger: what its events make of it, and what may be done with it now. Invariants (numbers of the design):
 *   5. A row ends exactly once: sent, cancelled, or missed, unproven or failed with a task for a person. What may have
 *      reached the carrier is never sent again unless the carrier's own list shows that it did not.
 *   6. Nothing is handed over outside the hours permitted in every zone concerned.
 *   7. Nothing is sent after consent for that channel and address is withdrawn, but the one confirmation of it. A safety
 *      message without a channel becomes a call.
 *   A. Whatever is open ends within 72 hours of its due time.
 *   B. Of a text message in the last day and the last week there are no more than the clinic's caps, exempt ones apart.
 */
import type { OutreachEvent, About, Content } from './events.js';

export type OutreachStatus = 'planned' | 'attempting' | 'in_doubt' | 'sent' | 'delivered' | 'unproven' | 'failed' | 'missed' | 'cancelled';

/** A row of the ledger; instants as ISO text. */
export interface Outreach extends About, Content {
  readonly version: number;
  readonly status: OutreachStatus;
  /** When something looks at it again; null once it has ended. */
  readonly nextAttemptAt: string | null;
  readonly attempts: number;
  readonly attemptId: string | null;
  readonly attemptedAt: string | null;
  /** Version of the text that the last attempt was made of. */
  readonly textVersion: number | null;
  readonly providerMessageId: string | null;
  readonly sentAt: string | null;
  /** Why it stands as it does. */
  readonly why: string;
  /** The person who holds it back, or called it off. */
  readonly stoppedBy: string | null;
}

export const minutes = (count: number): number => count * 60_000;
export const hours = (count: number): number => minutes(60 * count);
export const later = (instant: string | Date, millis: number): string => new Date(new Date(instant).getTime() + millis).toISOString();
const earlier = (one: string, other: string) => (one < other ? one : other);

/** Whatever is open is closed this long after its due time (invariant A). */
export const openAtMostMillis = hours(72);
/** The carrier's list may lag: what is not in it so soon after the attempt may still be on its way. */
export const graceMillis = minutes(2);
/** A worker that has not said how it went by then is taken for dead. */
export const leaseMillis = minutes(2);

const heldWhy = ({ by, reason }: { readonly by: string; readonly reason: string }) => `${by} holds it: ${reason}`;
/** Held back by a person: it waits for its release, and at its end becomes a task. */
export const isHeld = ({ status, stoppedBy }: Pick<Outreach, 'status' | 'stoppedBy'>): boolean => status === 'planned' && stoppedBy !== null;

const isOpen = ({ status }: Outreach) => status === 'planned' || status === 'attempting' || status === 'in_doubt';
/** Made by the plan, and so moved and cancelled by it: not what answers, pages or was written by hand. */
export const isPlanManaged = ({ category }: Pick<Outreach, 'category'>): boolean => category !== 'answer' && category !== 'page' && category !== 'message';
/** Answers to the patient's own message and pages to staff: no hours, no caps. */
export const isExempt = ({ category }: Pick<Outreach, 'category'>): boolean => category === 'answer' || category === 'page';

const first = {
  version: 1,
  status: 'planned',
  attempts: 0,
  attemptId: null,
  attemptedAt: null,
  textVersion: null,
  providerMessageId: null,
  sentAt: null,
  stoppedBy: null,
} as const;

/** The row after one more event. What does not fit its state changes nothing: only proof takes an end back. */
export function evolve(row: Outreach | undefined, event: OutreachEvent): Outreach | undefined {
  if (event.type === 'outreach.planned.v1') return row ?? { ...event.data, ...first, nextAttemptAt: event.data.dueAt, why: event.data.because };
  if (row === undefined) return undefined;
  const next = changeOf(row, event);
  return next === null ? row : { ...row, ...next, version: row.version + 1 };
}

function changeOf(row: Outreach, event: Exclude<OutreachEvent, { type: 'outreach.planned.v1' }>): Partial<Outreach> | null {
  const open = isOpen(row);
  switch (event.type) {
    case 'outreach.moved.v1':
      // What somebody holds back moves and stays held.
      if (isHeld(row)) return { ...event.data, nextAttemptAt: event.data.expiresAt };
      return row.status === 'planned' ? { ...event.data, nextAttemptAt: event.data.dueAt, why: event.data.because } : null;
    case 'outreach.held.v1':
      return row.status === 'planned' ? { nextAttemptAt: row.expiresAt, why: heldWhy(event.data), stoppedBy: event.data.by } : null;
    case 'outreach.released.v1':
      return isHeld(row) ? { nextAttemptAt: event.data.dueAt, why: row.because, stoppedBy: null } : null;
    case 'outreach.hastened.v1': {
      const { by, dueAt, expiresAt } = event.data;
      return row.status === 'planned' ? { dueAt, expiresAt, nextAttemptAt: dueAt, why: `${by} lets it go at once`, stoppedBy: null } : null;
    }
    case 'outreach.deferred.v1':
      return open ? { status: 'planned', nextAttemptAt: event.data.until, why: event.data.why } : null;
    case 'outreach.attempted.v1': {
      const { attemptId, at, leaseUntil, textVersion = null } = event.data;
      return row.status === 'planned'
        ? { status: 'attempting', attemptId, attemptedAt: at, textVersion, attempts: row.attempts + 1, nextAttemptAt: leaseUntil }
        : null;
    }
    case 'outreach.in-doubt.v1':
      return open ? { status: 'in_doubt', nextAttemptAt: event.data.until, why: event.data.why } : null;
    case 'outreach.sent.v1': {
      // Proof may come after a row was given up, or after an attempt whose answer was lost: one message, one id.
      const { providerMessageId, sentAt, corrects } = event.data;
      const why = corrects === undefined ? row.because : `${row.because}; it had ended as ${corrects} when the carrier showed that it had left`;
      return row.providerMessageId === null ? { status: 'sent', nextAttemptAt: null, providerMessageId, sentAt, why } : null;
    }
    case 'outreach.delivered.v1':
      if (row.status === 'sent') return { status: 'delivered' };
      // The phone has it: that outweighs an earlier word that it could not be delivered.
      return row.status === 'failed' && row.providerMessageId !== null
        ? { status: 'delivered', why: `${row.because}; the carrier had said at first that it could not deliver it` }
        : null;
    case 'outreach.copied.v1':
      return { why: event.data.why };
    case 'outreach.failed.v1':
      // The carrier may take a message and fail to deliver it afterwards.
      return open || row.status === 'sent' ? { status: 'failed', nextAttemptAt: null, why: event.data.why } : null;
    case 'outreach.cancelled.v1':
      return open ? { status: 'cancelled', nextAttemptAt: null, why: event.data.why, stoppedBy: event.data.by ?? null } : null;
    case 'outreach.missed.v1':
      return open ? { status: 'missed', nextAttemptAt: null, why: event.data.why } : null;
    case 'outreach.unproven.v1':
      return open ? { status: 'unproven', nextAttemptAt: null, why: event.data.why } : null;
  }
}

/** What is known at the moment of a claim; all of it read in the claiming transaction. */
export interface ClaimContext {
  /** Where the message would go now; null when there is no such address any more. */
  readonly address: string | null;
  /** `granted` and `withdrawn` speak of exactly this address; `unknown` is no consent either, except to answer. */
  readonly consent: 'granted' | 'withdrawn' | 'unknown';
  /** The other channel, when consent lets it carry the message. */
  readonly otherChannel: 'sms' | 'email' | null;
  /** Null when what the row speaks of still holds, else why it does not. */
  readonly overtaken: string | null;
  /** The patient has just written something that was stored and not read yet: it may be a STOP. */
  readonly unheard: boolean;
  /** The first permitted instant at or after now; null when there is none in sight. */
  readonly permittedAt: string | null;
  /** Instants of the text messages that count towards the caps. */
  readonly texts: readonly string[];
  readonly caps: { readonly perDay: number; readonly perWeek: number };
}

export type Verdict =
  | { readonly do: 'nothing'; readonly why: string }
  | { readonly do: 'send'; readonly address: string }
  | { readonly do: 'resolve' }
  | { readonly do: 'doubt'; readonly why: string }
  | { readonly do: 'defer'; readonly until: string; readonly why: string }
  | { readonly do: 'divert'; readonly to: 'sms' | 'email'; readonly why: string }
  | { readonly do: 'cancel'; readonly why: string }
  | { readonly do: 'miss'; readonly why: string }
  | { readonly do: 'give-up'; readonly why: string };

/** A message is read within a second; so much later the answer is known. */
const unheardMillis = 10_000;

/** What a wake-up call for version `version` of a row leads to at `now`. */
export function decideClaim(row: Outreach, version: number, now: string, context: ClaimContext): Verdict {
  if (row.version !== version) return { do: 'nothing', why: 'the row has changed since this call was set' };
  if (row.nextAttemptAt === null) return { do: 'nothing', why: 'the row has ended' };
  if (row.nextAttemptAt > now) return { do: 'nothing', why: 'it is not due yet' };
  if (row.status === 'attempting') return { do: 'doubt', why: 'the worker that was sending it did not say how it went' };
  if (row.status === 'in_doubt') return now >= later(row.dueAt, openAtMostMillis) ? { do: 'give-up', why: 'no proof within 72 hours' } : { do: 'resolve' };
  return decideSend(row, now, context);
}

function decideSend(row: Outreach, now: string, context: ClaimContext): Verdict {
  if (context.overtaken !== null) return { do: 'cancel', why: context.overtaken };
  if (now >= row.expiresAt) return { do: 'miss', why: isHeld(row) ? `${row.why}; its time has passed` : 'its time has passed' };
  if (isHeld(row)) return { do: 'nothing', why: row.why };
  const barred = bar(row, context);
  if (barred !== null) return without(row, context, barred);
  // A task for a person is no message: it does not wait for the hours in which one may be sent.
  if (row.channel === 'call') return { do: 'miss', why: 'no channel may carry it in time: a person calls' };
  if (!isExempt(row)) {
    if (context.unheard) return wait(row, later(now, unheardMillis), 'the patient has just written, and nobody has read it yet');
    const { permittedAt } = context;
    if (permittedAt === null) return { do: 'miss', why: 'no hour is permitted in every zone concerned' };
    if (permittedAt > now) return wait(row, permittedAt, 'outside the permitted hours');
    const free = row.channel === 'sms' ? capFreeAt(context.texts, now, context.caps) : now;
    if (free > now) return atCap(row, free, context);
  }
  return { do: 'send', address: context.address ?? '' };
}

/** Why this channel must not carry the row, or null. */
function bar(row: Outreach, { address, consent }: ClaimContext): string | null {
  if (row.channel === 'call') return null;
  if (address === null) return `there is no ${row.channel === 'sms' ? 'phone number' : 'e-mail address'}`;
  // The one confirmation that may follow a withdrawal; with a red flag in the same text it also says whom to call.
  if (row.category === 'page' || row.template.startsWith('stop.confirmed')) return null;
  if (consent === 'withdrawn') return 'consent is withdrawn';
  return consent === 'unknown' && row.category !== 'answer' ? 'there is no consent for this address' : null;
}

function without(row: Outreach, { otherChannel }: ClaimContext, why: string): Verdict {
  if (otherChannel !== null && (isPlanManaged(row) || row.category === 'message')) return { do: 'divert', to: otherChannel, why };
  return row.category === 'safety' || !isPlanManaged(row) ? { do: 'miss', why } : { do: 'cancel', why };
}

/** A safety message and a written one do not wait for room when an e-mail may carry them. */
function atCap(row: Outreach, free: string, { otherChannel }: ClaimContext): Verdict {
  const why = 'the cap on text messages is reached';
  const hurries = row.category === 'safety' || row.category === 'message';
  return otherChannel === 'email' && hurries ? { do: 'divert', to: 'email', why } : wait(row, free, why);
}

const wait = (row: Outreach, until: string, why: string): Verdict =>
  until >= row.expiresAt ? { do: 'miss', why: `${why} until its time has passed` } : { do: 'defer', until, why };

/** The first instant at or after `at` at which one more text keeps both caps (rolling 24 hours and 7 days; invariant B). */
export function capFreeAt(texts: readonly string[], at: string, { perDay, perWeek }: ClaimContext['caps']): string {
  const sorted = [...texts].sort();
  const after = (count: number, millis: number): string => {
    const blocking = sorted.at(-count);
    return blocking === undefined ? at : later(blocking, millis);
  };
  return [after(perDay, hours(24)), after(perWeek, hours(24 * 7))].reduce((latest, one) => (one > latest ? one : latest), at);
}

/** Pauses between attempts that were refused for now: seconds first, then longer, never past the row's end. */
export function retryAt(row: Outreach, now: string): string {
  return later(now, minutes(Math.min(60, 2 ** Math.min(row.attempts, 6))));
}

/** Until when a row that becomes due at `dueAt` may stay open, given when the message stops making sense. */
export const closesAt = (dueAt: string, expiresAt: string): string => earlier(expiresAt, later(dueAt, openAtMostMillis - hours(1)));
