import { clinicDocument } from '#clinic';
import { patientsOf } from '#consultation';
import type { EventStore, StreamAppend } from '#event-store';
import { type Clock, Conflict, type Database, inTransaction, Rejected, type Transaction } from '#platform';
import { type AcceptedEvent, type Known, readEvent } from './envelope.js';
import { Quarantine } from './quarantine.js';

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

/** One thing that was sent: parsed JSON, or the reason why it could not even be read, with its bytes. */
export type Incoming = { readonly index: number; readonly value: unknown; readonly raw: string } | { readonly index: number; readonly unreadable: Rejected; readonly raw: string };

interface Candidate {
  readonly incoming: Incoming;
  readonly accepted: AcceptedEvent;
}
interface Refused {
  readonly incoming: Incoming;
  readonly error: Rejected;
}

const batchSize = 500;

/** Facts in. One bad event never spoils its neighbours; whatever is refused is kept in quarantine; answers come after the commit. */
export class Intake {
  readonly #db: Database;
  readonly #store: EventStore;
  readonly #clock: Clock;
  readonly #afterCommit: () => void;
  readonly quarantine: Quarantine;

  constructor(options: { db: Database; store: EventStore; clock: Clock; masterKey: Uint8Array; afterCommit?: () => void }) {
    this.#db = options.db;
    this.#store = options.store;
    this.#clock = options.clock;
    this.#afterCommit = options.afterCommit ?? (() => undefined);
    this.quarantine = new Quarantine(options.masterKey);
  }

  /** Takes everything that is sent, in batches of one transaction each. `progress` hears how many were read. */
  async accept(sent: AsyncIterable<Incoming> | Iterable<Incoming>, progress: (read: number) => void = () => undefined): Promise<IntakeCounts> {
    const counts: IntakeCounts = { accepted: 0, duplicates: 0, rejected: [] };
    const known = await this.#known();
    let batch: Incoming[] = [];
    for await (const incoming of sent) {
      batch.push(incoming);
      if (batch.length < batchSize) continue;
      await this.#take(batch, known, counts);
      progress(batch.length);
      batch = [];
    }
    await this.#take(batch, known, counts);
    progress(batch.length);
    counts.rejected.sort((a, b) => a.index - b.index);
    return counts;
  }

  /** Takes one event. */
  async acceptOne(value: unknown): Promise<'accepted' | 'duplicate' | Rejection> {
    const counts = await this.accept([{ index: 0, value, raw: JSON.stringify(value) ?? '' }]);
    return counts.rejected[0] ?? (counts.accepted === 1 ? 'accepted' : 'duplicate');
  }

