import type { JsonObject, Transaction } from '#platform';

/** An event to append. `id` is a UUID; appending the same id again changes nothing and gives the first answer. */
export interface NewEvent {
  readonly id: string;
  /** Dotted, versioned: `session.booked.v1`. */
  readonly type: string;
  /** The shape of `data`, from 1 (the default); older shapes are lifted at reading (`upcasters`). */
  readonly schemaVersion?: number;
  /** Open part: ids, codes and times that projections and the log's readers may see. No personal data. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Sealed with the patient's own key (needs `patientId`); gone when the patient is erased. */
  readonly personal?: Readonly<Record<string, unknown>>;
  /** Whose event it is; the timeline and erasure go by it. */
  readonly patientId?: string;
  readonly occurredAt: Date;
  /** Cause and actor: `{ cause?: eventId, actor?: string, source?: string, reason?: string }`. */
  readonly meta?: Readonly<Record<string, unknown>>;
}

/** What the writer expects of the stream: a version (0 = empty), or one of the three loose modes. */
export type ExpectedVersion = number | 'exists' | 'absent' | 'any';

export interface StreamAppend {
  readonly stream: string;
  readonly expected: ExpectedVersion;
  readonly events: readonly NewEvent[];
}

export interface RecordedEvent {
  readonly position: number;
  readonly stream: string;
  /** Version within the stream, from 1. */
  readonly version: number;
  readonly id: string;
  readonly type: string;
  /** Open and unsealed personal part merged. After erasure only the open part, and `erased` is true. */
  readonly data: JsonObject;
  readonly erased: boolean;
  readonly patientId: string | null;
  readonly meta: JsonObject;
  readonly occurredAt: Date;
  readonly recordedAt: Date;
}

export interface AppendAnswer {
  readonly id: string;
  readonly position: number;
  readonly version: number;
  /** True when this id was already in the log: nothing was written for it. */
  readonly duplicate: boolean;
}

/** A read model: writes its own tables only, and the same event twice changes nothing. */
export interface Projection {
  readonly name: string;
  /** Raised when the tables mean something else than before: the read model is then built again. */
  readonly version: number;
  readonly tables: readonly string[];
  readonly types: readonly string[] | 'all';
  apply(trx: Transaction, events: readonly RecordedEvent[]): Promise<void>;
}

/** A policy, or a read model that lags: it sees every event of its types once, in order; its checkpoint commits with what it did. */
export interface Subscription {
  readonly name: string;
  readonly types: readonly string[] | 'all';
  handle(trx: Transaction, events: readonly RecordedEvent[]): Promise<void>;
  /** Nobody listens: what happened is passed over without being read. */
  idle?(trx: Transaction): Promise<boolean>;
}
