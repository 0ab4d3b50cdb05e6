import type { EventStore, RecordedEvent } from '#event-store';
import type { Reader } from '#platform';
import { foldPatient, type Patient } from './decider.js';

export interface PatientRow {
  readonly id: string;
  readonly givenName: string | null;
  readonly familyName: string | null;
  readonly birthDate: string | null;
  readonly phone: string | null;
  readonly email: string | null;
  readonly language: string | null;
  readonly timeZone: string | null;
}

const bearing = [
  'consultation.requested.v1', 'consultation.skin-assessed.v1', 'consultation.clearance-recorded.v1', 'patient.registered.v1', 'patient.contact-changed.v1',
  'patient.contact-consent-changed.v1', 'patient.fact-recorded.v1', 'patient.availability-set.v1', 'patient.erased.v1',
];

/** The patient as the log tells it: person, facts, consents, availability. An unknown id gives an empty patient. */
export const loadPatient = async (db: Reader, store: EventStore, patientId: string): Promise<Patient> => foldPatient(await store.readPatient(db, patientId, bearing));

const columns = ['patient_id', 'given_name', 'family_name', 'birth_date', 'phone', 'email', 'language', 'time_zone'] as const;
type Row = { [K in (typeof columns)[number]]: string | null };
const rowOf = (row: Row): PatientRow => ({
  id: row.patient_id ?? '', givenName: row.given_name, familyName: row.family_name, birthDate: row.birth_date, phone: row.phone, email: row.email, language: row.language, timeZone: row.time_zone,
});

/** Patients by name, phone, e-mail or id, in order of family name; `cursor` is the id after which to go on. */
export async function listPatients(db: Reader, { query = '', limit, cursor }: { query?: string | undefined; limit: number; cursor: string | null }): Promise<PatientRow[]> {
  const like = `%${query.toLowerCase().replaceAll(/[%_\\]/g, (sign) => `\\${sign}`)}%`;
  const found = db
    .selectFrom('patient')
    .select(columns)
    .where('erased', '=', false)
    .where((eb) => eb.or([eb(eb.fn('lower', [eb.fn('concat_ws', [eb.val(' '), 'given_name', 'family_name'])]), 'like', like), eb('phone', 'like', like), eb('email', 'ilike', like), eb('patient_id', 'like', like)]))
    .orderBy('patient_id')
    .limit(limit);
  const rows = await (cursor === null ? found : found.where('patient_id', '>', cursor)).execute();
  return rows.map(rowOf);
}

/** Who may be at the other end of a phone number: several people may share one. */
export async function patientsByPhone(db: Reader, phone: string): Promise<PatientRow[]> {
  const rows = await db.selectFrom('patient').select(columns).where('phone', '=', phone).where('erased', '=', false).orderBy('patient_id').execute();
  return rows.map(rowOf);
}

export interface TimelineEntry {
  readonly id: string;
  readonly type: string;
  readonly at: string;
  readonly recordedAt: string;
  readonly title: string;
  readonly data: RecordedEvent['data'];
  readonly cause: string | null;
}

/** Everything that happened to a patient, newest first, each entry with the event that caused it. */
export async function patientTimeline(db: Reader, store: EventStore, patientId: string): Promise<TimelineEntry[]> {
  const events = await store.readPatient(db, patientId);
  return events.reverse().map(({ id, type, occurredAt, recordedAt, data, meta }) => ({
    id, type, at: occurredAt.toISOString(), recordedAt: recordedAt.toISOString(), title: titleOf(type), data, cause: typeof meta['cause'] === 'string' ? meta['cause'] : null,
  }));
}

/** `session.booked.v1` reads "Session booked". */
function titleOf(type: string): string {
  const words = type.replace(/\.v\d+$/, '').replaceAll(/[.-]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
