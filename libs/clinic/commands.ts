import type { EventStore, NewEvent } from '#event-store';
import { type Clock, deterministicId, type Transaction } from '#platform';
import { activate, type ClinicFigures } from '#protocols';
import { parseClinic } from './document.js';
import { clinicDocument } from './queries.js';

const stream = 'clinic';

export interface ClinicContext {
  readonly store: EventStore;
  readonly clock: Clock;
}

/**
 * Puts settings in force; the same settings again give no event.
 * @throws Rejected `invalid_clinic`.
 */
export async function configureClinic(trx: Transaction, { store, clock }: ClinicContext, input: unknown, by: string): Promise<void> {
  const document = parseClinic(input);
  const present = await clinicDocument(trx);
  if (present !== null && JSON.stringify(present) === JSON.stringify(document)) return;
  const id = deterministicId('clinic', JSON.stringify(document), clock.now().toISOString());
  const event: NewEvent = { id, type: 'clinic.configured.v1', data: { document }, occurredAt: clock.now(), meta: { actor: by } };
  await store.append(trx, [{ stream, expected: 'any', events: [event] }]);
}

/**
 * The medical director puts a version of a protocol in force; a version that stands is left as it is.
 * @throws Rejected `open_safety_field`.
 */
export async function activateProtocol(
  trx: Transaction,
  { store, clock }: ClinicContext,
  { protocolId, version, figures, by }: { protocolId: string; version: number; figures: ClinicFigures; by: string },
): Promise<void> {
  activate(protocolId, figures, version);
  const data = { protocolId, version, figures, by };
  const event: NewEvent = { id: deterministicId('protocol', protocolId, version), type: 'protocol.activated.v1', data, occurredAt: clock.now(), meta: { actor: by } };
  await store.append(trx, [{ stream, expected: 'any', events: [event] }]);
}
