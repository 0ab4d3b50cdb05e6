import { request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import { sql } from 'kysely';
import { openTask } from '#conversation';
import { deterministicId, inTransaction, type Reader } from '#platform';
import type { Afterglow } from '../afterglow.js';
import { outside, refuseAddress } from './addresses.js';
import { signed } from './notice.js';
import { secretOf } from './subscribers.js';

/** Pauses after attempts that did not get through, in minutes: two days in all. */
const pauses = [1, 5, 30, 120, 360, 720, 1_440];
const atOnce = 20;
const [patienceMillis, leaseMillis, minuteMillis] = [5_000, 60_000, 60_000];
const keepDays = 30;

interface Claimed {
  readonly deliveryId: string;
  readonly webhookId: string;
  readonly url: string;
  readonly secret: Buffer;
  readonly body: string;
  readonly attempts: number;
}

/** What is due, taken for the length of a lease: another process leaves it alone, and takes it up if this one dies. */
async function claim({ db, clock }: Afterglow): Promise<Claimed[]> {
  const now = clock.now();
  const { rows } = await sql<Claimed>`
    with due as (
      select d.clinic_id, d.delivery_id, w.url, w.secret
      from webhook_delivery d join webhook w on w.clinic_id = d.clinic_id and w.webhook_id = d.webhook_id
      where d.next_attempt_at <= ${now} and w.disabled_at is null
      order by d.next_attempt_at, d.position limit ${atOnce} for update of d skip locked)
    update webhook_delivery d set attempts = d.attempts + 1, next_attempt_at = ${new Date(now.getTime() + leaseMillis)}
    from due where d.clinic_id = due.clinic_id and d.delivery_id = due.delivery_id
    returning d.delivery_id as "deliveryId", d.webhook_id as "webhookId", due.url, due.secret, d.body, d.attempts`.execute(db);
  return rows;
}

type Told = { readonly answer: number } | { readonly why: string };

/** Sends one notice. Redirects are not followed: they could lead inside the house. */
function tell(url: string, headers: Record<string, string>, body: string, allowPrivate: boolean): Promise<Told> {
  return new Promise((resolve) => {
    const send = url.startsWith('https:') ? overHttps : overHttp;
    const options = { method: 'POST', headers, lookup: outside(allowPrivate), signal: AbortSignal.timeout(patienceMillis) };
    const call = send(url, options, (response) => {
      response.resume();
      resolve({ answer: response.statusCode ?? 0 });
    });
    call.on('error', (error) => resolve({ why: error.name === 'TimeoutError' || error.name === 'AbortError' ? 'no answer in 5 s' : error.message }));
    call.end(body);
  });
}

async function attempt(afterglow: Afterglow, { deliveryId, url, webhookId, secret, body }: Claimed): Promise<Told> {
  const allowPrivate = afterglow.config.WEBHOOKS_INSIDE;
  try {
    refuseAddress(url, allowPrivate);
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error) };
  }
  const headers = signed(secretOf(afterglow, webhookId, secret), { id: deliveryId, at: afterglow.clock.now(), body });
  return tell(url, { 'content-type': 'application/cloudevents+json', 'user-agent': 'afterglow', ...headers }, body, allowPrivate);
}

const gotThrough = (told: Told) => 'answer' in told && told.answer >= 200 && told.answer < 300;
/** The receiver says that it is there no more. */
const isGone = (told: Told) => 'answer' in told && told.answer === 410;
const wordsOf = (told: Told) => ('why' in told ? told.why : `it answered ${told.answer}`);

/** Gives a receiver up, and asks for a person: nothing is told to it until somebody has looked. */
async function disable(afterglow: Afterglow, { webhookId, url }: Claimed, why: string): Promise<void> {
  const { db, clock } = afterglow;
  const now = clock.now();
  await inTransaction(db, async (trx) => {
    const given = await trx
      .updateTable('webhook')
      .set({ disabled_at: now, disabled_why: why })
      .where('webhook_id', '=', webhookId)
      .where('disabled_at', 'is', null)
      .executeTakeFirst();
    if (given.numUpdatedRows === 0n) return;
    const { staff } = await afterglow.clinic(trx);
    const role = staff.some(({ roles }) => roles.includes('admin')) ? 'admin' : 'medical_director';
    await openTask(trx, afterglow, {
      taskId: deterministicId('webhook', webhookId, now.toISOString()),
      kind: 'review',
      why: `the webhook to ${new URL(url).host} is told nothing more: ${why}`,
      dueAt: new Date(now.getTime() + 24 * 60 * minuteMillis),
      role,
    });
  });
}

async function record(afterglow: Afterglow, claimed: Claimed, told: Told): Promise<void> {
  const { db, clock } = afterglow;
  const { deliveryId, webhookId, attempts } = claimed;
  const now = clock.now();
  const pause = pauses[attempts - 1];
  const [ok, over] = [gotThrough(told), pause === undefined || isGone(told)];
  const answer = { answer: 'answer' in told ? told.answer : null, why: ok ? null : wordsOf(told) };
  const end = ok ? { status: 'delivered' } : over ? { status: 'failed' } : null;
  const next = end === null ? { next_attempt_at: new Date(now.getTime() + (pause ?? 0) * minuteMillis) } : { ...end, next_attempt_at: null, ended_at: now };
  await db
    .updateTable('webhook_delivery')
    .set({ ...answer, ...next })
    .where('delivery_id', '=', deliveryId)
    .execute();
  const webhook = await db
    .updateTable('webhook')
    .set({ failures: ok ? 0 : sql<number>`failures + 1` })
    .where('webhook_id', '=', webhookId)
    .returning('failures')
    .executeTakeFirst();
  // While others get through, one notice that does not is no reason to give a receiver up.
  if (isGone(told) || (end?.status === 'failed' && (webhook?.failures ?? 0) >= attempts)) await disable(afterglow, claimed, wordsOf(told));
}

/** Tells receivers what is due, some at a time. Answers how many were tried. */
export async function deliverWebhooks(afterglow: Afterglow): Promise<number> {
  const claimed = await claim(afterglow);
  const done = await Promise.allSettled(claimed.map(async (one) => record(afterglow, one, await attempt(afterglow, one))));
  for (const one of done) if (one.status === 'rejected') afterglow.log.error({ err: one.reason as unknown }, 'a webhook could not be told');
  return claimed.length;
}

/** When the next receiver is to be told something; null when none waits. */
export async function nextDelivery(db: Reader): Promise<Date | null> {
  const row = await db
    .selectFrom('webhook_delivery')
    .innerJoin('webhook', 'webhook.webhook_id', 'webhook_delivery.webhook_id')
    .select('next_attempt_at')
    .where('next_attempt_at', 'is not', null)
    .where('disabled_at', 'is', null)
    .orderBy('next_attempt_at')
    .limit(1)
    .executeTakeFirst();
  return row?.next_attempt_at ?? null;
}

/** What was told long ago is forgotten; what was not got through stays to be looked at. */
export async function forgetDelivered({ db, clock }: Pick<Afterglow, 'db' | 'clock'>): Promise<void> {
  const before = new Date(clock.now().getTime() - keepDays * 24 * 60 * minuteMillis);
  await db.deleteFrom('webhook_delivery').where('status', '=', 'delivered').where('created_at', '<', before).execute();
}
