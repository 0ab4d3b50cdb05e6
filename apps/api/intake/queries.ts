import { sql } from 'kysely';
import type { Reader } from '#platform';

/**
 * Which of these events are in the log already. One look in the index an id: asked as a list, a planner without fresh
 * statistics (a first import) reads the whole log for it.
 */
export async function recordedAmong(db: Reader, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const { rows } = await sql<{ id: string }>`
    select i.id from unnest(${ids}::uuid[]) as i (id)
    join lateral (select event_id from event where clinic_id = clinic_id() and event_id = i.id limit 1) as recorded on true`.execute(db);
  return new Set(rows.map(({ id }) => id));
}
