import { sql } from 'kysely';
import { type Language, languages, shipped, shippedVersion, type TemplateKey, templateKeys, type Wording } from '#messaging';
import type { Reader } from '#platform';
import { type ActiveProtocol, readActiveProtocol } from '#protocols';
import { type ClinicDocument, parseClinic } from './document.js';
import { type Exception, type ExceptionKind, exceptionSchema, withExceptions } from './exceptions.js';
import { instantsOf } from './times.js';

/** What was read last: the settings are asked for with every message, and change once in a long while. */
let read: { readonly text: string; readonly settings: ClinicDocument; readonly asOf: string | null; readonly clinic: ClinicDocument } | null = null;

/** The settings in force, with the absences, closures and the like that were recorded beside them; null before the clinic was set up. */
export async function clinicDocument(db: Reader): Promise<ClinicDocument | null> {
  return (await current(db))?.clinic ?? null;
}

/** The settings alone, as they were put in force; null before the clinic was set up. */
export async function clinicSettings(db: Reader): Promise<ClinicDocument | null> {
  return (await current(db))?.settings ?? null;
}

async function current(db: Reader): Promise<typeof read> {
  const row = await db
    .selectFrom('clinic_settings')
    .select([sql<string>`document::text`.as('text'), 'exceptions_as_of as asOf'])
    .executeTakeFirst();
  if (row === undefined) return null;
  const known = read;
  if (known?.text === row.text && known.asOf === row.asOf) return known;
  const settings = known?.text === row.text ? known.settings : parseClinic(JSON.parse(row.text));
  const clinic = row.asOf === null ? settings : withExceptions(settings, await exceptions(db));
  return (read = { ...row, settings, clinic });
}

export interface ExceptionFilter {
  /** Only what touches the time between two instants. */
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  readonly kind?: ExceptionKind | undefined;
  readonly staffId?: string | undefined;
}

/** What was recorded beside the settings and has not been taken back, by beginning. */
export async function exceptions(db: Reader, { from, to, kind, staffId }: ExceptionFilter = {}): Promise<Exception[]> {
  const rows = await db
    .selectFrom('clinic_exception')
    .select('entry')
    .where(sql<boolean>`during && tstzrange(${from ?? null}, ${to ?? null})`)
    .$if(kind !== undefined, (query) => query.where('kind', '=', kind ?? ''))
    .$if(staffId !== undefined, (query) => query.where('staff_id', '=', staffId ?? ''))
    .orderBy(sql`lower(during)`)
    .orderBy('exception_id')
    .execute();
  return rows.map(({ entry }) => exceptionSchema.parse(entry));
}

export async function findException(db: Reader, exceptionId: string): Promise<Exception | null> {
  const row = await db.selectFrom('clinic_exception').select('entry').where('exception_id', '=', exceptionId).executeTakeFirst();
  return row === undefined ? null : exceptionSchema.parse(row.entry);
}

export interface Absence {
  /** Null for one that stands in the settings. */
  readonly exceptionId: string | null;
  readonly staffId: string;
  readonly from: string;
  readonly to: string;
  readonly reason: string | null;
}

/** Who is away between two instants, by the settings or as recorded, by beginning. */
export async function absencesBetween(db: Reader, from: Date, to: Date, staffId?: string): Promise<Absence[]> {
  const recorded = await exceptions(db, { from, to, kind: 'absence', staffId });
  const away = recorded.map(({ exceptionId, staffId: id = '', from: begins, to: ends, reason }) => ({
    ...{ exceptionId, staffId: id, from: begins, to: ends, reason: reason ?? null },
  }));
  const settings = await clinicSettings(db);
  const standing = (settings?.staff ?? []).flatMap(({ id, absences, hours }) => {
    const zone = settings?.locations.find((place) => place.id in hours)?.timeZone ?? 'UTC';
    return absences.map((absence) => ({ exceptionId: null, staffId: id, ...instantsOf(absence, zone), reason: absence.reason ?? null }));
  });
  const asked = standing.filter((one) => (staffId ?? one.staffId) === one.staffId && one.from < to.toISOString() && from.toISOString() < one.to);
  return [...away, ...asked].sort((one, other) => (one.from < other.from ? -1 : 1));
}

