import { type Draft, draftOf, idsOf, type SessionFacts } from './draft.js';

/** A time that came free and is kept for the patient until they answer. */
export interface Offer {
  readonly holdId: string;
  readonly start: string;
  readonly timeZone: string;
  readonly locationId: string;
  readonly offeredAt: string;
  readonly until: string;
}

/** Word of an earlier time; once its time to answer is over it has lost its sense. */
export function slotOffers(session: SessionFacts): Draft[] {
  const { courseId, sessionId, offer } = session;
  if (offer === undefined) return [];
  const { holdId, start, timeZone, locationId, offeredAt, until } = offer;
  return [
    draftOf('slot-offer', {
      ...idsOf(session),
      occasion: `${courseId}/${sessionId}/slot-offer/${holdId}`,
      locals: { start, timeZone, locationId, by: until },
      at: offeredAt,
      expiresAt: until,
      because: 'an earlier time came free, and the patient waits for one',
    }),
  ];
}
