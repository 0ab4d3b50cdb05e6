/*
 * What the carrier reports of messages that it took. Reports may come twice, in any order, a day late, before our own answer
 * is committed, or by the name of an attempt that another has followed; none is lost, and none leads to a second message
 * (invariant 5).
 */
import type { StatusReport } from '#messaging';
import { deterministicId, inTransaction, type Transaction } from '#platform';
import { claimContexts } from './claim-context.js';
import type { Outreach } from './decider.js';
import type { OutreachEvent } from './events.js';
import { again, type Again, appendAll, type Entry, type FollowUpContext, lockedRows } from './ledger.js';
import { reported } from './proof.js';
import { findOutreach, forgetReports, keepReports, keptReports, type Origin, originsOf } from './queries.js';
import { substitute, substituteId, takesOver } from './substitute.js';

interface Taken {
  readonly row: Outreach;
  readonly report: StatusReport;
  readonly events: readonly OutreachEvent[];
}

/** The same report again, by whatever way it comes, writes nothing; a copy is recorded once, whatever is reported of it. */
const idFor =
  ({ report, row }: Taken) =>
  ({ type }: OutreachEvent): string =>
    type === 'outreach.copied.v1'
      ? deterministicId('copy', row.outreachId, report.providerMessageId)
      : deterministicId('report', report.key, row.outreachId, type);

/**
 * Takes carriers' reports, many in one transaction. Answers for each whether a row knows of it; one that none knows is kept
 * until a row does. `again`: another report on the same patient is being taken, this one belongs to the next transaction.
 */
export async function recordReports(context: FollowUpContext, reports: readonly StatusReport[]): Promise<(boolean | Again)[]> {
  const { answers, learned } = await inTransaction(context.db, (trx) => take(trx, context, reports));
  // One report may be what tells whose message it is that an earlier one spoke of.
  await takeEarly(context, learned);
  // Our own answer may have been committed after the look-up and before the report was kept: then nobody else comes by.
  const kept = reports.filter((_, index) => answers[index] === false);
  const meanwhile = new Map((await originsOf(context.db, kept)).map((origin, index) => [kept[index], origin]));
  return reports.map((report, index) => (answers[index] === false && (meanwhile.get(report) ?? null) !== null ? again : (answers[index] ?? false)));
}

interface Answered {
  readonly answers: (boolean | Again)[];
  /** Messages that rows know only now. */
  readonly learned: readonly string[];
}

async function take(trx: Transaction, context: FollowUpContext, reports: readonly StatusReport[]): Promise<Answered> {
  const origins = await originsOf(trx, reports);
  const { rows } = await lockedRows(
    trx,
    origins.flatMap((origin) => origin?.outreachId ?? []),
  );
  const now = context.clock.now().toISOString();
  const open = new Map(rows);
  const taken: Taken[] = [];
  const answers = reports.map((report, index) => {
    const origin = origins[index] ?? null;
    if (origin === null) return false;
    const row = open.get(origin.outreachId);
    if (row === undefined || !open.delete(origin.outreachId)) return again;
    taken.push({ row, report, events: reported(row, report, beginningOf(origin, row, now)) });
    return true;
  });
  const whole = await withOtherWay(trx, context, taken, now);
  await appendAll(
    trx,
    context,
    whole.map((one) => ({ about: one.row, events: one.events, eventId: idFor(one) }) satisfies Entry),
  );
  await forgetReports(
    trx,
    reports.filter((_, index) => answers[index] === true),
  );
  await keepReports(
    trx,
    reports.filter((_, index) => answers[index] === false),
    now,
  );
  return { answers, learned: sentIn(whole.flatMap(({ events }) => events)) };
}

const beginningOf = ({ attemptId, attemptedAt }: Origin, row: Outreach, now: string) => ({ attemptId, at: attemptedAt ?? row.attemptedAt ?? now });

/** What was not delivered goes by the other channel while it still makes sense; what arrived after all does not. */
async function withOtherWay(trx: Transaction, context: FollowUpContext, taken: readonly Taken[], now: string): Promise<readonly Taken[]> {
  const failed = taken.filter(({ events }) => events.some(({ type }) => type === 'outreach.failed.v1'));
  const known =
    failed.length === 0
      ? []
      : await claimContexts(
          trx,
          context,
          failed.map(({ row }) => row),
        );
  const channels = new Map(failed.map(({ row }, index) => [row.outreachId, known[index] === undefined ? null : takesOver(row, known[index], now)]));
  const arrived = taken.filter(({ events }) => events.some((event) => event.type === 'outreach.delivered.v1' && event.data.corrects === 'failed'));
  const others = await findOutreach(trx, [
    ...arrived.map(({ row }) => substituteId(row, otherThan(row))),
    ...failed.map(({ row }) => substituteId(row, otherThan(row))),
  ]);
  return taken.map((one) => {
    const other = others.get(substituteId(one.row, otherThan(one.row)));
    const channel = other === undefined ? (channels.get(one.row.outreachId) ?? null) : null;
    if (channel !== null) return { ...one, events: one.events.flatMap((event) => replaced(one.row, event, channel, now)) };
    const isSpare = arrived.includes(one) && other?.status === 'planned';
    return isSpare ? { ...one, events: [...one.events, spare(other)] } : one;
  });
}

const otherThan = ({ channel }: Pick<Outreach, 'channel'>): 'sms' | 'email' => (channel === 'email' ? 'sms' : 'email');

function replaced(row: Outreach, event: OutreachEvent, channel: 'sms' | 'email', now: string): OutreachEvent[] {
  if (event.type !== 'outreach.failed.v1') return [event];
  return [{ ...event, data: { ...event.data, instead: channel } }, substitute(row, channel, event.data.why, now)];
}

const spare = ({ outreachId }: Outreach): OutreachEvent => ({
  type: 'outreach.cancelled.v1',
  data: { outreachId, why: 'the message that it stood in for arrived after all' },
});

/** Takes reports that were kept, now that rows may know of them; one that still belongs to none stays. */
export async function takeKept(context: FollowUpContext, reports: readonly StatusReport[]): Promise<void> {
  for (let left = reports; left.length > 0;) {
    const answers = await recordReports(context, left);
    left = left.filter((_, index) => answers[index] === again);
  }
}

/** Ids at the other side that these events make known. */
export const sentIn = (events: readonly OutreachEvent[]): readonly string[] =>
  events.flatMap((event) => (event.type === 'outreach.sent.v1' ? event.data.providerMessageId : []));

/** Takes what was reported of these messages before any row knew them. */
export async function takeEarly(context: FollowUpContext, providerMessageIds: readonly string[]): Promise<void> {
  if (providerMessageIds.length > 0) await takeKept(context, await keptReports(context.db, { providerMessageIds }));
}
