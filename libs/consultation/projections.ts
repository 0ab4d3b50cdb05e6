import type { Projection } from '#event-store';

/** Inline: binds a consultation to the patient of its first event. */
export const consultationProjection: Projection = {
  name: 'consultations',
  version: 1,
  tables: ['consultation'],
  types: 'all',
  apply: async (trx, events) => {
    const bindings = new Map<string, string>();
    for (const { stream, patientId } of events) {
      const [kind, id] = stream.split(/\/(.*)/s);
      if (kind === 'consultation' && id !== undefined && patientId !== null && !bindings.has(id)) bindings.set(id, patientId);
    }
    if (bindings.size === 0) return;
    const rows = [...bindings].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, patient]) => ({ consultation_id: id, patient_id: patient }));
    await trx.insertInto('consultation').values(rows).onConflict((conflict) => conflict.doNothing()).execute();
  },
};
