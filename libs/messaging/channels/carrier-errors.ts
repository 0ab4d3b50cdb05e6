import type { Reason, Retry } from './channel.js';

export interface CarrierError {
  readonly code: string;
  readonly reason: Reason;
  readonly retry: Retry;
}

/** One row of the carrier's errors; its page is `https://www.twilio.com/docs/api/errors/{code}`. */
interface CarrierErrorRow {
  readonly code: number;
  /** The carrier's own title for it. */
  readonly title: string;
  readonly reason: Reason;
  readonly retry: Retry;
}

/**
 * The carrier's definite noes, at the hand-over (2xxxx) or in a status callback (3xxxx; some come both ways). An error that
 * lies with our account or number says nothing of the patient's: it is tried again while somebody sets it right.
 */
export const carrierErrors: readonly CarrierErrorRow[] = [
  { code: 20003, title: 'Permission denied', reason: 'account', retry: 'later' },
  { code: 20005, title: 'Account not active', reason: 'account', retry: 'later' },
  { code: 20404, title: 'Resource not found', reason: 'account', retry: 'later' },
  { code: 20429, title: 'Too many requests', reason: 'throttled', retry: 'later' },
  { code: 21211, title: "Invalid 'To' phone number", reason: 'bad-address', retry: 'never' },
  { code: 21212, title: "Invalid 'From' phone number", reason: 'account', retry: 'later' },
  { code: 21408, title: 'Permission to send to this region has not been enabled', reason: 'blocked', retry: 'never' },
  { code: 21606, title: "'From' is not an SMS-capable number of this account", reason: 'account', retry: 'later' },
  { code: 21608, title: 'Trial account: the number is not verified', reason: 'account', retry: 'later' },
  { code: 21610, title: 'Attempt to send to unsubscribed recipient', reason: 'opted-out', retry: 'never' },
  { code: 21611, title: "'From' has exceeded the maximum number of queued messages", reason: 'throttled', retry: 'later' },
  { code: 21612, title: "'To' cannot be reached from this 'From'", reason: 'blocked', retry: 'never' },
  { code: 21614, title: "'To' number is not a valid mobile number", reason: 'bad-address', retry: 'never' },
  { code: 21617, title: 'The message body exceeds 1600 characters', reason: 'other', retry: 'never' },
  { code: 30001, title: 'Queue overflow', reason: 'throttled', retry: 'later' },
  { code: 30002, title: 'Account suspended', reason: 'account', retry: 'later' },
  { code: 30003, title: 'Unreachable destination handset', reason: 'unreachable', retry: 'once' },
  { code: 30004, title: 'Message blocked', reason: 'blocked', retry: 'never' },
  { code: 30005, title: 'Unknown destination handset', reason: 'bad-address', retry: 'never' },
  { code: 30006, title: 'Landline or unreachable carrier', reason: 'bad-address', retry: 'never' },
  { code: 30007, title: 'Message filtered', reason: 'blocked', retry: 'never' },
  { code: 30008, title: 'Unknown error', reason: 'other', retry: 'once' },
  { code: 30022, title: 'US A2P 10DLC: rate limits exceeded', reason: 'throttled', retry: 'later' },
  { code: 30023, title: 'US A2P 10DLC: daily message cap reached', reason: 'throttled', retry: 'later' },
  { code: 30024, title: 'Numeric sender ID not provisioned on carrier', reason: 'account', retry: 'later' },
  { code: 30034, title: 'US A2P 10DLC: message from an unregistered number', reason: 'account', retry: 'later' },
  { code: 30036, title: 'Validity period expired', reason: 'expired', retry: 'later' },
];
const byCode: ReadonlyMap<number, CarrierErrorRow> = new Map(carrierErrors.map((row) => [row.code, row]));

/** What an error code of the carrier means; one that is not in the table is a no that a person looks at. */
export function carrierError(code: number): CarrierError {
  const { reason, retry } = byCode.get(code) ?? { reason: 'other', retry: 'never' };
  return { code: String(code), reason, retry };
}

const stopWords = new Set(['STOP', 'UNSUBSCRIBE', 'END', 'QUIT', 'STOPALL', 'REVOKE', 'OPTOUT', 'CANCEL']);
const startWords = new Set(['START', 'YES', 'UNSTOP']);

/**
 * Whether the carrier itself has acted on this text: it keeps its own list, refuses further messages (21610) and has
 * already sent the one confirmation. Any other wording of the same wish is the clinic's to understand and confirm.
 * The default keywords, as the whole text in any case: twilio.com/docs/messaging/tutorials/advanced-opt-out.
 */
export function carrierKeyword(body: string): 'stop' | 'start' | null {
  const word = body.trim().toUpperCase();
  if (stopWords.has(word)) return 'stop';
  return startWords.has(word) ? 'start' : null;
}
