import { clinicDocument } from '#clinic';
import { lastReconciliations, reconcile, recordReconciliation } from '#follow-up';
import { inTransaction } from '#platform';
import type { Afterglow } from './afterglow.js';
import { followUpOf, openTasks } from './effects.js';

/** A little less than a day: the timer looks every hour, and the hour of the comparison must not wander. */
const dueAfterMillis = 23.5 * 3_600_000;

/**
 * Compares the ledger with what the carriers list, a channel at a time, when its last comparison is a day old. One that breaks
 * off leaves no record, and so is tried again at the next look. Answers how many channels were compared.
 */
export async function reconcileDaily(afterglow: Afterglow): Promise<number> {
  const { db, clock } = afterglow;
  if ((await clinicDocument(db)) === null) return 0;
  const last = new Map((await lastReconciliations(db)).map(({ channel, at }) => [channel, Date.parse(at)]));
  let compared = 0;
  for (const channel of ['sms', 'email'] as const) {
    if (clock.now().getTime() - (last.get(channel) ?? 0) < dueAfterMillis) continue;
    const found = await reconcile(await followUpOf(afterglow), channel);
    if (found === null) continue;
    await inTransaction(db, async (trx) => {
      await openTasks(trx, afterglow, found.tasks, 'reconciliation');
      await recordReconciliation(trx, found.summary);
    });
    compared += 1;
  }
  if (compared > 0) afterglow.wake();
  return compared;
}
