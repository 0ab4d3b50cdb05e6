import { sql } from 'kysely';
import type { RecordedEvent } from '#event-store';
import { deterministicId, type Transaction } from '#platform';
import { readConversationEvent } from './events.js';

/*
 * The words of what goes out by itself: kept from the attempt that carries them until it is known which attempt left, then shown
 * in the thread. Many at once, in one statement each: claims and ends of many messages share a transaction.
 */

/** The message of the thread that an outreach became. */
export const messageOfOutreach = (outreachId: string): string => deterministicId('message', 'outreach', outreachId);

export async function keepTexts(trx: Transaction, events: readonly RecordedEvent[]): Promise<void> {
  const texts = events.flatMap((event) => {
    const own = readConversationEvent(event);
    if (own?.type !== 'outreach.attempted.v1' || own.data.body === undefined || event.patientId === null) return [];
    const { outreachId, attemptId, subject, body } = own.data;
    return [{ outreach_id: outreachId, attempt_id: attemptId, conversation_id: event.patientId, position: event.position, subject: subject ?? null, body }];
  });
  if (texts.length === 0) return;
  await trx
    .insertInto('attempted_text')
    .values(texts)
    .onConflict((conflict) => conflict.columns(['clinic_id', 'outreach_id', 'attempt_id']).doNothing())
    .execute();
}

/** Of several attempts the one that is named as having left, else the last. */
export async function showTexts(trx: Transaction, events: readonly RecordedEvent[]): Promise<void> {
  const sent = events.flatMap((event) => {
    const own = readConversationEvent(event);
    return own?.type === 'outreach.sent.v1' ? [own.data] : [];
  });
  if (sent.length === 0) return;
  const ids = sent.map(({ outreachId }) => outreachId);
  await sql`
    with shown as (
      select distinct on (kept.outreach_id) sent.message_id, kept.subject, kept.body
      from unnest(${ids}::text[], ${ids.map(messageOfOutreach)}::uuid[], ${sent.map(({ attemptId }) => attemptId ?? null)}::text[])
        as sent (outreach_id, message_id, attempt_id)
      join attempted_text kept using (outreach_id)
      order by kept.outreach_id, (kept.attempt_id = sent.attempt_id) desc nulls last, kept.position desc
    ), gone as (
      delete from attempted_text where outreach_id = any(${ids}::text[])
    )
    update message set subject = shown.subject, body = shown.body from shown where message.message_id = shown.message_id`.execute(trx);
}
