import { z } from 'zod';
import { readActiveProtocol } from '#protocols';
import type { Projection, RecordedEvent } from '#event-store';
import type { Transaction } from '#platform';

const activation = z.object({ active: z.unknown().transform(readActiveProtocol), by: z.string() });

async function configured(trx: Transaction, { data, recordedAt }: RecordedEvent): Promise<void> {
  const row = { document: JSON.stringify(data['document']), updated_at: recordedAt };
  await trx
    .insertInto('clinic_settings')
    .values(row)
    .onConflict((conflict) => conflict.column('clinic_id').doUpdateSet(row))
    .execute();
}

async function activated(trx: Transaction, { data, occurredAt }: RecordedEvent): Promise<void> {
  const { active, by } = activation.parse(data);
  await trx
    .insertInto('protocol_version')
    .values({ protocol_id: active.id, version: active.version, active: JSON.stringify(active), activated_by: by, activated_at: occurredAt })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Inline: a booking reads the settings and the protocols in force of the same moment. */
export const clinicProjection: Projection = {
  name: 'clinic',
  version: 1,
  tables: ['clinic_settings', 'protocol_version'],
  types: ['clinic.configured.v1', 'protocol.activated.v1'],
  apply: async (trx, events) => {
    for (const event of events) await (event.type === 'clinic.configured.v1' ? configured : activated)(trx, event);
  },
};
