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

const template = z.object({
  key: z.string(),
  language: z.string(),
  version: z.int(),
  text: z.object({ sms: z.string(), subject: z.string(), email: z.string() }),
  by: z.string(),
});

async function drafted(trx: Transaction, { data, occurredAt }: RecordedEvent): Promise<void> {
  const { key, language, version, text, by } = template.parse(data);
  await trx
    .insertInto('template_version')
    .values({ key, language, version, ...text, drafted_by: by, drafted_at: occurredAt })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function approved(trx: Transaction, { data, occurredAt }: RecordedEvent): Promise<void> {
  const { key, language, version, by } = template.parse(data);
  await trx
    .updateTable('template_version')
    .set({ approved_by: by, approved_at: occurredAt })
    .where('key', '=', key)
    .where('language', '=', language)
    .where('version', '=', version)
    .execute();
}

const handlers: Readonly<Record<string, (trx: Transaction, event: RecordedEvent) => Promise<void>>> = {
  'clinic.configured.v1': configured,
  'protocol.activated.v1': activated,
  'template.drafted.v1': drafted,
  'template.approved.v1': approved,
};

/** Inline: a booking reads the settings and the protocols in force of the same moment, a message the texts. */
export const clinicProjection: Projection = {
  name: 'clinic',
  version: 2,
  tables: ['clinic_settings', 'protocol_version', 'template_version'],
  types: Object.keys(handlers),
  apply: async (trx, events) => {
    for (const event of events) await handlers[event.type]?.(trx, event);
  },
};
