import type { EventStore, RecordedEvent } from '#event-store';
import type { Reader } from '#platform';
import { bearingTypes, foldPatient, type Patient } from './decider.js';

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

/** The patient as the log tells it: person, facts, consents, availability. An unknown id gives an empty patient. */
export const loadPatient = async (db: Reader, store: EventStore, patientId: string): Promise<Patient> =>
  foldPatient(await store.readPatient(db, patientId, bearingTypes));

/** The same of several patients at once, by id. */
export async function loadPatients(db: Reader, store: EventStore, patientIds: readonly string[]): Promise<ReadonlyMap<string, Patient>> {
  const events = await store.readPatients(db, patientIds, bearingTypes);
  return new Map(patientIds.map((id) => [id, foldPatient(events.filter(({ patientId }) => patientId === id))]));
}

const columns = ['patient_id', 'given_name', 'family_name', 'birth_date', 'phone', 'email', 'language', 'time_zone'] as const;
type Row = { [K in (typeof columns)[number]]: string | null };
const rowOf = (row: Row): PatientRow => ({
  id: row.patient_id ?? '',
  givenName: row.given_name,
  familyName: row.family_name,
  birthDate: row.birth_date,
  phone: row.phone,
  email: row.email,
  language: row.language,
  timeZone: row.time_zone,
});

const pattern = (text: string) => `%${text.replaceAll(/[%_\\]/g, (sign) => `\\${sign}`)}%`;

/** People by id, without a scan. */
async function rowsOf(db: Reader, ids: readonly string[]): Promise<PatientRow[]> {
  if (ids.length === 0) return [];
  const rows = await db.selectFrom('patient').select(columns).where('erased', '=', false).where('patient_id', 'in', ids).orderBy('patient_id').execute();
  return rows.map(rowOf);
}

/** Patients whose name, phone, e-mail or id holds the query, by id; `cursor` is the id after which to go on. */
export async function listPatients(
  db: Reader,
  { query = '', ids, limit, cursor }: { query?: string | undefined; ids?: readonly string[] | undefined; limit: number; cursor: string | null },
): Promise<PatientRow[]> {
  if (ids !== undefined) return rowsOf(db, ids);
  const like = pattern(query.trim());
  const digits = query.replaceAll(/\D/g, '');
  const found = db
    .selectFrom('patient')
    .select(columns)
    .where('erased', '=', false)
    .where((eb) => {
      const name = eb(eb.fn('concat_ws', [eb.val(' '), 'given_name', 'family_name']), 'ilike', like);
      const others = (['phone', 'email', 'patient_id'] as const).map((column) => eb(column, 'ilike', like));
      return eb.or([name, ...others, ...(digits.length >= 4 ? [eb('phone', 'like', pattern(digits))] : [])]);
    })
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

/** Who may write from an e-mail address, in any case: several people may share one. */
export async function patientsByEmail(db: Reader, email: string): Promise<PatientRow[]> {
  const rows = await db
    .selectFrom('patient')
    .select(columns)
    .where((eb) => eb(eb.fn('lower', ['email']), '=', email.toLowerCase()))
    .where('erased', '=', false)
    .orderBy('patient_id')
    .execute();
  return rows.map(rowOf);
}

const initial = (name: string | null) => (name === null || name === '' ? '' : `${[...name][0]?.toUpperCase() ?? ''}.`);

/** The initials of patients by id, where more of a name would be too much: "A. R." Nobody who is erased or has no name is among them. */
export async function patientInitials(db: Reader, patientIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (patientIds.length === 0) return new Map();
  const rows = await db.selectFrom('patient').select(columns).where('patient_id', 'in', patientIds).where('erased', '=', false).execute();
  const named = rows.map((row) => [row.patient_id, [initial(row.given_name), initial(row.family_name)].join(' ').trim()] as const);
  return new Map(named.filter(([, initials]) => initials !== ''));
}

export interface TimelineEntry {
  readonly id: string;
  readonly type: string;
  readonly at: string;
  readonly recordedAt: string;
  /** In plain words. */
  readonly title: string;
  readonly data: RecordedEvent['data'];
  /** Who sent or did it, as far as it was said. */
  readonly source: string | null;
  /** Id of the event that caused this one; null for a fact that came from outside. */
  readonly cause: string | null;
}

const textIn = (meta: RecordedEvent['meta'], key: string) => (typeof meta[key] === 'string' ? meta[key] : null);

const entryOf = ({ id, type, occurredAt, recordedAt, data, meta }: RecordedEvent): TimelineEntry => ({
  id,
  type,
  at: occurredAt.toISOString(),
  recordedAt: recordedAt.toISOString(),
  title: titleOf(type),
  data,
  source: textIn(meta, 'source') ?? textIn(meta, 'actor'),
  cause: textIn(meta, 'cause'),
});

/**
 * Everything that happened to a patient, newest first by the time at which it happened. `cursor` is the id of the entry after
 * which to go on; `next` is the one for the next page.
 */
export async function patientTimeline(
  db: Reader,
  store: EventStore,
  patientId: string,
  { limit, cursor }: { limit: number; cursor: string | null },
): Promise<{ items: TimelineEntry[]; next: string | null }> {
  const events = (await store.readPatient(db, patientId)).sort((a, b) => b.occurredAt.getTime() - a.occurredAt.getTime() || b.position - a.position);
  const from = cursor === null ? 0 : events.findIndex(({ id }) => id === cursor) + 1;
  const items = events.slice(from, from + limit).map(entryOf);
  return { items, next: from + limit < events.length ? (items.at(-1)?.id ?? null) : null };
}

const spelled: Readonly<Record<string, string>> = {
  'consultation.requested.v1': 'Asked for a consultation',
  'consultation.plan-proposed.v1': 'Treatment plan proposed',
  'consultation.education-delivered.v1': 'Treatment, risks and aftercare explained',
  'consultation.decision-made.v1': 'Decided on the plan',
  'consultation.consent-signed.v1': 'Consent signed',
  'consultation.finalized.v1': 'Consultation finished',
  'patient.fact-recorded.v1': 'A fact about health or treatment recorded',
  'patient.availability-set.v1': 'Availability given',
  'patient.contact-changed.v1': 'Contact details changed',
  'patient.contact-consent-changed.v1': 'Consent to be contacted changed',
  'patient.preparation-ticked.v1': 'A step of the preparation ticked by the patient',
  'patient.history-answered.v1': 'A question of the history answered by the patient',
};

/** Words for a type: its own, or the type spelled out (`session.booked.v1` reads "Session booked"). */
function titleOf(type: string): string {
  const words = type.replace(/\.v\d+$/, '').replaceAll(/[.-]/g, ' ');
  return spelled[type] ?? words.charAt(0).toUpperCase() + words.slice(1);
}
