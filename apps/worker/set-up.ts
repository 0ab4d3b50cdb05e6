import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { activateProtocol, clinicDocument, configureClinic, parseClinic } from '#clinic';
import { hashToken, inTransaction, projectRoot } from '#platform';
import { sampleFigures, sampleProtocols } from '#protocols';
import type { Afterglow } from './afterglow.js';

/** The clinic that the project brings along. */
async function readSampleClinic(): Promise<unknown> {
  return JSON.parse(await readFile(join(projectRoot, 'libs/clinic/data/sample-clinic.json'), 'utf8')) as unknown;
}

/** Puts a clinic's settings in force. @throws Rejected `invalid_clinic` naming the field. */
export async function setUpClinic(afterglow: Afterglow, input: unknown): Promise<void> {
  const document = parseClinic(input);
  await inTransaction(afterglow.db, (trx) => configureClinic(trx, afterglow, document, 'set-up'));
}

/** What the sample clinic's medical director has signed: every protocol but the deep peel, open figures filled and named. */
export async function activateSampleProtocols(afterglow: Afterglow): Promise<void> {
  const director = (await afterglow.clinic()).staff.find(({ roles }) => roles.includes('medical_director'))?.id ?? 'medical-director';
  await inTransaction(afterglow.db, async (trx) => {
    for (const protocolId of sampleProtocols)
      await activateProtocol(trx, afterglow, { protocolId, version: 1, figures: sampleFigures(protocolId), by: director });
  });
}

/** Events name providers and protocols, so without a clinic none can be judged: an installation that has none gets the sample one. Answers whether it did. */
export async function ensureClinic(afterglow: Afterglow): Promise<boolean> {
  if ((await clinicDocument(afterglow.db)) !== null) return false;
  await setUpClinic(afterglow, await readSampleClinic());
  await activateSampleProtocols(afterglow);
  return true;
}

const everyRole = ['events', 'front_desk', 'provider', 'medical_director', 'admin', 'auditor'];
const machineRoles = ['events', 'front_desk'];

/** Keys of the environment, `name:key` or `name[role+role]:key`; stored hashed. Those that left the environment are revoked. */
export async function registerKeys(afterglow: Afterglow, keys: readonly { name: string; key: string }[], { everything = false } = {}): Promise<void> {
  const rows = keys.map(({ name, key }) => {
    const [, plain = name, roles] = /^([^[]+)\[([^\]]+)\]$/.exec(name) ?? [];
    return {
      name: `environment/${plain}`,
      key_hash: hashToken(key),
      roles: roles?.split('+') ?? (everything ? everyRole : machineRoles),
      created_at: afterglow.clock.now(),
      revoked_at: null,
    };
  });
  await inTransaction(afterglow.db, async (trx) => {
    await trx
      .updateTable('api_key')
      .set({ revoked_at: afterglow.clock.now() })
      .where('name', 'like', 'environment/%')
      .where('revoked_at', 'is', null)
      .execute();
    for (const row of rows)
      await trx
        .insertInto('api_key')
        .values(row)
        .onConflict((conflict) => conflict.columns(['clinic_id', 'key_hash']).doUpdateSet({ name: row.name, roles: row.roles, revoked_at: null }))
        .execute();
  });
}
