import { clinicDocument } from '#clinic';
import { consultationsOf, patientsOf } from '#consultation';
import type { EventStore, NewEvent, StreamAppend } from '#event-store';
import { type Clock, Conflict, type Database, inTransaction, Rejected, type Transaction } from '#platform';
import { type AcceptedEvent, EventReader, type Known } from './envelope.js';
import { type Incoming, readOne, textOf } from './lines.js';
import { labelsOf, Quarantine, type Refused } from './quarantine.js';
import { recordedAmong } from './queries.js';

export type { Incoming };

export interface Rejection {
  readonly index: number;
  readonly id: string | null;
  readonly code: string;
  readonly message: string;
  readonly path: string | null;
}

export interface IntakeCounts {
  accepted: number;
  duplicates: number;
  rejected: Rejection[];
}

export type Outcome = 'accepted' | 'duplicate' | Rejection;

interface Candidate {
  readonly incoming: Incoming;
  readonly accepted: AcceptedEvent;
}

/** What the log says to a batch: what it takes, what it has, what contradicts it. */
interface Sorted {
  readonly fresh: readonly Candidate[];
  readonly refused: readonly Refused[];
}

const batchSize = 500;
/** A batch that is too large in bytes is a transaction too long, however few events it has. */
const batchBytes = 4 * 1024 * 1024;

/** Facts in. One bad event never spoils its neighbours; whatever is refused is kept in quarantine; answers come after the commit. */
export class Intake {
  readonly #db: Database;
  readonly #store: EventStore;
  readonly #clock: Clock;
  readonly #reader: EventReader;
  readonly #afterCommit: () => void;
  readonly quarantine: Quarantine;

  constructor(options: { db: Database; store: EventStore; clock: Clock; masterKey: Uint8Array; afterCommit?: () => void }) {
    this.#db = options.db;
    this.#store = options.store;
    this.#clock = options.clock;
    this.#reader = new EventReader(options.clock);
    this.#afterCommit = options.afterCommit ?? (() => undefined);
    this.quarantine = new Quarantine(options.masterKey);
  }

  /** Takes everything that is sent, in batches of one transaction each. `progress` hears how many were read. */
  async accept(sent: AsyncIterable<Incoming> | Iterable<Incoming>, progress: (read: number) => void = () => undefined): Promise<IntakeCounts> {
    const counts: IntakeCounts = { accepted: 0, duplicates: 0, rejected: [] };
    const known = await this.#known();
    for await (const batch of inBatches(sent)) {
      await this.#take(batch, known, counts);
      progress(batch.length);
    }
    return counts;
  }

  /** Takes one event that was parsed already, such as a job of the queue. */
  acceptOne(value: unknown): Promise<Outcome> {
    return this.#acceptSingle({ index: 0, value, raw: textOf(value) });
  }

  /** Takes a body that is one event; one that cannot be read is refused and kept like any other. */
  acceptBody(body: Uint8Array): Promise<Outcome> {
    return this.#acceptSingle(readOne(body));
  }

