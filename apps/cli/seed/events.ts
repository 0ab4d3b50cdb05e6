import { openConsultationPart } from '#consultation';
import type { NewEvent, StreamAppend } from '#event-store';
import { openPatientPart, type PatientEventType } from '#patient';
import { deterministicId } from '#platform';

type Data = Readonly<Record<string, unknown>>;

/** What is open of an event stays open; all else is sealed, as when the event comes in from outside. */
const sealed = (data: Data, open: Data): Data => Object.fromEntries(Object.entries(data).filter(([key, value]) => open[key] !== value));

/**
 * Gathers the events of one patient by stream. Ids come of the seed and of what is told, so that the same seed tells the same
 * events.
 */
export class Chronicle {
  readonly #streams = new Map<string, NewEvent[]>();
  #told = 0;

  constructor(
    private readonly seed: number,
    private readonly patientId: string,
  ) {}

  tell(stream: string, type: string, at: string, data: Data, personal?: Data): void {
    const events = this.#streams.get(stream) ?? [];
    const id = deterministicId('seed', this.seed, stream, events.length);
    const event = { id, type, data, patientId: this.patientId, occurredAt: new Date(at), meta: { source: 'seed' } };
    this.#streams.set(stream, [...events, personal === undefined ? event : { ...event, personal }]);
    this.#told += 1;
  }

  /** A fact about the patient, split into its open and its personal part. */
  fact(type: PatientEventType, at: string, data: Data): void {
    const all = { patientId: this.patientId, ...data };
    const open = openPatientPart(type, all);
    this.tell(`patient/${this.patientId}`, type, at, open, sealed(all, open));
  }

  /** A step of a consultation. */
  step(consultationId: string, type: string, at: string, data: Data): void {
    const all = { consultationId, patientId: this.patientId, ...data };
    const open = openConsultationPart(all);
    this.tell(`consultation/${consultationId}`, type, at, open, sealed(all, open));
  }

  get count(): number {
    return this.#told;
  }

  appends(): StreamAppend[] {
    return [...this.#streams].map(([stream, events]) => ({ stream, expected: 'absent', events }));
  }
}
