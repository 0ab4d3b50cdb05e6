import { Secret, TOTP } from 'otpauth';
import { type Clock, type Database, deriveKey, Rejected, seal, unseal } from '#platform';

/*
 * A code from an authenticator app beside the password (RFC 6238: SHA-1, six digits, thirty seconds, what every app can do).
 * The secret is sealed at rest; a code is good once, also for whoever looked over a shoulder.
 */

export interface Safe {
  readonly db: Database;
  readonly clock: Clock;
  readonly masterKey: Buffer;
}

const periodSeconds = 30;
/** A phone's clock may be one step off (RFC 6238, section 5.2). */
const window = 1;

const keyOf = ({ masterKey }: Safe) => deriveKey(masterKey, 'second factors');
const totpOf = (secret: Secret, issuer: string, label: string) => new TOTP({ issuer, label, secret, period: periodSeconds });

/** A code was wrong, or was used before. */
const wrongCode = () => new Rejected('wrong_code', 'The code is not right. Each code is good once; wait for the next one.', { status: 401, path: 'code' });

/**
 * Begins: a secret for an authenticator app, as an address that a QR code can carry. It counts once it is confirmed; what was
 * confirmed before stays in force until then. @throws Rejected `already_on` when there is one.
 */
export async function beginSecondFactor(
  safe: Safe,
  staffId: string,
  issuer: string,
  label: string,
): Promise<{ readonly secret: string; readonly uri: string }> {
  const secret = new Secret({ size: 20 });
  const sealed = seal(keyOf(safe), Buffer.from(secret.bytes), staffId);
  const begun = await safe.db
    .updateTable('staff_account')
    .set({ totp_secret: sealed, totp_step: null })
    .where('staff_id', '=', staffId)
    .where('totp_confirmed_at', 'is', null)
    .executeTakeFirst();
  if (begun.numUpdatedRows === 0n) throw new Rejected('already_on', 'A second factor is in force already: take it away first.', { status: 409 });
  return { secret: secret.base32, uri: totpOf(secret, issuer, label).toString() };
}

/** Puts it in force with a first code. @throws Rejected `wrong_code`. */
export async function confirmSecondFactor(safe: Safe, staffId: string, code: string): Promise<void> {
  if (!(await takeCode(safe, staffId, code))) throw wrongCode();
  await safe.db.updateTable('staff_account').set({ totp_confirmed_at: safe.clock.now() }).where('staff_id', '=', staffId).execute();
}

/** Takes it away, with one more code. @throws Rejected `wrong_code`. */
export async function endSecondFactor(safe: Safe, staffId: string, code: string): Promise<void> {
  if (!(await takeCode(safe, staffId, code))) throw wrongCode();
  await safe.db.updateTable('staff_account').set({ totp_secret: null, totp_confirmed_at: null, totp_step: null }).where('staff_id', '=', staffId).execute();
}

export async function hasSecondFactor({ db }: Pick<Safe, 'db'>, staffId: string): Promise<boolean> {
  const row = await db.selectFrom('staff_account').select('totp_confirmed_at').where('staff_id', '=', staffId).executeTakeFirst();
  return row !== undefined && row.totp_confirmed_at !== null;
}

/** Is it a code of this moment that was not used yet? Of two who send the same code at once one is told no. */
export async function takeCode(safe: Safe, staffId: string, code: string): Promise<boolean> {
  const { db, clock } = safe;
  const row = await db.selectFrom('staff_account').select('totp_secret').where('staff_id', '=', staffId).executeTakeFirst();
  if (row?.totp_secret === undefined || row.totp_secret === null) return false;
  const secret = new Secret({ buffer: Uint8Array.from(unseal(keyOf(safe), row.totp_secret, staffId)).buffer });
  const timestamp = clock.now().getTime();
  const off = totpOf(secret, '', '').validate({ token: code.replaceAll(/\s/g, ''), timestamp, window });
  if (off === null) return false;
  const step = Math.floor(timestamp / 1_000 / periodSeconds) + off;
  const used = await db
    .updateTable('staff_account')
    .set({ totp_step: step })
    .where('staff_id', '=', staffId)
    .where((account) => account.or([account('totp_step', 'is', null), account('totp_step', '<', step)]))
    .executeTakeFirst();
  return used.numUpdatedRows === 1n;
}
