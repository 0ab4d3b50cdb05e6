import type { Request } from 'express';
import { type Photo, photoType } from '#conversation';

/** Four photos of a telephone. */
const [largestForm, most] = [32 * 1024 * 1024, 4];

/** What a form of a page brought: its words, and photos by what they are and not by what they are called. */
export interface Upload {
  readonly fields: unknown;
  readonly photos: readonly Photo[];
  /** Why nothing of it is taken: too large, or a file that is no photo. */
  readonly trouble: 'too-large' | 'no-photo' | null;
}

/** The bytes of a request; null when they are too many. It is read to its end all the same, or no browser would show our answer. */
async function bytesOf(request: Request): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= largestForm) chunks.push(chunk);
    else chunks.length = 0;
  }
  return size > largestForm ? null : Buffer.concat(chunks);
}

const nothing: Upload = { fields: {}, photos: [], trouble: null };

/** Reads a form with files. To be called once it is known who sends it: 32 MB are held in memory. */
export async function uploadOf(request: Request): Promise<Upload> {
  if (!request.is('multipart/form-data')) return { ...nothing, fields: request.body };
  const bytes = await bytesOf(request);
  if (bytes === null) return { ...nothing, trouble: 'too-large' };
  // A form that cannot be read brings nothing, and the page asks again.
  const headers = { 'content-type': request.headers['content-type'] ?? '' };
  const form = await new Response(new Uint8Array(bytes), { headers }).formData().catch(() => new FormData());
  const fields = Object.fromEntries([...form].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : [])));
  const files = form.getAll('photo').flatMap((value) => (typeof value === 'string' || value.size === 0 ? [] : [value]));
  const photos = await Promise.all(files.map(async (file) => new Uint8Array(await file.arrayBuffer())));
  const known = photos.flatMap((photo): Photo[] => {
    const type = photoType(photo);
    return type === null ? [] : [{ type, bytes: photo }];
  });
  if (known.length < photos.length) return { fields, photos: [], trouble: 'no-photo' };
  return known.length > most ? { fields, photos: [], trouble: 'too-large' } : { fields, photos: known, trouble: null };
}
