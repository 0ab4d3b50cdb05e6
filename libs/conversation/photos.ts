import type { EventStore } from '#event-store';
import { type Clock, deterministicId, type Reader, type Transaction } from '#platform';
import { withoutMetadata } from './photo-metadata.js';

const types = ['image/jpeg', 'image/png', 'image/webp'] as const;
export type PhotoType = (typeof types)[number];

export interface Photo {
  readonly type: PhotoType;
  readonly bytes: Uint8Array;
}

const latin = (bytes: Uint8Array, from: number, to: number) => Buffer.from(bytes.subarray(from, to)).toString('latin1');

/** What the bytes are by how they begin, whatever their sender calls them; null when they are no picture that every browser shows. */
export function photoType(bytes: Uint8Array): PhotoType | null {
  if (latin(bytes, 0, 3) === '\xff\xd8\xff') return 'image/jpeg';
  if (latin(bytes, 0, 8) === '\x89PNG\r\n\x1a\n') return 'image/png';
  return latin(bytes, 0, 4) === 'RIFF' && latin(bytes, 8, 12) === 'WEBP' ? 'image/webp' : null;
}

/** A photo's id, by its place in the form that it came with: a form that is sent twice names the same ones. */
const idOf = (form: string, place: number): string => deterministicId('photo', form, place);
/** Where staff fetch it. */
export const photoPath = (form: string, place: number): string => `/v1/photos/${idOf(form, place)}`;

export interface PhotosOfMessage {
  readonly patientId: string;
  readonly messageId: string;
  readonly form: string;
  readonly photos: readonly Photo[];
}

const contextOf = (id: string, patientId: string) => `photo/${id}/${patientId}`;

/** Keeps the photos of a message, without where they were taken, sealed with the patient's key (invariant 13). @throws Error when the patient was erased. */
export async function keepPhotos(
  trx: Transaction,
  { store, clock }: { readonly store: EventStore; readonly clock: Clock },
  { patientId, messageId, form, photos }: PhotosOfMessage,
): Promise<void> {
  for (const [place, { type, bytes }] of photos.map(withoutMetadata).entries()) {
    const id = idOf(form, place);
    const sealed = await store.keys.seal(trx, patientId, bytes, contextOf(id, patientId));
    await trx
      .insertInto('photo')
      .values({ photo_id: id, patient_id: patientId, message_id: messageId, type, sealed, received_at: clock.now() })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

/** A photo and whose it is; null when there is none, or the patient was erased. */
export async function readPhoto(db: Reader, store: EventStore, id: string): Promise<(Photo & { readonly patientId: string }) | null> {
  const row = await db.selectFrom('photo').select(['patient_id', 'type', 'sealed']).where('photo_id', '=', id).executeTakeFirst();
  if (row === undefined) return null;
  const bytes = await store.keys.open(db, row.patient_id, row.sealed, contextOf(id, row.patient_id));
  const type = types.find((one) => one === row.type);
  return bytes === null || type === undefined ? null : { patientId: row.patient_id, type, bytes };
}
