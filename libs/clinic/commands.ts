import { isDeepStrictEqual } from 'node:util';
import type { EventStore, NewEvent } from '#event-store';
import { type Clock, deterministicId, Rejected, type Transaction } from '#platform';
import { activate, type ClinicFigures } from '#protocols';
import { parseClinic } from './document.js';
import { clinicDocument, protocolVersion } from './queries.js';

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
  if (isDeepStrictEqual(present, document)) return;
  const id = deterministicId('clinic', JSON.stringify(document), clock.now().toISOString());
  const event: NewEvent = { id, type: 'clinic.configured.v1', data: { document }, occurredAt: clock.now(), meta: { actor: by } };
  await store.append(trx, [{ stream, expected: 'any', events: [event] }]);
}

/**
 * The medical director puts a version of a protocol in force; the same again gives no event.
 * @throws Rejected `open_safety_field`, and `protocol_version_stands` for other figures: sessions are pinned to what stands.
 */
export async function activateProtocol(
  trx: Transaction,
  { store, clock }: ClinicContext,
  { protocolId, version, figures, by }: { protocolId: string; version: number; figures: ClinicFigures; by: string },
): Promise<void> {
  const active = activate(protocolId, figures, version);
  const present = await protocolVersion(trx, protocolId, version);
  if (isDeepStrictEqual(present?.figures, figures)) return;
  if (present !== null)
    throw new Rejected('protocol_version_stands', `version ${version} of ${protocolId} stands with other figures: take the next one`, { path: 'version' });
  // The whole of it stands in the event: a later catalogue must not change what sessions are pinned to.
  const data = { protocolId, version, active, by };
  const event: NewEvent = {
    id: deterministicId('protocol', protocolId, version),
    type: 'protocol.activated.v1',
    data,
    occurredAt: clock.now(),
    meta: { actor: by },
  };
  await store.append(trx, [{ stream, expected: 'any', events: [event] }]);
}
