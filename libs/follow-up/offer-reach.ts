import { newId, type Reader } from '#platform';
import { knowledgeOf } from './knowledge.js';
import type { LedgerContext } from './ledger.js';
import { plan } from './plan.js';
import { countedTexts, plannedOutreach } from './queries.js';
import type { Offer } from './slot-offer.js';

/**
 * Would word of an offer leave before it ends: within the permitted hours, with consent, and in the room that the caps leave
 * beside everything else that is planned for the patient?
 */
export async function offerReaches(
  db: Reader,
  { store, clock, clinic }: LedgerContext,
  { patientId, sessionId, offer }: { readonly patientId: string; readonly sessionId: string; readonly offer: Omit<Offer, 'offeredAt'> },
): Promise<boolean> {
  const now = clock.now();
  const knowledge = await knowledgeOf(db, store, clinic, patientId, now);
  const offeredAt = now.toISOString();
  const sessions = knowledge.sessions.map((session) => (session.sessionId === sessionId ? { ...session, offer: { ...offer, offeredAt } } : session));
  const texts = (await countedTexts(db, [patientId], now)).map(({ at }) => at);
  const context = { patientId, clinic, now: offeredAt, texts, newId: () => newId(now) };
  const events = plan({ ...knowledge, sessions }, await plannedOutreach(db, patientId), context);
  return events.some(
    ({ type, data }) => type === 'outreach.planned.v1' && data.touchpoint === 'slot-offer' && data.channel !== 'call' && data.dueAt < offer.until,
  );
}
