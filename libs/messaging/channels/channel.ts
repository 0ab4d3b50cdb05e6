import type { StatusReport } from './twilio-webhooks.js';

/** A message ready to leave: rendered, permitted, and claimed by one attempt. */
export interface OutgoingMessage {
  /** The outreach or conversation message it carries out; an e-mail's Message-ID is made of it. */
  readonly id: string;
  /** A phone in E.164 or an e-mail address. */
  readonly to: string;
  /** The text; of an e-mail the plain-text half. */
  readonly body: string;
  /** It may not be transmitted later than this: the end of the patient's permitted hours. Null: at any time. */
  readonly validUntil: Date | null;
  readonly email?: EmailParts;
}

export interface EmailParts {
  readonly subject: string;
  readonly html?: string;
  /** HTTPS address of the one-click unsubscribe (RFC 8058). */
  readonly unsubscribeUrl?: string;
  /** An iCalendar object (RFC 5545) and its method. */
  readonly calendar?: { readonly method: 'PUBLISH' | 'REQUEST' | 'CANCEL'; readonly content: string };
}

/** Why the other side will not take or deliver a message, as far as it changes what is done next. */
export const reasons = ['opted-out', 'bad-address', 'unreachable', 'blocked', 'expired', 'throttled', 'account', 'away', 'other'] as const;
export type Reason = (typeof reasons)[number];

/** `never`: a person must look. `once`: one more time, later. `later`: back off, and again while it is still due. */
export const retries = ['never', 'once', 'later'] as const;
export type Retry = (typeof retries)[number];

export interface Refused {
  readonly kind: 'refused';
  /** The carrier's error code, the SMTP reply or the system's error, as text. */
  readonly code: string;
  readonly reason: Reason;
  readonly retry: Retry;
  readonly why: string;
}

/**
 * What is known once a message was handed over, or was not:
 *
 * Each row, each code of the two tables and each fault of the sandbox has its case in test/channels.spec.ts.
 *
 * | seen                                                     | answer                        | source |
 * |----------------------------------------------------------|-------------------------------|--------|
 * | 2xx with a sid; SMTP 250 after the data                  | sent                          | Twilio message resource; RFC 5321 4.2.5 |
 * | 4xx with Twilio's code: carrier-errors.ts                | refused, as the code says     | twilio.com/docs/api/errors |
 * | 429, 20429; 20003 (our account, which is a task)         | refused, later                | twilio.com/docs/api/errors |
 * | SMTP 5yz; 4yz, also after the data: mail-replies.ts      | refused, never; later         | RFC 5321 4.2.1 |
 * | no connection, no such host, no greeting, no TLS, no login | refused, later: it never left | measured with nodemailer 10.6 and twilio 6.2 |
 * | HTTP 5xx, or a 4xx without Twilio's code (a proxy's)     | in doubt: a retried 500 may send twice | twilio.com/docs/api/errors/20500 |
 * | reset, timeout, connection lost; SMTP 421 but as greeting | in doubt: indistinguishable from an answer that was lost | measured; RFC 1047 |
 */
export type SendAnswer = { readonly kind: 'sent'; readonly providerMessageId: string } | Refused | { readonly kind: 'in-doubt'; readonly why: string };

/** What is asked about an attempt in doubt. */
export interface EvidenceQuestion {
  readonly to: string;
  readonly body: string;
  /** When the attempt began. */
  readonly since: Date;
  /** Provider ids that belong to other attempts, and so prove nothing about this one. */
  readonly claimed: ReadonlySet<string>;
}

/**
 * `accepted`: it is there, under this id. `not-found`: it is not there now; ask no sooner than some minutes after the
 * attempt, for a list may lag. `no-answer`: ask again later. `unprovable`: this channel keeps no list.
 */
export type Evidence =
  | { readonly kind: 'accepted'; readonly providerMessageId: string }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'no-answer'; readonly why: string }
  | { readonly kind: 'unprovable'; readonly why: string };

/** A message as the other side's own list has it. */
export interface ListedMessage {
  readonly createdAt: Date;
  /** What the list says of it, as a callback would have said it. */
  readonly report: StatusReport;
}

/** One way out of the house. Nothing behind it sends a message a second time by itself. */
export interface Channel {
  readonly name: 'sms' | 'email';
  /** Hands the message over once. Never throws for what the other side does. */
  send(message: OutgoingMessage, attemptId: string): Promise<SendAnswer>;
  /** Looks on the other side for a message that may have arrived. */
  evidence(question: EvidenceQuestion): Promise<Evidence>;
  /**
   * Everything that was handed over from here since an instant, as the other side lists it, page by page; a message may come
   * twice when others arrive meanwhile. Absent where there is no list. @throws when the list cannot be had to its end.
   */
  readonly listSince?: (since: Date) => AsyncIterable<readonly ListedMessage[]>;
  close(): Promise<void>;
}

/** The answer when the permitted hours ended before the hand-over; null while they last. */
export function tooLate({ validUntil }: OutgoingMessage, now: Date): Refused | null {
  if (validUntil === null || validUntil > now) return null;
  return { kind: 'refused', code: 'hours', reason: 'expired', retry: 'later', why: 'the permitted hours are over' };
}

/** The other side's words without the patient's address: they end up in the log, which is open. */
export function wordsOf(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return words.replace(/[^\s<>"']+@[^\s<>"']+/g, '(address)').replace(/\+?\d{7,15}/g, '(number)');
}
