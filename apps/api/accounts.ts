import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { sql } from 'kysely';
import { type Clock, type Database, hashToken, newDataKey, Rejected } from '#platform';

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

/**
 * Opens a session. After five wrong passwords an account rests for 15 minutes by the clock.
 * @throws Rejected `wrong_sign_in` (401), the same for an unknown address, a wrong password and a resting account.
 */
export async function signIn(db: Database, clock: Clock, { email, password, hours }: { email: string; password: string; hours: number }): Promise<SignedIn> {
  const now = clock.now();
  const account = await claimAttempt(db, now, email);
  const right = await verify(account?.password_hash ?? (await nobodysHash), password);
  if (account === null || !right)
    throw new Rejected('wrong_sign_in', `E-mail or password is not right. After ${attemptsBeforeLock} attempts wait ${lockMinutes} minutes.`, { status: 401 });
  await db.updateTable('staff_account').set({ failures: 0, locked_until: null }).where('staff_id', '=', account.staff_id).execute();
  await db.deleteFrom('staff_session').where('expires_at', '<=', now).execute();
  const [token, expiresAt] = [randomBytes(32).toString('base64url'), minutesAfter(now, hours * 60)];
  await db
    .insertInto('staff_session')
    .values({ token_hash: hashToken(token), staff_id: account.staff_id, created_at: now, expires_at: expiresAt })
    .execute();
  return { staffId: account.staff_id, token, expiresAt };
}

/** Ends a session; an unknown one is none. */
export async function signOut(db: Database, token: string): Promise<void> {
  await db.deleteFrom('staff_session').where('token_hash', '=', hashToken(token)).execute();
}
