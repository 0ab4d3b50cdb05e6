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
  const rows = await db
    .selectFrom('protocol_version')
    .distinctOn('protocol_id')
    .select(['protocol_id', 'active'])
    .orderBy('protocol_id')
    .orderBy('version', 'desc')
    .execute();
  return new Map(rows.map(({ protocol_id: id, active }) => [id, readActiveProtocol(active)]));
}

/** One version, in force or not any more: what a session was booked under. */
export async function protocolVersion(db: Reader, protocolId: string, version: number): Promise<ActiveProtocol | null> {
  const row = await db.selectFrom('protocol_version').select('active').where('protocol_id', '=', protocolId).where('version', '=', version).executeTakeFirst();
  return row === undefined ? null : readActiveProtocol(row.active);
}
