import { randomBytes } from 'node:crypto';
import { type Clock, type Database, hashToken, Rejected } from '#platform';
import type { Role } from './access.js';

/**
 * What a machine may be given. What a provider or the medical director decides carries a person's name, and whoever reads the
 * access log answers for it: no machine does.
 */
export const machineRoles = ['events', 'front_desk', 'admin'] as const satisfies readonly Role[];

/** A key as it is listed: nothing of it opens anything. */
export interface KeyView {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  /** Its last four characters; null for keys of the environment, which are not kept. */
  readonly hint: string | null;
  readonly createdAt: string;
  readonly createdBy: string | null;
  readonly lastUsedAt: string | null;
  readonly revokedAt: string | null;
  readonly revokedBy: string | null;
  /** Set by the environment, and revoked by taking it out there. */
  readonly fromEnvironment: boolean;
}

interface Safe {
  readonly db: Database;
  readonly clock: Clock;
}

const fromEnvironment = (name: string) => name.startsWith('environment/');

/** Every key, those in force first, the newest first. */
export async function listKeys(db: Database): Promise<KeyView[]> {
  const rows = await db
    .selectFrom('api_key')
    .select(['key_id', 'name', 'roles', 'hint', 'created_at', 'created_by', 'last_used_at', 'revoked_at', 'revoked_by'])
    .orderBy('revoked_at', (order) => order.desc().nullsFirst())
    .orderBy('created_at', 'desc')
    .orderBy('key_id')
    .execute();
  return rows.map((row) => ({
    id: row.key_id,
    name: row.name.replace(/^environment\//, ''),
    roles: row.roles,
    hint: row.hint,
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    revokedAt: row.revoked_at?.toISOString() ?? null,
    revokedBy: row.revoked_by,
    fromEnvironment: fromEnvironment(row.name),
  }));
}

/**
 * Makes a key: 256 random bits, of which only the hash is kept.
 * @returns the key itself, for once.
 * @throws Rejected `name_taken` (409) while a key in force has that name.
 */
export async function makeKey(
  { db, clock }: Safe,
  { name, roles, by }: { readonly name: string; readonly roles: readonly Role[]; readonly by: string },
): Promise<{ readonly id: string; readonly key: string }> {
  const taken = await db.selectFrom('api_key').select('key_id').where('name', '=', name).where('revoked_at', 'is', null).executeTakeFirst();
  if (taken !== undefined || fromEnvironment(name))
    throw new Rejected('name_taken', `There is a key ${name} already: choose another name.`, { path: 'name', status: 409 });
  const key = `ag_${randomBytes(32).toString('base64url')}`;
  const made = { key_hash: hashToken(key), name, roles: [...roles], hint: key.slice(-4), created_at: clock.now(), created_by: by };
  const { key_id: id } = await db.insertInto('api_key').values(made).returning('key_id').executeTakeFirstOrThrow();
  return { id, key };
}

/**
 * Takes a key out of force at once; a second time changes nothing.
 * @throws Rejected `not_found` (404), and `key_of_environment` (409) for one that would come back at the next start.
 */
export async function revokeKey({ db, clock }: Safe, id: string, by: string): Promise<void> {
  const known = await db.selectFrom('api_key').select('name').where('key_id', '=', id).executeTakeFirst();
  if (known === undefined) throw new Rejected('not_found', 'There is no such key.', { status: 404 });
  if (fromEnvironment(known.name)) throw new Rejected('key_of_environment', 'This key is set by API_KEYS: take it out there.', { status: 409 });
  await db.updateTable('api_key').set({ revoked_at: clock.now(), revoked_by: by }).where('key_id', '=', id).where('revoked_at', 'is', null).execute();
}
