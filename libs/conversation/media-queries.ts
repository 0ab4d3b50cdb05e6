import { sql } from 'kysely';
import type { Reader, Transaction } from '#platform';

/** A photo that stands at the carrier, claimed by one who fetches it. */
export interface AwaitedMedium {
  readonly messageId: string;
  readonly place: number;
  readonly conversationId: string;
  /** What the photo's own id is made of, with the place. */
  readonly form: string;
  readonly patientId: string | null;
  /** Its address, sealed. */
  readonly source: Buffer;
  readonly receivedAt: Date;
  /** This one counted. */
  readonly attempts: number;
}

/** Notes a photo to fetch, due at once; the same one again changes nothing. */
export async function addAwaited(
  trx: Transaction,
  { messageId, place, conversationId, form, patientId, source, receivedAt }: Omit<AwaitedMedium, 'attempts'>,
): Promise<void> {
  await trx
    .insertInto('awaited_media')
    .values({
      message_id: messageId,
      place,
      conversation_id: conversationId,
      form,
      patient_id: patientId,
      source,
      status: 'waiting',
      received_at: receivedAt,
      attempts: 0,
      next_attempt_at: receivedAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Takes photos that are due, so that nobody else fetches them until `until`; whoever dies over one leaves it to the next. */
export async function claimAwaited(trx: Transaction, now: Date, until: Date, limit: number): Promise<AwaitedMedium[]> {
  const { rows } = await sql<AwaitedMedium>`
    update awaited_media set attempts = attempts + 1, next_attempt_at = ${until}
    where (clinic_id, message_id, place) in (
      select clinic_id, message_id, place from awaited_media where next_attempt_at <= ${now}
      order by next_attempt_at limit ${limit} for update skip locked)
    returning message_id as "messageId", place, conversation_id as "conversationId", form, patient_id as "patientId", source,
      received_at as "receivedAt", attempts`.execute(trx);
  return rows;
}

export type MediumEnd =
  { readonly status: 'kept' | 'refused'; readonly why?: string } | { readonly status: 'waiting'; readonly until: Date; readonly why: string };

/** Writes how it went with a claimed photo. False when it has ended meanwhile: that end stands. */
export async function recordAwaited(trx: Transaction, { messageId, place }: AwaitedMedium, end: MediumEnd): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('awaited_media')
    .set({ status: end.status, next_attempt_at: end.status === 'waiting' ? end.until : null, why: end.why ?? null })
    .where('message_id', '=', messageId)
    .where('place', '=', place)
    .where('status', '=', 'waiting')
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** The next moment at which a photo is to be fetched; null when none is awaited. */
export async function nextAwaited(db: Reader): Promise<Date | null> {
  const row = await db
    .selectFrom('awaited_media')
    .select('next_attempt_at')
    .where('next_attempt_at', 'is not', null)
    .orderBy('next_attempt_at')
    .limit(1)
    .executeTakeFirst();
  return row?.next_attempt_at ?? null;
}
