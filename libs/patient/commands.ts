import type { EventStore } from '#event-store';
import { type Clock, deterministicId, type Transaction } from '#platform';
import type { Consent } from './decider.js';

/** Records a word on contact by keyword, link or desk: append-only, the newest one for the address counts. */
export async function changeContactConsent(
  trx: Transaction,
  { store, clock }: { store: EventStore; clock: Clock },
  change: Omit<Consent, 'at'> & { patientId: string; cause: string },
): Promise<void> {
  const { patientId, cause, channel, scope, granted, address, method } = change;
  const data = { patientId, channel, scope, granted, method, recordedOn: clock.now().toISOString() };
  const id = deterministicId('contact-consent', cause, channel, scope, address, String(granted));
  const event = { id, type: 'patient.contact-consent-changed.v1', data, personal: { address }, patientId, occurredAt: clock.now(), meta: { cause } };
  await store.append(trx, [{ stream: `patient/${patientId}`, expected: 'any', events: [event] }]);
}

/** Erases a patient: records it, then destroys their key. Read models follow from the event. */
export async function erasePatient(trx: Transaction, { store, clock }: { store: EventStore; clock: Clock }, { patientId, reason }: { patientId: string; reason: string }): Promise<void> {
  const event = { id: deterministicId('erased', patientId), type: 'patient.erased.v1', data: { patientId, reason }, patientId, occurredAt: clock.now() };
  await store.append(trx, [{ stream: `patient/${patientId}`, expected: 'any', events: [event] }]);
  await store.keys.destroy(trx, patientId);
}
