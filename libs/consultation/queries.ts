import type { EventStore } from '#event-store';
import type { Reader } from '#platform';
import { type Consultation, foldConsultation } from './decider.js';

export interface Bound {
  readonly consultationId: string;
  readonly patientId: string;
}

/** The consultation as it stands, and whose it is; null when nothing is known of it. */
export async function loadConsultation(db: Reader, store: EventStore, consultationId: string): Promise<(Bound & { state: Consultation }) | null> {
  const events = await store.readStream(db, `consultation/${consultationId}`);
  const state = foldConsultation(events);
  return state.patientId === null ? null : { consultationId, patientId: state.patientId, state };
}

/** The consultations of some patients, oldest id first. */
export async function consultationsOf(db: Reader, patientIds: readonly string[]): Promise<Bound[]> {
  if (patientIds.length === 0) return [];
  const rows = await db
    .selectFrom('consultation')
    .select(['consultation_id', 'patient_id'])
    .where('patient_id', 'in', patientIds)
    .orderBy('consultation_id')
    .execute();
  return rows.map((row) => ({ consultationId: row.consultation_id, patientId: row.patient_id }));
}

/** Whose these consultations are, as far as they are known. */
export async function patientsOf(db: Reader, consultationIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (consultationIds.length === 0) return new Map();
  const rows = await db.selectFrom('consultation').select(['consultation_id', 'patient_id']).where('consultation_id', 'in', consultationIds).execute();
  return new Map(rows.map((row) => [row.consultation_id, row.patient_id]));
}
