import { sql } from 'kysely';
import type { Reader } from '#platform';

/** A resource that is not to be had between two instants. A device of several units is named whole, or by one unit. */
export interface Shortage {
  readonly kind: 'provider' | 'room' | 'device';
  readonly id: string;
  readonly unit?: number | undefined;
  readonly from: string;
  readonly to: string;
}

/** Patients with a session to come that holds the resource within the time, by id. */
export async function patientsHolding(db: Reader, { kind, id, unit, from, to }: Shortage, now: Date): Promise<string[]> {
  const names = unit === undefined || unit === 1 ? id : `${id}#${unit}`;
  const rows = await db
    .selectFrom('allocation')
    .innerJoin('session', (on) => on.onRef('session.clinic_id', '=', 'allocation.clinic_id').onRef('session.session_id', '=', 'allocation.session_id'))
    .select('session.patient_id')
    .distinct()
    .where('resource_kind', '=', kind)
    .where((is) => is.or([is('resource_id', '=', names), ...(unit === undefined ? [is('resource_id', 'like', `${id.replaceAll(/[%_\\]/g, '\\$&')}#%`)] : [])]))
    .where(sql<boolean>`during && tstzrange(${from}::timestamptz, ${to}::timestamptz)`)
    .where('session.start_at', '>', now)
    .orderBy('session.patient_id')
    .execute();
  return rows.map((row) => row.patient_id);
}
