import { randomBytes } from 'node:crypto';
import type { Subscription } from '#event-store';
import { type Database, deriveKey, deterministicId, newId, type Reader, Rejected, seal, unseal } from '#platform';
import type { Afterglow } from '../afterglow.js';
import { families, isWanted, noticeOf } from './notice.js';

type Safe = Pick<Afterglow, 'db' | 'clock' | 'masterKey'>;

export interface WebhookView {
  readonly id: string;
  readonly url: string;
  readonly types: readonly string[];
  readonly createdAt: string;
  readonly createdBy: string;
  /** Attempts in a row that did not get through. */
  readonly failures: number;
  readonly disabledAt: string | null;
  readonly disabledWhy: string | null;
}

export interface DeliveryView {
  readonly id: string;
  readonly type: string;
  readonly status: string;
  readonly attempts: number;
  readonly answer: number | null;
  readonly why: string | null;
  readonly createdAt: string;
  readonly endedAt: string | null;
  readonly nextAttemptAt: string | null;
}

const keyOf = (masterKey: Buffer) => deriveKey(masterKey, 'webhooks');

/** The secret of a subscription as it was sealed. */
export const secretOf = ({ masterKey }: Pick<Safe, 'masterKey'>, webhookId: string, sealed: Buffer): Buffer => unseal(keyOf(masterKey), sealed, webhookId);

export async function listWebhooks(db: Reader): Promise<WebhookView[]> {
  const rows = await db
    .selectFrom('webhook')
    .select(['webhook_id', 'url', 'types', 'created_at', 'created_by', 'failures', 'disabled_at', 'disabled_why'])
    .orderBy('created_at')
    .orderBy('webhook_id')
    .execute();
  return rows.map((row) => ({
    id: row.webhook_id,
    url: row.url,
    types: row.types,
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    failures: row.failures,
    disabledAt: row.disabled_at?.toISOString() ?? null,
    disabledWhy: row.disabled_why,
  }));
}

/** Tells `url` of these events from now on. @returns its id, and the secret, for once. */
export async function addWebhook(
  { db, clock, masterKey }: Safe,
  { url, types, by }: { readonly url: string; readonly types: readonly string[]; readonly by: string },
): Promise<{ readonly id: string; readonly secret: string }> {
  const [id, secret] = [newId(clock.now()), randomBytes(32)];
  const sealed = seal(keyOf(masterKey), secret, id);
  await db
    .insertInto('webhook')
    .values({ webhook_id: id, url, types: [...types], secret: sealed, created_at: clock.now(), created_by: by })
    .execute();
  return { id, secret: `whsec_${secret.toString('base64')}` };
}

const unknown = (what: string) => new Rejected('not_found', `There is no such ${what}.`, { status: 404 });

/** Tells it nothing more. @throws Rejected `not_found`. */
export async function removeWebhook(db: Database, id: string): Promise<void> {
  const { numDeletedRows } = await db.deleteFrom('webhook').where('webhook_id', '=', id).executeTakeFirst();
  if (numDeletedRows === 0n) throw unknown('webhook');
}

/** One that was given up on is told again, what still waits first. @throws Rejected `not_found`. */
export async function enableWebhook(db: Database, id: string): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable('webhook')
    .set({ disabled_at: null, disabled_why: null, failures: 0 })
    .where('webhook_id', '=', id)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw unknown('webhook');
}

/** What a receiver was told, the latest first. */
export async function listDeliveries(db: Reader, webhookId: string, limit: number): Promise<DeliveryView[]> {
  const rows = await db
    .selectFrom('webhook_delivery')
    .select(['delivery_id', 'type', 'status', 'attempts', 'answer', 'why', 'created_at', 'ended_at', 'next_attempt_at'])
    .where('webhook_id', '=', webhookId)
    .orderBy('position', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    id: row.delivery_id,
    type: row.type,
    status: row.status,
    attempts: row.attempts,
    answer: row.answer,
    why: row.why,
    createdAt: row.created_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
    nextAttemptAt: row.next_attempt_at?.toISOString() ?? null,
  }));
}

/** Tells it once more, under the same id. @throws Rejected `not_found`. */
export async function redeliver({ db, clock }: Safe, webhookId: string, deliveryId: string): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable('webhook_delivery')
    .set({ status: 'waiting', attempts: 0, next_attempt_at: clock.now(), ended_at: null, answer: null, why: null })
    .where('webhook_id', '=', webhookId)
    .where('delivery_id', '=', deliveryId)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw unknown('delivery');
}

/** Enters what every receiver is to be told, in the transaction that moves past the event: nothing is lost, nothing entered twice. */
export const webhookOutbox = ({ clock }: Pick<Afterglow, 'clock'>): Subscription => ({
  name: 'webhooks',
  types: 'all',
  idle: async (trx) => (await trx.selectFrom('webhook').select('webhook_id').where('disabled_at', 'is', null).limit(1).executeTakeFirst()) === undefined,
  handle: async (trx, events) => {
    // Held, so that none is taken away before its notices are entered.
    const open = await trx.selectFrom('webhook').select(['webhook_id', 'types', 'created_at']).where('disabled_at', 'is', null).forKeyShare().execute();
    const entries = events
      .filter(({ type }) => (families as readonly string[]).includes(type.split('.')[0] ?? ''))
      .flatMap((event) =>
        open
          .filter(({ types, created_at: since }) => event.recordedAt >= since && isWanted(types, event.type))
          .map(({ webhook_id: webhookId }) => ({
            delivery_id: deterministicId('webhook', webhookId, event.id),
            webhook_id: webhookId,
            position: event.position,
            type: event.type,
            body: noticeOf(event),
            status: 'waiting',
            next_attempt_at: clock.now(),
            created_at: clock.now(),
          })),
      );
    if (entries.length === 0) return;
    await trx
      .insertInto('webhook_delivery')
      .values(entries)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  },
});
