import type { Reader } from '#platform';

/** Which of these events are in the log already. */
export async function recordedAmong(db: Reader, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db.selectFrom('event').select('event_id').where('event_id', 'in', ids).execute();
  return new Set(rows.map(({ event_id: id }) => id));
}

/** Which of these patients were erased: nothing about them is taken any more. */
export async function erasedAmong(db: Reader, patientIds: readonly string[]): Promise<ReadonlySet<string>> {
  if (patientIds.length === 0) return new Set();
  const rows = await db.selectFrom('patient_key').select('patient_id').where('patient_id', 'in', patientIds).where('destroyed_at', 'is not', null).execute();
  return new Set(rows.map(({ patient_id: id }) => id));
}