  /**
   * Takes one fact that a member of staff recorded; who did stands beside it. A refused one goes back to them: nothing that was
   * sent is lost, so nothing is kept in quarantine.
   * @throws Rejected with the code and path of what is wrong.
   */
  async record(value: unknown, actor: string): Promise<'accepted' | 'duplicate'> {
    const read = this.#reader.read(value, await this.#known());
    const accepted = { ...read, event: { ...read.event, meta: { ...read.event.meta, actor } } };
    const isNew = await inTransaction(this.#db, async (trx) => {
      const erased = await this.#store.keys.erased(trx, [accepted.event.patientId]);
      const { fresh, refused } = await this.#sort(trx, [{ incoming: { index: 0, value, raw: textOf(value) }, accepted }], erased);
      if (refused[0] !== undefined) throw refused[0].error;
      await this.#store.append(trx, appendsOf(fresh));
      await this.#requireBound(trx, fresh);
      return fresh.length > 0;
    });
    if (isNew) this.#afterCommit();
    return isNew ? 'accepted' : 'duplicate';
  }

  /** Tries a quarantined event again, as it was sent. @throws Rejected `not_found`. */
  async retry(id: string): Promise<Outcome> {
    const outcome = await this.acceptBody(await this.quarantine.payload(this.#db, id));
    const error = typeof outcome === 'string' ? null : new Rejected(outcome.code, outcome.message, { path: outcome.path ?? undefined });
    await this.quarantine.settle(this.#db, id, error, this.#clock.now());
    return outcome;
  }

  /** Takes away what was refused about a patient who is erased in this transaction; answers how many. */
  async forget(trx: Transaction, patientId: string): Promise<number> {
    const consultations = await consultationsOf(trx, [patientId]);
    return this.quarantine.forget(
      trx,
      patientId,
      consultations.map(({ consultationId }) => consultationId),
    );
  }

  async #acceptSingle(incoming: Incoming): Promise<Outcome> {
    const counts = await this.accept([incoming]);
    return counts.rejected[0] ?? (counts.accepted === 1 ? 'accepted' : 'duplicate');
  }

  async #known(): Promise<Known> {
    const clinic = await clinicDocument(this.#db);
    if (clinic === null) throw new Rejected('no_clinic', 'The clinic has not been set up yet.', { status: 503 });
    return { providers: new Set(clinic.staff.filter(isClinical).map(({ id }) => id)), locations: new Set(clinic.locations.map(({ id }) => id)) };
  }

  async #take(batch: readonly Incoming[], known: Known, counts: IntakeCounts): Promise<void> {
    const { candidates, unread } = this.#read(batch, known);
    const { accepted, refused } = await inTransaction(this.#db, (trx) => this.#write(trx, candidates, unread));
    counts.accepted += accepted;
    counts.duplicates += batch.length - accepted - refused.length;
    counts.rejected.push(...refused.map(rejectionOf).sort((a, b) => a.index - b.index));
    if (accepted > 0) this.#afterCommit();
  }

  #read(batch: readonly Incoming[], known: Known): { candidates: Candidate[]; unread: Refused[] } {
    const [candidates, unread]: [Candidate[], Refused[]] = [[], []];
    for (const incoming of batch) {
      try {
        if ('unreadable' in incoming) throw incoming.unreadable;
        candidates.push({ incoming, accepted: this.#reader.read(incoming.value, known) });
      } catch (error) {
        if (!(error instanceof Rejected)) throw error;
        unread.push({ incoming, error });
      }
    }
    return { candidates, unread };
  }

  async #write(trx: Transaction, candidates: readonly Candidate[], unread: readonly Refused[]): Promise<{ accepted: number; refused: readonly Refused[] }> {
    const erased = await this.#store.keys.erased(trx, [
      ...new Set([...candidates.map(({ accepted }) => accepted.event.patientId), ...unread.flatMap(({ incoming }) => labelsOf(incoming).patientId ?? [])]),
    ]);
    const { fresh, refused: contradicting } = await this.#sort(trx, candidates, erased);
    const answers = await this.#store.append(trx, appendsOf(fresh));
    await this.#requireBound(trx, fresh);
    const refused = [...unread.map((one) => ({ ...one, forgotten: erased.has(labelsOf(one.incoming).patientId ?? '') })), ...contradicting];
    await this.quarantine.keep(trx, refused, this.#clock.now());
    await this.quarantine.supersede(
      trx,
      fresh.map(({ accepted }) => accepted.event.id),
    );
    return { accepted: answers.filter(({ duplicate }) => !duplicate).length, refused };
  }

  /**
   * What is recorded already is a duplicate, whatever it says this time. A consultation belongs to one patient: the first that
   * was recorded, here or earlier in the batch. Of an erased patient nothing is recorded any more.
   */
  async #sort(trx: Transaction, candidates: readonly Candidate[], erased: ReadonlySet<string>): Promise<Sorted> {
    const seen = new Set(
      await recordedAmong(
        trx,
        candidates.map(({ accepted }) => accepted.event.id),
      ),
    );
    const owners = new Map(await patientsOf(trx, [...new Set(candidates.map(({ accepted }) => accepted.consultationId))]));
    const [fresh, refused]: [Candidate[], Refused[]] = [[], []];
    for (const candidate of candidates) {
      const { consultationId, event } = candidate.accepted;
      if (seen.has(event.id)) continue;
      const owner = owners.get(consultationId) ?? event.patientId;
      const error = contradiction(candidate.accepted, owner, erased);
      if (error === null) {
        seen.add(event.id);
        owners.set(consultationId, owner);
        fresh.push(candidate);
      } else refused.push({ incoming: candidate.incoming, error, forgotten: erased.has(event.patientId) });
    }
    return { fresh, refused };
  }

  /** The binding is written with the events; another writer may have been faster. */
  async #requireBound(trx: Transaction, fresh: readonly Candidate[]): Promise<void> {
    const bound = await patientsOf(trx, [...new Set(fresh.map(({ accepted }) => accepted.consultationId))]);
    const taken = fresh.find(({ accepted: { consultationId, event } }) => bound.get(consultationId) !== event.patientId);
    if (taken !== undefined) throw new Conflict(`consultation ${taken.accepted.consultationId} was bound to another patient at the same moment`);
  }
}

/** Whoever works at the desk or with the books treats nobody. */
const isClinical = ({ roles }: { readonly roles: readonly string[] }) => roles.some((role) => !['front_desk', 'admin', 'auditor'].includes(role));

function contradiction({ consultationId, event }: AcceptedEvent, owner: string, erased: ReadonlySet<string>): Rejected | null {
  if (erased.has(event.patientId)) return new Rejected('patient_erased', 'data.patientId: this patient was erased', { path: 'data.patientId' });
  if (owner === event.patientId) return null;
  return new Rejected('another_patient', `data.patientId: consultation ${consultationId} is another patient's`, { path: 'data.patientId' });
}

async function* inBatches(sent: AsyncIterable<Incoming> | Iterable<Incoming>): AsyncGenerator<Incoming[]> {
  let [batch, bytes]: [Incoming[], number] = [[], 0];
  for await (const incoming of sent) {
    batch.push(incoming);
    bytes += incoming.raw.length;
    if (batch.length < batchSize && bytes < batchBytes) continue;
    yield batch;
    [batch, bytes] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}

/** One append a stream, in the order sent. */
function appendsOf(candidates: readonly Candidate[]): StreamAppend[] {
  const streams = new Map<string, NewEvent[]>();
  for (const { accepted } of candidates) {
    const events = streams.get(accepted.stream) ?? [];
    events.push(accepted.event);
    streams.set(accepted.stream, events);
  }
  return [...streams].map(([stream, events]) => ({ stream, expected: 'any', events }));
}

const rejectionOf = ({ incoming, error: { code, message, details } }: Refused): Rejection => ({
  index: incoming.index,
  id: labelsOf(incoming).id ?? null,
  code,
  message,
  path: typeof details.path === 'string' ? details.path : null,
});
