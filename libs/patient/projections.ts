import type { EventStore, Projection } from '#event-store';
import { foldPatient } from './decider.js';

const types = ['consultation.requested.v1', 'patient.registered.v1', 'patient.contact-changed.v1', 'patient.erased.v1'];

/** People as the desk looks for them, each folded again from their own events: the order of arrival does not matter. */
export const patientProjection = (store: EventStore): Projection => ({
  name: 'patients',
  version: 1,
  tables: ['patient'],
  types,
  apply: async (trx, events) => {
    const ids = [...new Set(events.flatMap(({ patientId }) => (patientId === null ? [] : [patientId])))].sort();
    for (const id of ids) {
      const { person, erased } = foldPatient(await store.readPatient(trx, id, types));
      const row = {
        given_name: person.givenName ?? null, family_name: person.familyName ?? null, birth_date: person.birthDate ?? null, phone: person.phone ?? null,
        email: person.email ?? null, language: person.language ?? null, time_zone: person.timeZone ?? null, erased,
        updated_at: events.at(-1)?.recordedAt ?? new Date(0),
      };
      await trx.insertInto('patient').values({ patient_id: id, ...row }).onConflict((conflict) => conflict.columns(['clinic_id', 'patient_id']).doUpdateSet(row)).execute();
    }
  },
});
