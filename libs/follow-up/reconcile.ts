/*
 * The ledger and the carrier's own list, compared both ways once a day. What callbacks did not bring is taken from the list as
 * they would have said it; a row that was given up, or waits to be sent again, is looked for; for what evidence cannot settle a
 * person gets a task (invariant 5). Doing it twice, late or by two processes at once comes to the same.
 */
import type { Channel, ListedMessage } from '#messaging';
import { inTransaction } from '#platform';
import { approvedTexts, claimContexts, messageFor } from './claim-context.js';
import { hours, minutes, type Outreach } from './decider.js';
import { appendAll, type FollowUpContext, lockedRows } from './ledger.js';
import { type OpenTask, strangerTask, unlistedTask } from './policies.js';
import { proved } from './proof.js';
import { claimedIds, findOutreach, firstAttemptAt, forgetReportsBefore, keptReports } from './queries.js';
import { doubtful, handedOver, type Reconciliation, silentRows, statusesOf } from './reconcile-queries.js';
import { takeKept } from './reports.js';

/** So far back a comparison looks: each message is compared on two days, so that a day on which the carrier was away is made good. */
const windowMillis = hours(48);
/** What was handed over just now may not be in the list, or not yet in the ledger. */
const freshMillis = minutes(10);
const dayMillis = hours(24);

export interface Reconciled {
  readonly summary: Reconciliation;
  readonly tasks: readonly OpenTask[];
}

/**
 * Compares one channel. Answers null when its other side keeps no list.
 * @throws when the list cannot be had to its end: half a list proves nothing, and what was taken from it stays true.
 */
export async function reconcile(context: FollowUpContext, name: 'sms' | 'email'): Promise<Reconciled | null> {
  const channel = context.channels[name];
  if (channel.listSince === undefined) return null;
  const { db, clock } = context;
  const now = clock.now();
  const since = new Date(now.getTime() - windowMillis);
  const fresh = new Date(now.getTime() - freshMillis);
  const dayAgo = new Date(now.getTime() - dayMillis);
  await forgetReportsBefore(db, new Date(now.getTime() - 30 * dayMillis));
  await takeKept(context, await keptReports(db, { before: now }));
  const { listed, unknown, settled } = await readList(context, channel.listSince(since));
  const proven = unknown.length === 0 ? 0 : await proveDoubtful(context, channel, since);
  const left = await takeNews(context, unknown);
  if (proven > 0) await takeKept(context, await keptReports(db, { before: now }));
  const strangers = left.unknown.filter(({ createdAt }) => createdAt < fresh);
  const unlisted = await unlistedRows(context, name, { from: since, to: fresh }, listed);
  return {
    summary: {
      channel: name,
      at: now.toISOString(),
      since: since.toISOString(),
      listed: listed.size,
      settled: settled + left.settled,
      proven,
      strangers: strangers.length,
      unlisted: unlisted.length,
      silent: await silentRows(db, name, since, dayAgo),
      unclaimed: (await keptReports(db, { before: dayAgo })).length,
    },
    tasks: [
      ...strangers.map(({ report, createdAt }) => strangerTask(report.providerMessageId, createdAt, now)),
      ...unlisted.map((row) => unlistedTask(row, now)),
    ],
  };
}

interface Taken {
  /** Messages that no row knows. */
  readonly unknown: readonly ListedMessage[];
  readonly settled: number;
}

/** Takes the list's word on every message whose row has not heard its end. */
async function takeNews(context: FollowUpContext, messages: readonly ListedMessage[]): Promise<Taken> {
  const statuses = await statusesOf(
    context.db,
    messages.map(({ report }) => report.providerMessageId),
  );
  const news = messages.filter(({ report }) => isNews(statuses.get(report.providerMessageId), report.stage)).map(({ report }) => report);
  await takeKept(context, news);
  return { unknown: messages.filter(({ report }) => !statuses.has(report.providerMessageId)), settled: news.length };
}

async function readList(context: FollowUpContext, pages: AsyncIterable<readonly ListedMessage[]>): Promise<Taken & { readonly listed: ReadonlySet<string> }> {
  const listed = new Set<string>();
  const unknown: ListedMessage[] = [];
  let settled = 0;
  for await (const page of pages) {
    const taken = await takeNews(
      context,
      page.filter(({ report }) => !listed.has(report.providerMessageId)),
    );
    for (const { report } of page) listed.add(report.providerMessageId);
    unknown.push(...taken.unknown);
    settled += taken.settled;
  }
  return { listed, unknown, settled };
}

const isNews = (status: string | undefined, stage: ListedMessage['report']['stage']): boolean =>
  (status === 'sent' && (stage === 'delivered' || stage === 'not-delivered')) || (status === 'failed' && stage === 'delivered');

/** Looks in the list for rows that have no proof although they may have left; answers for how many it was there. */
async function proveDoubtful(context: FollowUpContext, channel: Channel, since: Date): Promise<number> {
  let proven = 0;
  for (const row of await doubtful(context.db, channel.name, since)) if (await prove(context, channel, row)) proven += 1;
  return proven;
}

async function prove(context: FollowUpContext, channel: Channel, row: Outreach): Promise<boolean> {
  const { db } = context;
  const at = (await firstAttemptAt(db, row.outreachId)) ?? new Date(row.attemptedAt ?? row.dueAt);
  const { to, body } = await inTransaction(db, async (trx) => {
    const [known] = await claimContexts(trx, context, [row]);
    // As it left, not as it would leave now.
    return messageFor(trx, context, { ...row, status: 'in_doubt' }, known ?? { patient: null, address: null }, approvedTexts(trx));
  });
  const proof = await channel.evidence({ to, body, since: at, claimed: await claimedIds(db, at) });
  if (proof.kind !== 'accepted') return false;
  return inTransaction(db, async (trx) => {
    const stored = (await lockedRows(trx, [row.outreachId])).rows.get(row.outreachId);
    const events = stored === undefined ? [] : proved(stored, { providerMessageId: proof.providerMessageId, attemptId: null, at: at.toISOString() });
    await appendAll(trx, context, [{ about: row, events }]);
    return events.length > 0;
  });
}

/** Rows that count as handed over within a span and are not in the list. */
async function unlistedRows(
  { db }: FollowUpContext,
  channel: 'sms' | 'email',
  span: { readonly from: Date; readonly to: Date },
  listed: ReadonlySet<string>,
): Promise<Outreach[]> {
  const missing = [...(await handedOver(db, channel, span.from, span.to))].filter(([sid]) => !listed.has(sid));
  const found = await findOutreach(
    db,
    missing.map(([, id]) => id),
  );
  return [...found.values()];
}
