import type { Projection, RecordedEvent } from '#event-store';
import { consultationEventTypes } from './events.js';

/** Types of other streams that name a consultation together with its patient. */
const alsoNaming = [
  'patient.registered.v1',
  'patient.contact-changed.v1',
  'patient.contact-consent-changed.v1',
  'patient.fact-recorded.v1',
  'patient.availability-set.v1',
];

const consultationOf = ({ data }: RecordedEvent) => (typeof data['consultationId'] === 'string' ? data['consultationId'] : null);

/** Inline: binds a consultation to the patient of the first event that names it, so that a contradiction is decided at once. */
export const consultationProjection: Projection = {
  name: 'consultations',
  version: 1,
  tables: ['consultation'],
  types: [...consultationEventTypes, ...alsoNaming],
  apply: async (trx, events) => {
    const bindings = new Map<string, string>();
    for (const event of events) {
      const id = consultationOf(event);
      if (id !== null && event.patientId !== null && !bindings.has(id)) bindings.set(id, event.patientId);
    }
    // Sorted, so that two writers of the same consultations wait for each other and never in a ring.
    const rows = [...bindings].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, patient]) => ({ consultation_id: id, patient_id: patient }));
    if (rows.length > 0)
      await trx
        .insertInto('consultation')
        .values(rows)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
  },
};
