/*
 * The ladder of a task: who is paged when, and what follows when a page does not get through. Pure. Invariants of the design:
 *   8. A page goes on, rung by rung, until someone acknowledges; a channel that fails is no reason to wait.
 * Its own:
 *   A. Each rung pages once; only the last one repeats.
 *   B. Trouble with one page is answered once, however often its channel refuses it again.
 *   C. Nothing is hurried or sent once someone has acknowledged.
 */

/** A rung as it stands; `nextAttemptAt` is null once it has had its turn, or the ladder has stopped. */
export interface RungState {
  readonly rung: number;
  readonly status: 'waiting' | 'paged' | 'stopped';
  readonly nextAttemptAt: Date | null;
}

export interface AfterTrouble {
  /** The way that is tried at once for the same person; null when nobody needs to be paged any more. */
  readonly instead: 'sms' | 'email' | null;
  /** The rung whose turn comes at once; null when it has had it, or there is none. */
  readonly hurries: number | null;
}

/** What follows when a page of `rung` by `channel` was refused, is in doubt, or failed on its way, at `now`. */
export function afterTrouble(
  { rung, channel }: { readonly rung: number; readonly channel: 'sms' | 'email' },
  ladder: readonly RungState[],
  now: Date,
): AfterTrouble {
  const open = ladder.some(({ status }) => status !== 'stopped');
  if (!open) return { instead: null, hurries: null };
  const next = ladder.find((other) => other.rung === rung + 1 && other.status === 'waiting');
  const isEarly = next?.nextAttemptAt !== null && next?.nextAttemptAt !== undefined && next.nextAttemptAt > now;
  return { instead: channel === 'sms' ? 'email' : 'sms', hurries: isEarly ? rung + 1 : null };
}

const [repeatMinutes, hourlyAfterMinutes, hourMinutes] = [10, 4 * 60, 60];
const later = (at: Date, minutes: number) => new Date(at.getTime() + minutes * 60_000);

/** When the last rung is paged again: every ten minutes, after four hours every hour, until someone acknowledges. */
export function nextRepeat(openedAt: Date, now: Date): Date {
  const age = (now.getTime() - openedAt.getTime()) / 60_000;
  return later(now, age < hourlyAfterMinutes ? repeatMinutes : hourMinutes);
}
