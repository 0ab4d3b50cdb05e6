import type { EventStore } from '#event-store';
import type { MediaAnswer } from '#messaging';
import { type Clock, type Database, deterministicId, inTransaction, type Transaction } from '#platform';
import { openTask } from './commands.js';
import { addAwaited, type AwaitedMedium, claimAwaited, type MediumEnd, nextAwaited, recordAwaited } from './media-queries.js';
import { afterOpenMinutes } from './opening-hours.js';
import { keepPhotos, photoPath, photoType } from './photos.js';
import { requireClinic } from './queries.js';

interface MediaContext {
  readonly db: Database;
  readonly store: EventStore;
  readonly clock: Clock;
}

const minute = 60_000;
/** A fetch takes seconds; who has not said how it went by then is taken for dead. */
const leaseMillis = 2 * minute;
const longestPauseMillis = 60 * minute;
/** After this long without an answer a person looks. */
const patienceMillis = 24 * 60 * minute;
const atOnce = 8;
const reviewMinutes = 4 * 60;

const contextOf = ({ messageId, place }: Pick<AwaitedMedium, 'messageId' | 'place'>) => `awaited/${messageId}/${place}`;

/** Where staff find a photo once it was fetched; each has a form of its own, so that one that is late moves no other. */
export const mediumPath = (form: string, place: number): string => photoPath(`${form}/${place}`, 0);

/** Notes the photos of a text that stand at the carrier: fetched as soon as the text is stored, and until they are here. */
export async function awaitMedia(
  trx: Transaction,
  { store, clock }: Pick<MediaContext, 'store' | 'clock'>,
  { urls, ...message }: Pick<AwaitedMedium, 'messageId' | 'conversationId' | 'patientId' | 'form'> & { readonly urls: readonly string[] },
): Promise<void> {
  for (const [place, url] of urls.entries()) {
    const source = await store.keys.seal(trx, message.conversationId, Buffer.from(url), contextOf({ ...message, place }));
    await addAwaited(trx, { ...message, place, source, receivedAt: clock.now() });
  }
}

/**
 * Fetches what is due, each sealed beside its message; answers how many were tried. What cannot be fetched is tried again for
 * a day; then, and at once where it never can be shown, a person hears of it.
 */
export async function fetchMedia(context: MediaContext, fetch: (url: string) => Promise<MediaAnswer>): Promise<number> {
  const now = context.clock.now();
  const next = await nextAwaited(context.db);
  if (next === null || next > now) return 0;
  const claimed = await inTransaction(context.db, (trx) => claimAwaited(trx, now, new Date(now.getTime() + leaseMillis), atOnce));
  await Promise.all(claimed.map((medium) => fetchOne(context, medium, fetch)));
  return claimed.length;
}

async function fetchOne({ db, store, clock }: MediaContext, medium: AwaitedMedium, fetch: (url: string) => Promise<MediaAnswer>): Promise<void> {
  const url = await store.keys.open(db, medium.conversationId, medium.source, contextOf(medium));
  const answer = url === null ? null : await fetch(Buffer.from(url).toString());
  await inTransaction(db, async (trx) => {
    // Erased, perhaps while it was fetched: there is nobody left whose photo it could be.
    if (answer === null || (await store.keys.erased(trx, [medium.conversationId])).has(medium.conversationId)) {
      await recordAwaited(trx, medium, { status: 'refused', why: 'the patient is erased' });
      return;
    }
    const end = endOf(medium, answer, clock.now());
    if (!(await recordAwaited(trx, medium, end))) return;
    if (end.status === 'kept' && answer.kind === 'fetched') await keep(trx, { store, clock }, medium, answer.bytes);
    if (end.status === 'refused') await askForReview(trx, { store, clock }, medium, end.why ?? '');
  });
}

function endOf({ attempts, receivedAt }: AwaitedMedium, answer: MediaAnswer, now: Date): MediumEnd {
  if (answer.kind === 'refused') return { status: 'refused', why: answer.why };
  if (answer.kind === 'fetched')
    return photoType(answer.bytes) === null ? { status: 'refused', why: 'it is no picture that can be shown' } : { status: 'kept' };
  const until = new Date(now.getTime() + Math.min(longestPauseMillis, minute * 2 ** Math.min(attempts - 1, 6)));
  return until.getTime() - receivedAt.getTime() > patienceMillis ? { status: 'refused', why: answer.why } : { status: 'waiting', until, why: answer.why };
}

async function keep(
  trx: Transaction,
  context: Pick<MediaContext, 'store' | 'clock'>,
  { messageId, place, conversationId, form }: AwaitedMedium,
  bytes: Uint8Array,
) {
  const type = photoType(bytes);
  if (type !== null) await keepPhotos(trx, context, { patientId: conversationId, messageId, form: `${form}/${place}`, photos: [{ type, bytes }] });
}

async function askForReview(trx: Transaction, context: Pick<MediaContext, 'store' | 'clock'>, medium: AwaitedMedium, why: string): Promise<void> {
  const { messageId, place, conversationId, patientId } = medium;
  await openTask(trx, context, {
    taskId: deterministicId('task', 'medium', messageId, place),
    kind: 'review',
    why: `what came with a text is not shown: ${why}`,
    dueAt: afterOpenMinutes(await requireClinic(trx), context.clock.now(), reviewMinutes),
    role: 'provider',
    conversationId,
    messageId,
    ...(patientId === null ? {} : { patientId }),
  });
}
