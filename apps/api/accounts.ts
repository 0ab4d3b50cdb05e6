import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { sql } from 'kysely';
import { type Database, hashToken, newDataKey, Rejected } from '#platform';
import { hasSecondFactor, type Safe, takeCode } from './second-factor.js';

/** OWASP's second choice of argon2id: 19 MiB, two passes, one lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const attemptsBeforeLock = 5;
const lockMinutes = 15;
const shortestPassword = 10;

/** Whoever has no account costs as much time as whoever has one. */
const nobodysHash = hash(newDataKey(), cost);

const normal = (email: string) => email.trim().toLowerCase();
const minutesAfter = (at: Date, minutes: number) => new Date(at.getTime() + minutes * 60_000);

/**
 * Lets a member of staff sign in with this password; what was set before, failures and a lock are gone, and whoever is
 * signed in stays so. @throws Rejected `weak_password` under ten characters.
 */
export async function setPassword(db: Database, { staffId, email, password }: { staffId: string; email: string; password: string }): Promise<void> {
  if (password.length < shortestPassword) throw new Rejected('weak_password', `A password has at least ${shortestPassword} characters.`, { path: 'password' });
  const account = { email: normal(email), password_hash: await hash(password, cost), failures: 0, locked_until: null };
  await db
    .insertInto('staff_account')
    .values({ staff_id: staffId, ...account })
    .onConflict((conflict) => conflict.columns(['clinic_id', 'staff_id']).doUpdateSet(account))
    .execute();
}

/**
 * Counts an attempt before the password is looked at, so that guesses sent side by side are counted like guesses in a row.
 * Null when there is no such account, or it is locked.
 */
async function claimAttempt(db: Database, now: Date, email: string): Promise<{ staff_id: string; password_hash: string } | null> {
  const attempt = sql<number>`case when locked_until is null then failures + 1 else 1 end`;
  const row = await db
    .updateTable('staff_account')
    .set({
      failures: attempt,
      locked_until: sql<Date | null>`case when ${attempt} >= ${attemptsBeforeLock} then ${minutesAfter(now, lockMinutes)}::timestamptz end`,
    })
    .where('email', '=', normal(email))
    .where((account) => account.or([account('locked_until', 'is', null), account('locked_until', '<=', now)]))
    .returning(['staff_id', 'password_hash'])
    .executeTakeFirst();
  return row ?? null;
}

export interface SignedIn {
  readonly staffId: string;
  /** 256 random bits; only its hash is kept. */
  readonly token: string;
  readonly expiresAt: Date;
}

export interface Credentials {
  readonly email: string;
  readonly password: string;
  /** Of an authenticator app, where the account has one. */
  readonly code?: string | undefined;
  /** How long the session lasts. */
  readonly hours: number;
  /** What the browser calls itself. */
  readonly userAgent?: string | undefined;
}

/**
 * Opens a session. After five wrong passwords or codes an account rests for 15 minutes by the clock.
 * @throws Rejected `wrong_sign_in` (401), the same for an unknown address, a wrong password, a wrong code and a resting account;
 * `second_factor_needed` (401) when the password is right and a code is wanted.
 */
export async function signIn(safe: Safe, { email, password, code, hours, userAgent = '' }: Credentials): Promise<SignedIn> {
  const { db, clock } = safe;
  const now = clock.now();
  const account = await claimAttempt(db, now, email);
  const right = await verify(account?.password_hash ?? (await nobodysHash), password);
  const wrong = new Rejected('wrong_sign_in', `E-mail, password or code is not right. After ${attemptsBeforeLock} attempts wait ${lockMinutes} minutes.`, {
    status: 401,
  });
  if (account === null || !right) throw wrong;
  if (await hasSecondFactor(safe, account.staff_id)) {
    if (code === undefined) {
      await forgiveAttempt(db, account.staff_id);
      throw new Rejected('second_factor_needed', 'Enter the code of your authenticator app.', { status: 401, path: 'code' });
    }
    if (!(await takeCode(safe, account.staff_id, code))) throw wrong;
  }
  await db.updateTable('staff_account').set({ failures: 0, locked_until: null }).where('staff_id', '=', account.staff_id).execute();
  await db.deleteFrom('staff_session').where('expires_at', '<=', now).execute();
  const [token, expiresAt] = [randomBytes(32).toString('base64url'), minutesAfter(now, hours * 60)];
  const session = { token_hash: hashToken(token), staff_id: account.staff_id, created_at: now, expires_at: expiresAt, device: deviceOf(userAgent) };
  await db.insertInto('staff_session').values(session).execute();
  return { staffId: account.staff_id, token, expiresAt };
}

/** To be asked for a code is no failure; but it does not wipe out those before, or codes could be guessed for ever. */
async function forgiveAttempt(db: Database, staffId: string): Promise<void> {
  await db
    .updateTable('staff_account')
    .set({ failures: sql<number>`greatest(failures - 1, 0)`, locked_until: null })
    .where('staff_id', '=', staffId)
    .execute();
}

const browsers = [
  [/Edg\//, 'Edge'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\//, 'Chrome'],
  [/Safari\//, 'Safari'],
] as const;
const systems = [
  [/iPhone|iPad/, 'iOS'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
] as const;

/** Enough to recognise one's own devices by, and no more. */
function deviceOf(userAgent: string): string {
  const [browser, system] = [browsers, systems].map((list) => list.find(([pattern]) => pattern.test(userAgent))?.[1]);
  return [browser ?? 'another program', ...(system === undefined ? [] : [`on ${system}`])].join(' ');
}

export interface OpenSession {
  readonly id: string;
  readonly device: string;
  readonly startedAt: string;
  readonly seenAt: string | null;
  readonly expiresAt: string;
  /** The one that asks. */
  readonly current: boolean;
}

/** Where somebody is signed in now, the latest first. */
export async function openSessions({ db, clock }: Pick<Safe, 'db' | 'clock'>, staffId: string, token: string): Promise<OpenSession[]> {
  const rows = await db
    .selectFrom('staff_session')
    .select(['session_id', 'token_hash', 'device', 'created_at', 'seen_at', 'expires_at'])
    .where('staff_id', '=', staffId)
    .where('expires_at', '>', clock.now())
    .orderBy('created_at', 'desc')
    .orderBy('session_id')
    .execute();
  return rows.map((row) => ({
    id: row.session_id,
    device: row.device,
    startedAt: row.created_at.toISOString(),
    seenAt: row.seen_at?.toISOString() ?? null,
    expiresAt: row.expires_at.toISOString(),
    current: row.token_hash.equals(hashToken(token)),
  }));
}

/** Ends one of somebody's own sessions. Answers false when it is not theirs, or not there. */
export async function endSession(db: Database, staffId: string, sessionId: string): Promise<boolean> {
  const ended = await db.deleteFrom('staff_session').where('staff_id', '=', staffId).where('session_id', '=', sessionId).executeTakeFirst();
  return ended.numDeletedRows === 1n;
}

/** Ends every session of somebody's but the one that asks. Answers how many. */
export async function endOtherSessions(db: Database, staffId: string, token: string): Promise<number> {
  const ended = await db.deleteFrom('staff_session').where('staff_id', '=', staffId).where('token_hash', '!=', hashToken(token)).executeTakeFirst();
  return Number(ended.numDeletedRows);
}

/** Ends a session; an unknown one is none. */
export async function signOut(db: Database, token: string): Promise<void> {
  await db.deleteFrom('staff_session').where('token_hash', '=', hashToken(token)).execute();
}
