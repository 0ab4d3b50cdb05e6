import { type Language, languages, shipped, shippedVersion, type TemplateKey, templateKeys, type Wording } from '#messaging';
import type { Reader } from '#platform';
import { type ActiveProtocol, readActiveProtocol } from '#protocols';
import { type ClinicDocument, parseClinic } from './document.js';

/** The settings in force; null before the clinic was set up. */
export async function clinicDocument(db: Reader): Promise<ClinicDocument | null> {
  const row = await db.selectFrom('clinic_settings').select('document').executeTakeFirst();
  return row === undefined ? null : parseClinic(row.document);
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
