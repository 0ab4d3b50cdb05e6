import { sql } from 'kysely';
import type { Reader, Transaction } from '#platform';
import type { Outreach, OutreachStatus } from './decider.js';
import { findOutreach } from './queries.js';

/** What a comparison of the ledger with the other side's list came to; instants as ISO text, the rest counts messages. */
export interface Reconciliation {
  readonly channel: 'sms' | 'email';
  readonly at: string;
  /** Messages since then were compared. */
  readonly since: string;
  readonly listed: number;
  /** Final statuses that no callback had brought. */
  readonly settled: number;
  /** Rows without proof, or about to be sent again, that the list proved to have left. */
  readonly proven: number;
  /** At the other side and in no row; a task each. */
  readonly strangers: number;
  /** Handed over by the ledger and not in the list; a task each. */
  readonly unlisted: number;
  /** Handed over more than a day before, and neither side knows whether they were delivered. */
  readonly silent: number;
  /** Reports older than a day that belong to no row. */
  readonly unclaimed: number;
}

/** Where the ledger stands with messages, by their id at the other side; without those that it does not know. */
export async function statusesOf(db: Reader, providerMessageIds: readonly string[]): Promise<ReadonlyMap<string, OutreachStatus | 'copy'>> {
  const { rows } = await sql<{ id: string; status: OutreachStatus | 'copy' }>`
    select provider_message_id as id, status from outreach where provider_message_id = any(${[...providerMessageIds]}::text[])
    union all
    select provider_message_id, 'copy' from outreach_attempt where outcome = 'copy' and provider_message_id = any(${[...providerMessageIds]}::text[])`.execute(
    db,
  );
  return new Map(rows.map(({ id, status }) => [id, status]));
}

/** Rows of a channel that are known to have left since an instant, by their id there, before another. */
export async function handedOver(db: Reader, channel: 'sms' | 'email', since: Date, before: Date): Promise<ReadonlyMap<string, string>> {
  const rows = await db
    .selectFrom('outreach')
    .select(['outreach_id as id', 'provider_message_id as sid'])
    .where('channel', '=', channel)
    .where('attempted_at', '>=', since)
    .where('attempted_at', '<', before)
    .where('provider_message_id', 'is not', null)
    .execute();
  return new Map(rows.flatMap(({ id, sid }) => (sid === null ? [] : [[sid, id] as const])));
}

/** Rows without proof of which some attempt since an instant may have left all the same, in the order of their due times. */
export async function doubtful(db: Reader, channel: 'sms' | 'email', since: Date): Promise<Outreach[]> {
  const rows = await db
    .selectFrom('outreach')
    .select('outreach_id as id')
    .where('channel', '=', channel)
    .where('attempted_at', '>=', since)
    .where('provider_message_id', 'is', null)
    .where('status', 'not in', ['attempting', 'in_doubt'])
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('outreach_attempt')
          .select('attempt_id')
          .whereRef('outreach_attempt.outreach_id', '=', 'outreach.outreach_id')
          .where('outcome', 'in', ['in_doubt', 'not_found', 'unproven']),
      ),
    )
    .orderBy('due_at')
    .orderBy('outreach_id')
    .execute();
  const found = await findOutreach(
    db,
    rows.map(({ id }) => id),
  );
  return rows.flatMap(({ id }) => found.get(id) ?? []);
}

/** How many rows of a channel were handed over between two instants and have no final word of the other side. */
export async function silentRows(db: Reader, channel: 'sms' | 'email', since: Date, before: Date): Promise<number> {
  const row = await db
    .selectFrom('outreach')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('channel', '=', channel)
    .where('attempted_at', '>=', since)
    .where('attempted_at', '<', before)
    .where('status', '=', 'sent')
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}

export async function recordReconciliation(trx: Transaction, reconciliation: Reconciliation): Promise<void> {
  await trx
    .insertInto('reconciliation')
    .values(reconciliation)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** The last comparison of each channel. */
export async function lastReconciliations(db: Reader): Promise<Reconciliation[]> {
  const rows = await db.selectFrom('reconciliation').distinctOn('channel').selectAll().orderBy('channel').orderBy('at', 'desc').execute();
  return rows.map(({ clinic_id: _clinic, channel, at, since, ...counts }) => ({
    channel: channel === 'email' ? 'email' : 'sms',
    at: at.toISOString(),
    since: since.toISOString(),
    ...counts,
  }));
}
