import { Kysely, PostgresDialect, sql, type Transaction as KyselyTransaction } from 'kysely';
import pg from 'pg';
import { Conflict } from '../errors.js';
import type { DB } from './tables.js';

export type Database = Kysely<DB>;
export type Transaction = KyselyTransaction<DB>;
/** What a query needs: the database, or the transaction it should see. */
export type Reader = Database | Transaction;

export interface DatabaseOptions {
  /** Row-level security shows the rows of this clinic only. */
  readonly clinicId: string;
  /** `app` may do what the product needs; `owner` migrates, erases and rebuilds. */
  readonly role?: 'app' | 'owner';
  readonly max?: number;
}

// int8 counts positions (below 2^53 for longer than the sun lasts); a date is a calendar day, not an instant.
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, Number);
types.setTypeParser(pg.types.builtins.DATE, (day) => day);

/** Keeps the plan of a statement that begins with `/*prepared its_name*\/`: for the few whose parsing would cost as much as their work. */
class PreparingClient extends pg.Client {
  override query = ((text: unknown, values?: unknown, ...rest: unknown[]) => {
    const name = typeof text === 'string' ? /^\s*\/\*prepared (\w+)\*\//.exec(text)?.[1] : undefined;
    const prepared = name === undefined ? [text, values, ...rest] : [{ name, text, values }, ...rest];
    return Reflect.apply(pg.Client.prototype.query, this, prepared) as unknown;
  }) as pg.Client['query'];
}

/** A pool of connections that speak as one role for one clinic. */
export function openDatabase(url: string, { clinicId, role = 'app', max = 10 }: DatabaseOptions): Database {
  if (!/^[\w.-]{1,64}$/.test(clinicId)) throw new Error(`a clinic id has letters, digits, points and dashes: ${clinicId}`);
  // A transaction that was forgotten open would hold the readers of the log up (the fence): a minute is far more than any needs.
  const settings = [
    `afterglow.clinic_id=${clinicId}`,
    'timezone=UTC',
    'idle_in_transaction_session_timeout=60s',
    ...(role === 'app' ? ['role=afterglow_app'] : []),
  ];
  const options = settings.map((setting) => `-c ${setting}`).join(' ');
  const pool = new pg.Pool({ connectionString: url, options, max, types, idleTimeoutMillis: 30_000, Client: PreparingClient });
  // A connection that breaks while idle is replaced at the next query; without a listener it would end the process.
  pool.on('error', () => undefined);
  // So is one that breaks between two statements of a transaction, where nobody waits for its answer: the next statement fails.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return new Kysely<DB>({ dialect: new PostgresDialect({ pool }) });
}

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '');
const [serialization, deadlock] = ['40001', '40P01'];

/** SQLSTATE of a violated exclusion constraint: someone took the slot. */
export const isSlotTaken = (error: unknown): boolean => codeOf(error) === '23P01';
/** SQLSTATE of a violated unique constraint. */
export const isDuplicate = (error: unknown): boolean => codeOf(error) === '23505';

const mayDecideAgain = (error: unknown) => error instanceof Conflict || [serialization, deadlock].includes(codeOf(error));

/** Runs `work` in one transaction; when someone was faster, decides again, at most `tries` times in all. */
export async function inTransaction<T>(db: Reader, work: (trx: Transaction) => Promise<T>, tries = 4): Promise<T> {
  if (db.isTransaction) return work(db as Transaction);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      if (attempt >= tries || !mayDecideAgain(error)) throw error;
    }
  }
}

/** Takes transaction-level advisory locks in sorted order, so that no two transactions wait for each other in a ring. */
export async function lockInOrder(trx: Transaction, names: Iterable<string>): Promise<void> {
  const sorted = [...new Set(names)].sort();
  if (sorted.length === 0) return;
  await sql`select pg_advisory_xact_lock(key) from (select hashtextextended(name, 0) as key from unnest(${sorted}::text[]) as name group by 1 order by 1) as keys`.execute(
    trx,
  );
}