  /** Tries a quarantined event again, as it was sent. @throws Rejected `not_found`. */
  async retry(id: string): Promise<'accepted' | 'duplicate' | Rejection> {
    const raw = await this.quarantine.payload(this.#db, id);
    let value: unknown;
    try {
      value = JSON.parse(raw);
    } catch {
      throw new Rejected('unreadable', 'What was sent is not JSON: it has to be mended and sent again.', { status: 422 });
    }
    const outcome = await this.acceptOne(value);
    if (typeof outcome === 'string') await this.quarantine.settle(this.#db, id, this.#clock.now());
    return outcome;
  }

  async #known(): Promise<Known> {
    const clinic = await clinicDocument(this.#db);
    if (clinic === null) throw new Rejected('no_clinic', 'The clinic has not been set up yet.', { status: 503 });
    return { providers: new Set(clinic.staff.map(({ id }) => id)), locations: new Set(clinic.locations.map(({ id }) => id)) };
  }

  async #take(batch: readonly Incoming[], known: Known, counts: IntakeCounts): Promise<void> {
    if (batch.length === 0) return;
    const { candidates, refused } = this.#read(batch, known);
    const outcome = await inTransaction(this.#db, (trx) => this.#write(trx, candidates, refused));
    counts.accepted += outcome.accepted;
    counts.duplicates += candidates.length - outcome.accepted - outcome.contradicting.length;
    counts.rejected.push(...[...refused, ...outcome.contradicting].map(rejectionOf));
    this.#afterCommit();
  }

  #read(batch: readonly Incoming[], known: Known): { candidates: Candidate[]; refused: Refused[] } {
    const [candidates, refused]: [Candidate[], Refused[]] = [[], []];
    for (const incoming of batch) {
      try {
        if ('unreadable' in incoming) throw incoming.unreadable;
        candidates.push({ incoming, accepted: readEvent(incoming.value, this.#clock.now(), known) });
      } catch (error) {
        if (!(error instanceof Rejected)) throw error;
        refused.push({ incoming, error });
      }
    }
    return { candidates, refused };
  }

  async #write(trx: Transaction, candidates: readonly Candidate[], refused: readonly Refused[]): Promise<{ accepted: number; contradicting: Refused[] }> {
    const { sound, contradicting } = await this.#contradictions(trx, candidates);
    const answers = await this.#store.append(trx, appendsOf(sound));
    const bound = await patientsOf(trx, [...new Set(sound.map(({ accepted }) => accepted.consultationId))]);
    const taken = sound.find(({ accepted: { stream, consultationId, event } }) => stream.startsWith('consultation/') && (bound.get(consultationId) ?? event.patientId) !== event.patientId);
    if (taken !== undefined) throw new Conflict(`consultation ${taken.accepted.consultationId} was bound to another patient at the same moment`);
    for (const { incoming, error } of [...refused, ...contradicting]) await this.quarantine.keep(trx, { eventId: idOf(incoming), raw: incoming.raw, error, at: this.#clock.now() });
    return { accepted: answers.filter(({ duplicate }) => !duplicate).length, contradicting };
  }

  /** A consultation belongs to one patient: the first that was recorded, here or earlier in the batch. */
  async #contradictions(trx: Transaction, candidates: readonly Candidate[]): Promise<{ sound: Candidate[]; contradicting: Refused[] }> {
    const owners = new Map(await patientsOf(trx, [...new Set(candidates.map(({ accepted }) => accepted.consultationId))]));
    const erased = await this.#store.keys.erased(trx, [...new Set(candidates.map(({ accepted }) => accepted.event.patientId))]);
    const [sound, contradicting]: [Candidate[], Refused[]] = [[], []];
    for (const candidate of candidates) {
      const { consultationId, event, stream } = candidate.accepted;
      if (erased.has(event.patientId)) {
        contradicting.push({ incoming: candidate.incoming, error: new Rejected('erased', 'data.patientId: this patient was erased', { path: 'data.patientId' }) });
        continue;
      }
      const owner = owners.get(consultationId);
      if (owner === undefined && stream.startsWith('consultation/')) owners.set(consultationId, event.patientId);
      if (owner === undefined || owner === event.patientId) sound.push(candidate);
      else contradicting.push({ incoming: candidate.incoming, error: new Rejected('another_patient', `data.patientId: consultation ${consultationId} is another patient's`, { path: 'data.patientId' }) });
    }
    return { sound, contradicting };
  }
}

/** One append a stream, in the order sent. An event that is both new and erased-for is left to the store to refuse. */
function appendsOf(candidates: readonly Candidate[]): StreamAppend[] {
  const streams = new Map<string, StreamAppend & { events: AcceptedEvent['event'][] }>();
  for (const { accepted } of candidates) {
    const known = streams.get(accepted.stream) ?? { stream: accepted.stream, expected: 'any' as const, events: [] };
    known.events.push(accepted.event);
    streams.set(accepted.stream, known);
  }
  return [...streams.values()];
}

function idOf(incoming: Incoming): string | null {
  if (!('value' in incoming) || typeof incoming.value !== 'object' || incoming.value === null || !('id' in incoming.value)) return null;
  return typeof incoming.value.id === 'string' ? incoming.value.id.slice(0, 128) : null;
}

const rejectionOf = ({ incoming, error }: Refused): Rejection => ({
  index: incoming.index, id: idOf(incoming), code: error.code, message: error.message, path: typeof error.details.path === 'string' ? error.details.path : null,
});
