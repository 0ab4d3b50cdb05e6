import { isDeepStrictEqual } from 'node:util';
import type { EventStore, NewEvent } from '#event-store';
import { type Clock, deterministicId, lockInOrder, Rejected, type Transaction } from '#platform';
import { activate, type ClinicFigures } from '#protocols';
import { parseClinic } from './document.js';
import { activeProtocols, clinicSettings, protocolVersion } from './queries.js';

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
  const present = await clinicSettings(trx);
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
    throw new Rejected('protocol_version_stands', `version ${version} of ${protocolId} stands with other figures: take the next one`, {
      path: 'version',
      status: 409,
    });
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

/**
 * Puts the next version in force, or the one that was meant: a decision that was sent twice is taken once, and one that was
 * taken while somebody else took another is refused.
 * @returns the version.
 * @throws Rejected as `activateProtocol` does, and `protocol_version_unknown` for a version beyond the next one.
 */
export async function activateNext(
  trx: Transaction,
  context: ClinicContext,
  { protocolId, figures, by, version }: { protocolId: string; figures: ClinicFigures; by: string; version?: number | undefined },
): Promise<number> {
  await lockInOrder(trx, [`protocol/${protocolId}`]);
  const next = ((await activeProtocols(trx)).get(protocolId)?.version ?? 0) + 1;
  const meant = version ?? next;
  if (meant > next) throw new Rejected('protocol_version_unknown', `The next version of ${protocolId} is ${next}.`, { path: 'version', status: 409 });
  await activateProtocol(trx, context, { protocolId, version: meant, figures, by });
  return meant;
}
