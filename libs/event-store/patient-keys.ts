import { type Clock, type JsonObject, newDataKey, type Reader, seal, type Transaction, unseal } from '#platform';
import type { StoredEvent } from './event-store.js';
import type { NewEvent } from './types.js';

const cached = 10_000;

/** Each patient's data key, wrapped by the master key. To erase a patient is to destroy this key. */
export class PatientKeys {
  readonly #master: Uint8Array;
  readonly #clock: Clock;
  readonly #keys = new Map<string, { readonly wrapped: Buffer; readonly key: Buffer }>();

  constructor(masterKey: Uint8Array, clock: Clock) {
    this.#master = masterKey;
    this.#clock = clock;
  }

  /** The sealed personal parts, in the order of the events; null where there is none. Makes the keys that are missing. */
  async sealAll(trx: Transaction, events: readonly NewEvent[]): Promise<(Buffer | null)[]> {
    const patients = new Set(events.filter(hasPersonal).map(patientOf));
    const keys = await this.#load(trx, patients);
    const missing = [...patients].filter((patient) => !keys.has(patient));
    if (missing.length > 0) for (const [patient, key] of await this.#create(trx, missing)) keys.set(patient, key);
    return events.map((event) => {
      if (!hasPersonal(event)) return null;
      const key = keys.get(patientOf(event));
      if (key === undefined || key === null) throw new Error(`patient ${patientOf(event)} was erased: nothing personal can be recorded`);
      return seal(key, Buffer.from(JSON.stringify(event.personal)), `${event.id}/${patientOf(event)}`);
    });
  }

  /** The personal parts, in the order of the rows; null where there is none or the patient was erased. */
  async openAll(db: Reader, rows: readonly StoredEvent[]): Promise<(JsonObject | null)[]> {
    const patients = new Set(rows.flatMap(({ sealed, patient_id: patient }) => (sealed === null || patient === null ? [] : [patient])));
    const keys = await this.#load(db, patients);
    return rows.map(({ sealed, patient_id: patient, event_id: id }) => {
      const key = patient === null ? undefined : keys.get(patient);
      if (sealed === null || key === undefined || key === null) return null;
      return JSON.parse(unseal(key, sealed, `${id}/${patient}`).toString('utf8')) as JsonObject;
    });
  }

  /** Seals what is kept beside the log, a photo, with the patient's key. @throws Error when the patient was erased. */
  async seal(trx: Transaction, patientId: string, plain: Uint8Array, context: string): Promise<Buffer> {
    const keys = await this.#load(trx, new Set([patientId]));
    const key = keys.has(patientId) ? keys.get(patientId) : (await this.#create(trx, [patientId])).get(patientId);
    if (key === undefined || key === null) throw new Error(`patient ${patientId} was erased: nothing personal can be recorded`);
    return seal(key, plain, context);
  }

  /** What was sealed with the patient's key; null once the patient was erased. */
  async open(db: Reader, patientId: string, sealed: Uint8Array, context: string): Promise<Buffer | null> {
    const key = (await this.#load(db, new Set([patientId]))).get(patientId);
    return key === undefined || key === null ? null : unseal(key, sealed, context);
  }

  /** Which of these patients were erased: nothing personal can be recorded of them any more. */
  async erased(db: Reader, patientIds: readonly string[]): Promise<ReadonlySet<string>> {
    if (patientIds.length === 0) return new Set();
    const rows = await db.selectFrom('patient_key').select('patient_id').where('patient_id', 'in', patientIds).where('wrapped_key', 'is', null).execute();
    return new Set(rows.map(({ patient_id: id }) => id));
  }

  /** Destroys the key. What was sealed with it cannot be read again, from anywhere. */
  async destroy(trx: Transaction, patientId: string): Promise<void> {
    const gone = { wrapped_key: null, destroyed_at: this.#clock.now() };
    await trx
      .insertInto('patient_key')
      .values({ patient_id: patientId, created_at: this.#clock.now(), ...gone })
      .onConflict((conflict) => conflict.columns(['clinic_id', 'patient_id']).doUpdateSet(gone))
      .execute();
    this.#keys.delete(patientId);
  }

  /** Unwrapped keys; null for an erased patient. A key in memory is trusted only while its row still stands. */
  async #load(db: Reader, patients: ReadonlySet<string>): Promise<Map<string, Buffer | null>> {
    if (patients.size === 0) return new Map();
    const rows = await db
      .selectFrom('patient_key')
      .select(['patient_id', 'wrapped_key'])
      .where('patient_id', 'in', [...patients])
      .execute();
    return new Map(rows.map(({ patient_id: id, wrapped_key: wrapped }) => [id, wrapped === null ? null : this.#unwrap(id, wrapped)]));
  }

  /** Unwrapped once; patients of two clinics may have the same id, so what stands in the row decides. */
  #unwrap(patientId: string, wrapped: Buffer): Buffer {
    const known = this.#keys.get(patientId);
    if (known?.wrapped.equals(wrapped)) return known.key;
    const key = unseal(this.#master, wrapped, patientId);
    if (this.#keys.size >= cached) this.#keys.clear();
    this.#keys.set(patientId, { wrapped, key });
    return key;
  }

  /** Two writers may meet here, in sorted order: the first key stands, the second writer takes it over. */
  async #create(trx: Transaction, patients: readonly string[]): Promise<Map<string, Buffer | null>> {
    const created_at = this.#clock.now();
    const rows = [...patients].sort().map((id) => ({ patient_id: id, wrapped_key: seal(this.#master, newDataKey(), id), created_at }));
    await trx
      .insertInto('patient_key')
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    return this.#load(trx, new Set(patients));
  }
}

export const hasPersonal = ({ personal }: NewEvent) => personal !== undefined && Object.keys(personal).length > 0;

function patientOf(event: NewEvent): string {
  if (event.patientId === undefined) throw new Error(`event ${event.type} has a personal part but no patient`);
  return event.patientId;
}
