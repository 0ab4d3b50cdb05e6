import type { EventStore } from '#event-store';
import { foldPatient } from '#patient';
import type { Reader } from '#platform';
import { addressOf } from './knowledge.js';

/**
 * The address to which a message was last tried: the patient's at that moment, as the log tells it. A carrier's refusal and an
 * unsubscribe link speak of this one, whatever the address has become since (invariant 7). Null when it was never tried, and
 * for a patient who is erased.
 */
export async function addressReached(
  db: Reader,
  store: EventStore,
  { patientId, outreachId, channel }: { readonly patientId: string; readonly outreachId: string; readonly channel: 'sms' | 'email' },
): Promise<string | null> {
  const events = await store.readPatient(db, patientId);
  const attempt = events.findLast(({ type, data }) => type === 'outreach.attempted.v1' && data['outreachId'] === outreachId);
  if (attempt === undefined) return null;
  return addressOf(foldPatient(events.filter(({ position }) => position < attempt.position)), channel);
}
