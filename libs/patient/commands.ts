import type { EventStore } from '#event-store';
import { type Clock, deterministicId, Rejected, type Transaction } from '#platform';
import { type Consent, isSameConsent } from './decider.js';
import { writePatient } from './projections.js';
import { loadPatient } from './queries.js';

/**
 * Records a word on contact by keyword, link or desk: append-only, the newest one for the address counts. It stands after
 * everything known now: a form that its sender dated ahead of our clock must not outlive a STOP.
 */
export async function changeContactConsent(
  trx: Transaction,
  { store, clock }: { store: EventStore; clock: Clock },
  change: Omit<Consent, 'at'> & { patientId: string; cause: string },
): Promise<void> {
  const { patientId, cause, channel, scope, granted, address, method } = change;
  const data = { patientId, channel, scope, granted, method, recordedOn: clock.now().toISOString() };
  const { consents } = await loadPatient(trx, store, patientId);
  const known = consents.filter((other) => isSameConsent(other, change)).map(({ at }) => Date.parse(at) + 1);
  const occurredAt = new Date(Math.max(clock.now().getTime(), ...known));
  // One message may speak for several people who share a phone: each has an event of their own.
  const id = deterministicId('contact-consent', patientId, cause, channel, scope, address, String(granted));
  const event = { id, type: 'patient.contact-consent-changed.v1', data, personal: { address }, patientId, occurredAt, meta: { cause } };
  await store.append(trx, [{ stream: `patient/${patientId}`, expected: 'any', events: [event] }]);
}

/**
 * Closes an address that does not exist any more (a hard bounce), for care and for offers: what was meant for it goes by the
 * other channel, or a person calls. A new address is open as its own consent says, and so is this one after a later consent.
 */
export async function suppressAddress(
  trx: Transaction,
  context: { store: EventStore; clock: Clock },
  about: { patientId: string; channel: Consent['channel']; address: string; cause: string },
): Promise<void> {
  for (const scope of ['care', 'marketing'] as const) await changeContactConsent(trx, context, { ...about, scope, granted: false, method: 'bounce' });
}

/**
 * Erases a patient: records it, destroys their key and empties their row, in one transaction. Other read models follow from
 * `patient.erased.v1`. A second time nothing happens.
 * @throws Rejected `not_found` when nothing is known of them.
 */
export async function erasePatient(
  trx: Transaction,
  { store, clock }: { store: EventStore; clock: Clock },
  { patientId, reason, by }: { patientId: string; reason: string; by?: string },
): Promise<void> {
  const known = await store.readPatient(trx, patientId);
  if (known.length === 0) throw new Rejected('not_found', `Nothing is known of a patient ${patientId}.`, { status: 404 });
  const event = {
    id: deterministicId('erased', patientId),
    type: 'patient.erased.v1',
    data: { patientId, reason },
    patientId,
    occurredAt: clock.now(),
    ...(by === undefined ? {} : { meta: { actor: by } }),
  };
  await store.append(trx, [{ stream: `patient/${patientId}`, expected: 'any', events: [event] }]);
  await store.keys.destroy(trx, patientId);
  await writePatient(trx, store, patientId);
}