/** The newest version in force of each protocol, by id. */
export async function activeProtocols(db: Reader): Promise<ReadonlyMap<string, ActiveProtocol>> {
  return new Map((await activations(db)).map(({ active }) => [active.id, active]));
}

/** One version, in force or not any more: what a session was booked under. */
export async function protocolVersion(db: Reader, protocolId: string, version: number): Promise<ActiveProtocol | null> {
  const row = await db.selectFrom('protocol_version').select('active').where('protocol_id', '=', protocolId).where('version', '=', version).executeTakeFirst();
  return row === undefined ? null : readActiveProtocol(row.active);
}

/** Who put a version of a protocol in force, and when. */
export interface ActivatedProtocol {
  readonly active: ActiveProtocol;
  readonly activatedBy: string;
  readonly activatedAt: string;
}

/** The version in force of each protocol, and who signed it. */
export async function activations(db: Reader): Promise<readonly ActivatedProtocol[]> {
  const rows = await db
    .selectFrom('protocol_version')
    .distinctOn('protocol_id')
    .select(['active', 'activated_by', 'activated_at'])
    .orderBy('protocol_id')
    .orderBy('version', 'desc')
    .execute();
  return rows.map(({ active, activated_by: activatedBy, activated_at: at }) => ({
    active: readActiveProtocol(active),
    activatedBy,
    activatedAt: at.toISOString(),
  }));
}

/** A version of a clinic's own text. */
export interface TemplateVersion extends Wording {
  readonly draftedBy: string;
  readonly draftedAt: string;
  readonly approvedBy: string | null;
  readonly approvedAt: string | null;
}

const versions = (db: Reader) => db.selectFrom('template_version').selectAll().orderBy('key').orderBy('language').orderBy('version', 'desc');

function versionOf(row: Awaited<ReturnType<ReturnType<typeof versions>['execute']>>[number]): TemplateVersion[] {
  const key = templateKeys.find((known) => known === row.key);
  const language = languages.find((known) => known === row.language);
  // A text that the product no longer has is history: nothing sends it.
  if (key === undefined || language === undefined) return [];
  const { version, sms, subject, email, drafted_by: draftedBy, drafted_at: draftedAt, approved_by: approvedBy, approved_at: approvedAt } = row;
  const times = { draftedAt: draftedAt.toISOString(), approvedAt: approvedAt?.toISOString() ?? null };
  return [{ key, language, version, sms, subject, email, draftedBy, approvedBy, ...times }];
}

/** The last text that was written of a template, approved or not; null while only the shipped one is there. */
export async function newestTemplate(db: Reader, key: TemplateKey, language: Language): Promise<TemplateVersion | null> {
  const rows = await versions(db).where('key', '=', key).where('language', '=', language).limit(1).execute();
  return rows.flatMap(versionOf)[0] ?? null;
}

/** Every version of the clinic's own, newest first; of one template with its key. */
export async function templateVersions(db: Reader, key?: TemplateKey): Promise<readonly TemplateVersion[]> {
  const rows = await versions(db)
    .$if(key !== undefined, (query) => query.where('key', '=', key ?? ''))
    .execute();
  return rows.flatMap(versionOf);
}

/**
 * What a touchpoint says, in each language: the newest approved, or the shipped text. With a version, what that one said: a
 * message that may have gone out must read the same when it is looked for.
 */
export async function wordings(db: Reader, key: TemplateKey, version: number | null = null): Promise<Readonly<Record<Language, Wording>>> {
  const own = version === shippedVersion ? [] : await templateVersions(db, key);
  const said = (language: Language): Wording =>
    own.find((each) => each.language === language && each.approvedAt !== null && (version === null || each.version === version)) ?? shipped(key, language);
  return { en: said('en'), es: said('es') };
}
