import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Selectable } from 'kysely';
import { type Clock, deriveKey, hashToken, type Reader } from '#platform';
import type { DB } from '../../../libs/platform/database/tables.js';

export type Purpose = 'visit' | 'care' | 'check-in' | 'satisfaction' | 'photo' | 'unsubscribe' | 'history' | 'consent';
/** Touchpoints whose link opens another page than the visit's. */
const pages: Readonly<Record<string, Purpose>> = {
  'request-received': 'history',
  'plan-and-costs': 'consent',
  'consent-copy': 'care',
  'check-in': 'check-in',
  satisfaction: 'satisfaction',
  'photo-request': 'photo',
  'result-review': 'photo',
};

/** What the link in a touchpoint's text opens. */
export const purposeOf = (touchpoint: string): Purpose => pages[touchpoint] ?? 'visit';

export type PatientLink = Selectable<DB['patient_link']>;

export interface Link {
  readonly patientId: string;
  readonly purpose: Purpose;
  /** The message that carries the link. The same message always carries the same link, however often it is tried. */
  readonly outreachId: string;
  readonly sessionId?: string | null;
}

interface Signing {
  readonly masterKey: Uint8Array;
  readonly clock: Clock;
}

const [tokenBytes, guesses, unlockedMinutes] = [16, 5, 30];
/** For how long a link opens. */
export const linkDays = 60;
const later = (from: Date, minutes: number) => new Date(from.getTime() + minutes * 60_000);

const sign = (masterKey: Uint8Array, ...parts: readonly string[]): Buffer =>
  createHmac('sha256', deriveKey(masterKey, "patients' links")).update(JSON.stringify(parts)).digest().subarray(0, tokenBytes);

/**
 * The token of a patient's own page, `/p/{token}`: 128 bits that only the master key can make, stored hashed. It opens for
 * 60 days from now; asked for again it is the same, and lasts longer.
 */
export async function issueLink(db: Reader, { masterKey, clock }: Signing, { patientId, purpose, outreachId, sessionId = null }: Link): Promise<string> {
  const token = sign(masterKey, 'link', patientId, purpose, outreachId).toString('base64url');
  const expiry = later(clock.now(), linkDays * 24 * 60);
  await db
    .insertInto('patient_link')
    .values({
      token_hash: hashToken(token),
      patient_id: patientId,
      purpose,
      session_id: sessionId,
      outreach_id: outreachId,
      created_at: clock.now(),
      expires_at: expiry,
    })
    .onConflict((conflict) => conflict.columns(['clinic_id', 'token_hash']).doUpdateSet({ expires_at: expiry }))
    .execute();
  return token;
}

/** The link behind a token; null when there is none or its time is over. */
export async function openLink(db: Reader, clock: Clock, token: string): Promise<PatientLink | null> {
  const link = await db
    .selectFrom('patient_link')
    .selectAll()
    .where('token_hash', '=', hashToken(token))
    .where('expires_at', '>', clock.now())
    .executeTakeFirst();
  return link ?? null;
}

/** True once the birth date was guessed wrong five times: then only a call to the clinic helps. */
export const isLocked = ({ failures }: Pick<PatientLink, 'failures'>): boolean => failures >= guesses;

/** Counts a guess before it is looked at, so that guesses sent side by side count like guesses in a row. */
export async function guessBirthDate(
  db: Reader,
  { token_hash }: PatientLink,
  given: string,
  birthDate: string | undefined,
): Promise<'right' | 'wrong' | 'locked'> {
  const link = db.updateTable('patient_link').where('token_hash', '=', token_hash);
  const counted = await link
    .set((row) => ({ failures: row('failures', '+', 1) }))
    .where('failures', '<', guesses)
    .returning('failures')
    .executeTakeFirst();
  if (counted === undefined) return 'locked';
  if (birthDate === undefined || given !== birthDate) return isLocked(counted) ? 'locked' : 'wrong';
  await link.set({ failures: 0 }).execute();
  return 'right';
}

/** What a browser keeps for half an hour after the right birth date. It opens this one link and says nothing of the person. */
export function passFor({ masterKey, clock }: Signing, token: string): { readonly pass: string; readonly seconds: number } {
  const until = later(clock.now(), unlockedMinutes).toISOString();
  return { pass: `${Date.parse(until)}.${sign(masterKey, 'pass', token, until).toString('base64url')}`, seconds: unlockedMinutes * 60 };
}

export function isPass({ masterKey, clock }: Signing, token: string, pass: string | null): boolean {
  const [millis, signature] = (pass ?? '').split('.');
  if (millis === undefined || signature === undefined || !/^\d{13}$/.test(millis) || Number(millis) <= clock.now().getTime()) return false;
  const [given, right] = [Buffer.from(signature, 'base64url'), sign(masterKey, 'pass', token, new Date(Number(millis)).toISOString())];
  return given.length === right.length && timingSafeEqual(given, right);
}
