import type { RecordedEvent } from '#event-store';
import { deterministicId, type Transaction } from '#platform';
import { replanPatients } from './commands.js';
import { hours, later } from './decider.js';
import type { LedgerContext } from './ledger.js';
import { patientsWithOutreach } from './queries.js';

const continued = 'clinic.outreach-replanned.v1';
/** The clinic's hours, caps, places or protocols changed, or a pass through the patients goes on. */
export const replanClinicTypes: readonly string[] = ['clinic.configured.v1', 'protocol.activated.v1', continued];

/** So many patients a transaction: their locks are held until it ends. */
const batch = 50;
/** Whoever had nothing planned for so long has no session whose messages could move. */
const lookBackDays = 90;

/**
 * Plans the outreach of a clinic's patients again under its new settings, a batch at a time: each batch ends with an event that
 * asks for the next one, so that a pass survives a restart. Newer settings begin a pass that takes the place of older ones.
 */
export async function replanClinic(trx: Transaction, context: LedgerContext, events: readonly Pick<RecordedEvent, 'id' | 'type' | 'data'>[]): Promise<void> {
  const { store, clock } = context;
  const cause = events.findLast(({ type }) => type !== continued) ?? events.at(-1);
  if (cause === undefined) return;
  const after = cause.type === continued ? String(cause.data['after']) : '';
  const patients = await patientsWithOutreach(trx, { after, since: new Date(later(clock.now(), -hours(24 * lookBackDays))), limit: batch });
  await replanPatients(trx, context, patients);
  const last = patients.at(-1);
  if (last === undefined || patients.length < batch) return;
  const next = {
    id: deterministicId('outreach-replanned', cause.id),
    type: continued,
    data: { after: last },
    occurredAt: clock.now(),
    meta: { cause: cause.id },
  };
  await store.append(trx, [{ stream: 'clinic', expected: 'any', events: [next] }]);
}
