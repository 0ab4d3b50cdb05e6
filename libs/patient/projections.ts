import type { EventStore, Projection, RecordedEvent } from '#event-store';
import type { Transaction } from '#platform';
import { foldPatient } from './decider.js';

const types = ['consultation.requested.v1', 'patient.registered.v1', 'patient.contact-changed.v1', 'patient.erased.v1'];

function rowOf(events: readonly RecordedEvent[]) {
  const { person, erased } = foldPatient(events);
  return {
    given_name: person.givenName ?? null,
    family_name: person.familyName ?? null,
    birth_date: person.birthDate ?? null,
    phone: person.phone ?? null,
    email: person.email ?? null,
    language: person.language ?? null,
    time_zone: person.timeZone ?? null,
    erased,
    // The log's own time, so that a rebuild writes the same.
    updated_at: events.at(-1)?.recordedAt ?? new Date(0),
  };
}

/** Writes the row of one patient as their events tell it now. */
export async function writePatient(trx: Transaction, store: EventStore, patientId: string): Promise<void> {
  const row = rowOf(await store.readPatient(trx, patientId, types));
  await trx
    .insertInto('patient')
    .values({ patient_id: patientId, ...row })
    .onConflict((conflict) => conflict.columns(['clinic_id', 'patient_id']).doUpdateSet(row))
    .execute();
}

/** People as the desk looks for them, each folded again from their own events: the order of arrival does not matter. */
export const patientProjection = (store: EventStore): Projection => ({
  name: 'patients',
  version: 1,
  tables: ['patient'],
  types,
  apply: async (trx, events) => {
    const ids = [...new Set(events.flatMap(({ patientId }) => patientId ?? []))].sort();
    for (const id of ids) await writePatient(trx, store, id);
  },
});
