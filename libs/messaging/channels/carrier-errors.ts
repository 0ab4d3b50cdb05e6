import type { Reason, Retry } from './channel.js';

export interface CarrierError {
  readonly code: string;
  readonly reason: Reason;
  readonly retry: Retry;
}

const known: Readonly<Record<number, readonly [Reason, Retry]>> = {
  20003: ['account', 'later'],
  20005: ['account', 'later'],
  20404: ['account', 'later'],
  20429: ['throttled', 'later'],
  21211: ['bad-address', 'never'],
  21408: ['blocked', 'never'],
  21610: ['opted-out', 'never'],
  21611: ['throttled', 'later'],
  21614: ['bad-address', 'never'],
  30001: ['throttled', 'later'],
  30002: ['account', 'later'],
  30003: ['unreachable', 'once'],
  30004: ['blocked', 'never'],
  30005: ['bad-address', 'never'],
  30006: ['bad-address', 'never'],
  30007: ['blocked', 'never'],
  30008: ['other', 'once'],
  30036: ['expired', 'later'],
};

/** What an error code of the carrier means, at the hand-over or in a status callback: twilio.com/docs/api/errors. */
export function carrierError(code: number): CarrierError {
  const [reason, retry] = known[code] ?? ['other', 'never'];
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
