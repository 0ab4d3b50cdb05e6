import { systemClock } from './clock.js';
import type { Database } from './database/database.js';

/*
 * A queue may go deaf without an error: it takes jobs and rings none. So a job that means nothing is put into it again and
 * again, and what counts is when one last rang. Told by the machine's clock, for that is the one the queue rings by.
 */

/** The canary of a queue has rung, in whichever process. */
export async function canaryRang(db: Database, queue: string): Promise<void> {
  const rang_at = systemClock.now();
  await db
    .insertInto('queue_canary')
    .values({ queue, rang_at })
    .onConflict((conflict) => conflict.columns(['clinic_id', 'queue']).doUpdateSet({ rang_at }))
    .execute();
}

/** Seconds since the canary of a queue last rang; null when none ever has. */
export async function canaryAge(db: Database, queue: string): Promise<number | null> {
  const row = await db.selectFrom('queue_canary').select('rang_at').where('queue', '=', queue).executeTakeFirst();
  return row === undefined ? null : (systemClock.now().getTime() - row.rang_at.getTime()) / 1_000;
}
