import { sql } from 'kysely';
import { type Database, inTransaction, type Transaction } from '#platform';
import type { EventStore } from './event-store.js';
import { settledPosition } from './subscriptions.js';
import type { Projection, RecordedEvent } from './types.js';

/*
 * A read model is built again beside the live one: temporary tables of the same names stand before the live ones on one
 * connection, so that `apply` writes there without knowing. When they have caught up, the rows that differ are exchanged in
 * one transaction. No reader ever waits or sees a half; keys, grants and policies stay where they are; a crash leaves nothing.
 */

const batchEvents = 1_000;

export interface RebuildReport {
  readonly projection: string;
  /** Events that were applied. */
  readonly events: number;
  /** Rows of the live tables that were not what the log says. */
  readonly corrected: number;
}

export interface TableDifference {
  readonly projection: string;
  readonly table: string;
  /** Rows that the log gives and the live table lacks. */
  readonly missing: number;
  /** Rows that the live table has and the log does not give. */
  readonly surplus: number;
}

export interface RebuildOptions {
  readonly db: Database;
  readonly store: EventStore;
  readonly projection: Projection;
  /** Told after each batch: the position reached, and the last one. */
  readonly progress?: (reached: number, upTo: number) => void;
}

/** Builds a read model again from the log, beside the live one, and exchanges what differs. A rebuild sends nothing: effects leave only through the ledger. */
export async function rebuild(options: RebuildOptions): Promise<RebuildReport> {
  const { name, tables } = options.projection;
  return beside(options, [], async (trx, events) => {
    let corrected = 0;
    await trx.deleteFrom('parked_event').where('name', '=', name).execute();
    // The tables belong to the owner, who may delete and insert where the product may not.
    await sql`set local role none`.execute(trx);
    for (const table of [...tables].reverse()) corrected += await removeSurplus(trx, table);
    for (const table of tables) corrected += await addMissing(trx, table);
    return { projection: name, events, corrected };
  });
}

/** What the live tables of a read model and the log do not agree on; empty when every row is what a rebuild would give. */
export async function compareWithLog(options: RebuildOptions): Promise<TableDifference[]> {
  const { name, tables } = options.projection;
  const parked = await options.db.selectFrom('parked_event').select('position').where('name', '=', name).execute();
  return beside(
    options,
    parked.map(({ position }) => position),
    async (trx) => {
      const differences: TableDifference[] = [];
      for (const table of tables) {
        const { rows } = await sql<{ missing: number; surplus: number }>`select
        (select count(*) from ${shadow(table)} s where not exists (select from ${live(table)} l where ${sameRow})) as missing,
        (select count(*) from ${live(table)} l where l.clinic_id = clinic_id() and not exists (select from ${shadow(table)} s where ${sameRow})) as surplus`.execute(
          trx,
        );
        for (const { missing, surplus } of rows) if (missing + surplus > 0) differences.push({ projection: name, table, missing, surplus });
      }
      return differences;
    },
  );
}

const live = (table: string) => sql.id('public', table);
const shadow = (table: string) => sql.id('pg_temp', table);
/** Whole rows as text: any type compares, and a hash join finds the pairs. */
const sameRow = sql`l.clinic_id = clinic_id() and l::text = s::text`;

type Finish<T> = (trx: Transaction, events: number) => Promise<T>;

async function beside<T>({ db, store, projection, progress }: RebuildOptions, skipped: readonly number[], finish: Finish<T>): Promise<T> {
  const { name, tables, types } = projection;
  return db.connection().execute(async (connection) => {
    for (const table of tables) await sql`create temporary table ${sql.id(table)} (like ${live(table)} including all)`.execute(connection);
    try {
      const builder = new Builder(store, projection, new Set(skipped), progress);
      const checkpoint = await db.selectFrom('checkpoint').select('position').where('name', '=', name).executeTakeFirst();
      await builder.catchUp(connection, db, checkpoint?.position ?? (await settledPosition(db)));
      for (const table of tables) await sql`analyze ${shadow(table)}`.execute(connection);
      return await inTransaction(connection, async (trx) => {
        const last = await holdStill(trx, name);
        const rest = await builder.rest(trx, last, types);
        return finish(trx, builder.applied + rest);
      });
    } finally {
      for (const table of tables) await sql`drop table if exists ${shadow(table)}`.execute(connection);
    }
  });
}

/** Applies the log to the shadow tables; the next batch is read on another connection while one is being written. */
class Builder {
  applied = 0;
  #reached = 0;

  constructor(
    private readonly store: EventStore,
    private readonly projection: Projection,
    private readonly skipped: ReadonlySet<number>,
    private readonly progress: (reached: number, upTo: number) => void = () => undefined,
  ) {}

  async catchUp(connection: Database, reader: Database, upTo: number): Promise<void> {
    const read = (after: number) => this.store.readAfter(reader, after, upTo, batchEvents, this.projection.types);
    for (let next = read(this.#reached), more = true; more;) {
      const events = await next;
      more = events.length === batchEvents;
      const reached = more ? (events.at(-1)?.position ?? upTo) : upTo;
      if (more) next = read(reached);
      // A read that fails while the batch is written is reported when it is awaited.
      next.catch(() => undefined);
      await inTransaction(connection, (trx) => this.#apply(trx, events));
      this.applied += events.length;
      this.#reached = reached;
      this.progress(reached, upTo);
    }
  }

  /** What came meanwhile, in the transaction that finishes; nothing is remembered, for it may be tried again. */
  async rest(trx: Transaction, upTo: number, types: Projection['types']): Promise<number> {
    const events = await this.store.readAfter(trx, this.#reached, upTo, Number.MAX_SAFE_INTEGER, types);
    await this.#apply(trx, events);
    return events.length;
  }

  async #apply(trx: Transaction, events: readonly RecordedEvent[]): Promise<void> {
    const wanted = this.skipped.size === 0 ? events : events.filter(({ position }) => !this.skipped.has(position));
    if (wanted.length > 0) await this.projection.apply(trx, wanted);
  }
}

/**
 * Holds the live read model still until the transaction ends, and answers the position it stands at: one that lags by the row
 * of its checkpoint, an inline one by the fence, held alone, so that whoever appends waits.
 */
async function holdStill(trx: Transaction, name: string): Promise<number> {
  const checkpoint = await trx.selectFrom('checkpoint').select('position').where('name', '=', name).forUpdate().executeTakeFirst();
  if (checkpoint !== undefined) return checkpoint.position;
  await sql`select pg_advisory_xact_lock(fence_key())`.execute(trx);
  return settledPosition(trx);
}

async function removeSurplus(trx: Transaction, table: string): Promise<number> {
  const { numAffectedRows } = await sql`delete from ${live(table)} l where l.clinic_id = clinic_id()
    and not exists (select from ${shadow(table)} s where ${sameRow})`.execute(trx);
  return Number(numAffectedRows ?? 0);
}

async function addMissing(trx: Transaction, table: string): Promise<number> {
  const { rows } = await sql<{ name: string }>`select attname as name from pg_attribute
    where attrelid = ${`public.${table}`}::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`.execute(trx);
  const columns = sql.join(rows.map(({ name }) => sql.ref(name)));
  const { numAffectedRows } = await sql`insert into ${live(table)} (${columns}) overriding system value
    select ${columns} from ${shadow(table)} s where not exists (select from ${live(table)} l where ${sameRow})`.execute(trx);
  return Number(numAffectedRows ?? 0);
}
