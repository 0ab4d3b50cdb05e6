import { sql } from 'kysely';
import { z } from 'zod';
import { readActiveProtocol } from '#protocols';
import { type Exception, exceptionSchema } from './exceptions.js';
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

const during = ({ from, to }: Exception) => sql<string>`tstzrange(${from}::timestamptz, ${to}::timestamptz)`;

async function exceptionRecorded(trx: Transaction, event: RecordedEvent): Promise<void> {
  const entry = exceptionSchema.parse(event.data);
  const { exceptionId, kind, staffId } = entry;
  await trx
    .insertInto('clinic_exception')
    .values({ exception_id: exceptionId, kind, staff_id: staffId ?? null, during: during(entry), entry: JSON.stringify(entry) })
    .execute();
  await exceptionsChanged(trx, event);
}

const ended = z.object({ exceptionId: z.string(), at: z.iso.datetime() });

async function exceptionEnded(trx: Transaction, event: RecordedEvent): Promise<void> {
  const { exceptionId, at } = ended.parse(event.data);
  const row = await trx.selectFrom('clinic_exception').select('entry').where('exception_id', '=', exceptionId).executeTakeFirst();
  if (row === undefined) return;
  const entry = { ...exceptionSchema.parse(row.entry), to: at };
  const change =
    // Hours besides are for one day: ended on that day, nothing of them is to be had any more.
    at <= entry.from || entry.on !== undefined
      ? trx.deleteFrom('clinic_exception').where('exception_id', '=', exceptionId)
      : trx
          .updateTable('clinic_exception')
          .set({ during: during(entry), entry: JSON.stringify(entry) })
          .where('exception_id', '=', exceptionId);
  await change.execute();
  await exceptionsChanged(trx, event);
}

const exceptionsChanged = (trx: Transaction, { id }: RecordedEvent) => trx.updateTable('clinic_settings').set({ exceptions_as_of: id }).execute();

const handlers: Readonly<Record<string, (trx: Transaction, event: RecordedEvent) => Promise<void>>> = {
  'clinic.configured.v1': configured,
  'protocol.activated.v1': activated,
  'template.drafted.v1': drafted,
  'template.approved.v1': approved,
  'clinic.exception-recorded.v1': exceptionRecorded,
  'clinic.exception-ended.v1': exceptionEnded,
};

/** Inline: a booking reads the settings and the protocols in force of the same moment, a message the texts. */
export const clinicProjection: Projection = {
  name: 'clinic',
  version: 3,
  tables: ['clinic_settings', 'protocol_version', 'template_version', 'clinic_exception'],
  types: Object.keys(handlers),
  apply: async (trx, events) => {
    for (const event of events) await handlers[event.type]?.(trx, event);
  },
};
