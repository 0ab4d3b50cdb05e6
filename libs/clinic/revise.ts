/*
 * Changing the settings by hand. Invariants:
 *   4. Only a medical director makes another one, and settles what is clinical in the settings: who must be tested, what is signed.
 *  14. Whoever changes them says which state they read: nobody undoes what another has just saved without having seen it.
 */
import { isDeepStrictEqual } from 'node:util';
import { deterministicId, lockInOrder, Rejected, type Transaction } from '#platform';
import { type ClinicContext, configureClinic } from './commands.js';
import { type ClinicDocument, parseClinic } from './document.js';
import { clinicSettings } from './queries.js';

/** Names a state of the settings. */
export const settingsVersion = (settings: ClinicDocument): string => deterministicId('clinic-settings', JSON.stringify(settings));

const director = 'medical_director';
const clinical = ['patchTests', 'consentDocuments', 'recipes'] as const;

function refuseWithoutDirector(before: ClinicDocument, after: ClinicDocument): void {
  const refused = (path: string, message: string) => new Rejected('director_needed', message, { status: 403, path });
  const directors = new Set(before.staff.filter(({ roles }) => roles.includes(director)).map(({ id }) => id));
  const risen = after.staff.findIndex(({ id, roles }) => roles.includes(director) && !directors.has(id));
  if (risen >= 0) throw refused(`staff.${risen}.roles`, 'Only a medical director makes somebody medical director.');
  const changed = clinical.find((field) => !isDeepStrictEqual(before[field], after[field]));
  if (changed !== undefined) throw refused(changed, 'Only a medical director changes what is clinical in the settings.');
}

/**
 * Puts settings in force in place of those of `version`.
 * @returns the new version.
 * @throws Rejected `clinic_changed` (409) when others are in force by now, `director_needed` (403), `invalid_clinic`.
 */
export async function reviseClinic(
  trx: Transaction,
  context: ClinicContext,
  { version, document, by, roles }: { readonly version: string; readonly document: unknown; readonly by: string; readonly roles: readonly string[] },
): Promise<string> {
  await lockInOrder(trx, ['clinic-settings']);
  const before = await clinicSettings(trx);
  if (before === null) throw new Rejected('no_clinic', 'The clinic has not been set up yet.', { status: 503 });
  const present = settingsVersion(before);
  if (present !== version)
    throw new Rejected('clinic_changed', 'Somebody else has saved other settings since you opened these. Nothing of yours was saved.', {
      status: 409,
      version: present,
    });
  const after = parseClinic(document);
  if (after.clinicId !== before.clinicId) throw new Rejected('invalid_clinic', 'The clinic’s settings: clinicId: cannot be changed', { path: 'clinicId' });
  if (!roles.includes(director)) refuseWithoutDirector(before, after);
  await configureClinic(trx, context, after, by);
  return settingsVersion(after);
}
