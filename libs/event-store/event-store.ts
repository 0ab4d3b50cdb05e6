import { sql } from 'kysely';
import { Conflict, type JsonObject, type Reader, type Transaction } from '#platform';
import { PatientKeys } from './patient-keys.js';
import type { AppendAnswer, NewEvent, Projection, RecordedEvent, StreamAppend } from './types.js';

/** A row of the log as stored. */
export interface StoredEvent {
  readonly position: number;
  readonly stream: string;
  readonly version: number;
  readonly event_id: string;
  readonly type: string;
  readonly schema_version: number;
  readonly data: JsonObject;
  readonly sealed: Buffer | null;
  readonly patient_id: string | null;
  readonly meta: JsonObject;
  readonly occurred_at: Date;
  readonly recorded_at: Date;
}

/** Lifts the data of an old schema version to the present one, at reading; the log itself is never rewritten. */
export type Upcasters = Readonly<Record<string, (data: JsonObject, schemaVersion: number) => JsonObject>>;

export interface EventStoreOptions {
  /** 32 bytes; wraps every patient's data key. */
  readonly masterKey: Uint8Array;
  readonly clock: { now(): Date };
  /** Read models that a rule depends on: they are written in the transaction of the events. */
  readonly inline?: readonly Projection[];
  readonly upcasters?: Upcasters;
}

interface Flattened {
  readonly event: NewEvent;
  readonly stream: number;
}

const isWrongVersion = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'AG001';

/** The append-only log: events in, events out, personal parts sealed with the patient's own key. */
export class EventStore {
  readonly #options: EventStoreOptions;
  readonly keys: PatientKeys;

  constructor(options: EventStoreOptions) {
    this.#options = options;
    this.keys = new PatientKeys(options.masterKey, options.clock);
  }

  /**
   * Appends to any number of streams in one round trip within the caller's transaction, then runs the inline projections.
   * Ids that are in the log already are answered as duplicates and written nowhere.
   * @throws Conflict when a stream with new events is not at the expected version.
   */
  async append(trx: Transaction, appends: readonly StreamAppend[]): Promise<AppendAnswer[]> {
    const seen = new Set<string>();
    const flat = appends.flatMap(({ events }, stream) => events.map((event): Flattened => ({ event, stream: stream + 1 })));
    const unique = flat.filter(({ event }) => !seen.has(event.id) && seen.add(event.id));
    if (unique.length === 0) return [];
    const answers = await this.#write(trx, appends, unique).catch((error: unknown) => {
      throw isWrongVersion(error) ? new Conflict((error as Error).message) : error;
    });
    await this.#projectInline(trx, answers);
    const first = new Map(answers.map((answer) => [answer.id, answer]));
    const answered = new Set<string>();
    return flat.map(({ event }) => {
      const answer = first.get(event.id) as AppendAnswer;
      const again = answered.has(event.id);
      answered.add(event.id);
      return again ? { ...answer, duplicate: true } : answer;
    });
  }

  async #write(trx: Transaction, appends: readonly StreamAppend[], flat: readonly Flattened[]): Promise<AppendAnswer[]> {
    const sealed = await this.keys.sealAll(trx, flat.map(({ event }) => event));
    const column = <T>(pick: (item: Flattened) => T) => flat.map(pick);
    const { rows } = await sql<{ event_id: string; position: number; version: number; duplicate: boolean }>`
      select * from append_events(
        ${appends.map(({ stream }) => stream)}::text[], ${appends.map(({ expected }) => String(expected))}::text[],
        ${column(({ stream }) => stream)}::int[], ${column(({ event }) => event.id)}::uuid[], ${column(({ event }) => event.type)}::text[],
        ${column(({ event }) => JSON.stringify(event.data))}::jsonb[], ${sealed}::bytea[],
        ${column(({ event }) => event.patientId ?? null)}::text[], ${column(({ event }) => JSON.stringify(event.meta ?? {}))}::jsonb[],
        ${column(({ event }) => event.occurredAt.toISOString())}::timestamptz[], ${this.#options.clock.now().toISOString()}::timestamptz)`.execute(trx);
    return rows.map(({ event_id: id, ...rest }) => ({ id, ...rest }));
  }

  async #projectInline(trx: Transaction, answers: readonly AppendAnswer[]): Promise<void> {
    const inline = this.#options.inline ?? [];
    const positions = answers.filter(({ duplicate }) => !duplicate).map(({ position }) => position);
    if (inline.length === 0 || positions.length === 0) return;
    const types = inline.some((projection) => projection.types === 'all') ? null : inline.flatMap(({ types: wanted }) => wanted);
    const events = await this.#query(trx, (query) => {
      const those = query.where('position', 'in', positions);
      return types === null ? those : those.where('type', 'in', types);
    });
    for (const projection of inline) {
      const mine = events.filter(({ type }) => projection.types === 'all' || projection.types.includes(type));
      if (mine.length > 0) await projection.apply(trx, mine);
    }
  }

  /** Events of one stream, by version. */
  async readStream(db: Reader, stream: string, fromVersion = 1): Promise<RecordedEvent[]> {
    return this.#query(db, (query) => query.where('stream', '=', stream).where('version', '>=', fromVersion));
  }

  /** Events of several streams, by position. */
  async readStreams(db: Reader, streams: readonly string[]): Promise<RecordedEvent[]> {
    return streams.length === 0 ? [] : this.#query(db, (query) => query.where('stream', 'in', streams));
  }

  /** Every event of one patient, or those of some types, by position. */
  async readPatient(db: Reader, patientId: string, types: readonly string[] | 'all' = 'all'): Promise<RecordedEvent[]> {
    return this.#query(db, (query) => {
      const own = query.where('patient_id', '=', patientId);
      return types === 'all' ? own : own.where('type', 'in', types);
    });
  }

  /** The next events after a position, up to and with another: what subscriptions and rebuilds read by. */
  async readAfter(db: Reader, after: number, upTo: number, limit: number, types: readonly string[] | 'all' = 'all'): Promise<RecordedEvent[]> {
    return this.#query(db, (query) => {
      const range = query.where('position', '>', after).where('position', '<=', upTo).limit(limit);
      return types === 'all' ? range : range.where('type', 'in', types);
    });
  }

  async #query(db: Reader, narrow: (query: ReturnType<typeof logOf>) => ReturnType<typeof logOf>): Promise<RecordedEvent[]> {
    const rows = (await narrow(logOf(db)).orderBy('position').execute()) as unknown[] as StoredEvent[];
    const opened = await this.keys.openAll(db, rows);
    return rows.map((row, index) => this.#recorded(row, opened[index] ?? null));
  }

  #recorded(row: StoredEvent, personal: JsonObject | null): RecordedEvent {
    const lift = this.#options.upcasters?.[row.type];
    const data = { ...row.data, ...personal };
    return {
      position: row.position,
      stream: row.stream,
      version: row.version,
      id: row.event_id,
      type: row.type,
      data: lift === undefined ? data : lift(data, row.schema_version),
      erased: row.sealed !== null && personal === null,
      patientId: row.patient_id,
      meta: row.meta,
      occurredAt: row.occurred_at,
      recordedAt: row.recorded_at,
    };
  }
}

const logOf = (db: Reader) =>
  db
    .selectFrom('event')
    .select(['position', 'stream', 'version', 'event_id', 'type', 'schema_version', 'data', 'sealed', 'patient_id', 'meta', 'occurred_at', 'recorded_at']);
