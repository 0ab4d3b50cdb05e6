import { sql } from 'kysely';
import { Conflict, inTransaction, type JsonObject, type Reader, type Transaction } from '#platform';
import { hasPersonal, PatientKeys } from './patient-keys.js';
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

/** An event and the place of its stream among the appends, from 1 as SQL counts. */
interface Flattened {
  readonly event: NewEvent;
  readonly place: number;
  readonly stream: string;
}

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? error.code : undefined);
/** Not at the expected version (raised by append_events), or the same event id was written a moment ago. */
const someoneWasFaster = (error: unknown) => codeOf(error) === 'AG001' || codeOf(error) === '23505';

/** The append-only log: events in, events out, personal parts sealed with the patient's own key. */
export class EventStore {
  readonly #options: EventStoreOptions;
  readonly #inline: readonly Projection[];
  readonly keys: PatientKeys;

  constructor(options: EventStoreOptions) {
    this.#options = options;
    this.#inline = options.inline ?? [];
    this.keys = new PatientKeys(options.masterKey, options.clock);
  }

  /**
   * Appends to any number of streams in one round trip, then runs the inline projections; within the caller's transaction
   * when there is one. Ids that are in the log already are answered as duplicates and written nowhere.
   * @throws Conflict when a stream with new events is not at the expected version, or another transaction wrote the same id meanwhile.
   */
  async append(db: Reader, asked: readonly StreamAppend[]): Promise<AppendAnswer[]> {
    // In one order of streams for all writers: two of the same streams wait for each other, they never deadlock.
    const appends = asked.filter(({ events }) => events.length > 0).sort((a, b) => (a.stream < b.stream ? -1 : 1));
    const flat = flatten(asked, appends);
    if (flat.length === 0) return [];
    const first = new Map<string, Flattened>();
    for (const item of flat) if (!first.has(item.event.id)) first.set(item.event.id, item);
    const unique = [...first.values()];
    const alone = this.#inline.length === 0 && !unique.some(({ event }) => hasPersonal(event));
    const answers = await (alone ? this.#write(db, appends, unique, []) : inTransaction(db, (trx) => this.#sealWriteProject(trx, appends, unique), 1));
    const answerOf = new Map(answers.map((answer) => [answer.id, answer]));
    return flat.map((item) => {
      const answer = answerOf.get(item.event.id) as AppendAnswer;
      return first.get(item.event.id) === item ? answer : { ...answer, duplicate: true };
    });
  }

  async #sealWriteProject(trx: Transaction, appends: readonly StreamAppend[], flat: readonly Flattened[]): Promise<AppendAnswer[]> {
    const sealed = await this.keys.sealAll(
      trx,
      flat.map(({ event }) => event),
    );
    const recordedAt = this.#options.clock.now();
    const answers = await this.#write(trx, appends, flat, sealed, recordedAt);
    const fresh = flat.flatMap((item, index) => {
      const answer = answers[index];
      return answer === undefined || answer.duplicate ? [] : [asRecorded(item, answer, recordedAt)];
    });
    for (const projection of this.#inline) {
      const mine = fresh.filter(({ type }) => projection.types === 'all' || projection.types.includes(type));
      if (mine.length > 0) await projection.apply(trx, mine);
    }
    return answers;
  }

  async #write(
    db: Reader,
    appends: readonly StreamAppend[],
    flat: readonly Flattened[],
    sealed: readonly (Buffer | null)[],
    recordedAt = this.#options.clock.now(),
  ): Promise<AppendAnswer[]> {
    const column = <T>(pick: (event: NewEvent) => T) => flat.map(({ event }) => pick(event));
    const { rows } = await sql<{ event_id: string; position: number; version: number; duplicate: boolean }>`
      /*prepared append_events*/ select * from append_events(
        ${appends.map(({ stream }) => stream)}::text[], ${appends.map(({ expected }) => String(expected))}::text[],
        ${flat.map(({ place }) => place)}::int[], ${column(({ id }) => id)}::uuid[], ${column(({ type }) => type)}::text[],
        ${column(({ schemaVersion = 1 }) => schemaVersion)}::smallint[], ${column(({ data }) => JSON.stringify(data))}::jsonb[],
        ${flat.map((_, index) => sealed[index] ?? null)}::bytea[], ${column(({ patientId = null }) => patientId)}::text[],
        ${column(({ meta = {} }) => JSON.stringify(meta))}::jsonb[], ${column(({ occurredAt }) => occurredAt.toISOString())}::timestamptz[],
        ${recordedAt.toISOString()}::timestamptz)`
      .execute(db)
      .catch((error: unknown) => {
        throw someoneWasFaster(error) ? new Conflict((error as Error).message) : error;
      });
    return rows.map(({ event_id: id, ...rest }) => ({ id, ...rest }));
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
    return this.readPatients(db, [patientId], types);
  }

  /** Every event of several patients, or those of some types, by position. */
  async readPatients(db: Reader, patientIds: readonly string[], types: readonly string[] | 'all' = 'all'): Promise<RecordedEvent[]> {
    if (patientIds.length === 0) return [];
    return this.#query(db, (query) => {
      const own = query.where('patient_id', 'in', [...new Set(patientIds)]);
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

/** The events in the order given, which is the order of their positions. */
function flatten(asked: readonly StreamAppend[], sorted: readonly StreamAppend[]): Flattened[] {
  const places = new Map(sorted.map(({ stream }, index) => [stream, index + 1]));
  if (places.size < sorted.length) throw new Error('a stream may be named once in an append');
  return asked.flatMap(({ stream, events }) => events.map((event) => ({ event, stream, place: places.get(stream) as number })));
}

/** What a reader of the log would read for an event that was just written. */
function asRecorded({ event, stream }: Flattened, { position, version }: AppendAnswer, recordedAt: Date): RecordedEvent {
  const stored = <T>(value: T) => JSON.parse(JSON.stringify(value)) as JsonObject;
  return {
    position,
    stream,
    version,
    id: event.id,
    type: event.type,
    data: stored({ ...event.data, ...event.personal }),
    erased: false,
    patientId: event.patientId ?? null,
    meta: stored(event.meta ?? {}),
    occurredAt: event.occurredAt,
    recordedAt,
  };
}
