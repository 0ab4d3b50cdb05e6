import { createHash, randomBytes } from 'node:crypto';
import type { Selectable } from 'kysely';
import { type ClinicDocument, locationOf, staffOf } from '#clinic';
import { type FeedEntry, feedOf } from '#messaging';
import { patientInitials } from '#patient';
import { hashToken, newId } from '#platform';
import { listSessions, type SessionView } from '#treatment';
import type { DB } from '../../libs/platform/database/tables.js';
import type { Afterglow } from '../worker/afterglow.js';

export type FeedKind = 'provider' | 'room' | 'patient';
export type Feed = Selectable<DB['calendar_feed']>;

const tokenBytes = 24;
const dayMillis = 86_400_000;
/** What is over leaves the calendar after a month; what was cancelled stays as long, so that every program hears of it. */
const [daysBack, daysAhead, mostEntries] = [30, 400, 5_000] as const;

/** Makes an address: 192 random bits that stand nowhere but in it. Answers the token once; only its hash is kept. */
export async function issueFeed(
  { db, clock }: Afterglow,
  { kind, id, by }: { kind: FeedKind; id: string; by: string },
): Promise<{ feedId: string; token: string }> {
  const token = randomBytes(tokenBytes).toString('base64url');
  const [feedId, now] = [newId(clock.now()), clock.now()];
  const row = { feed_id: feedId, token_hash: hashToken(token), kind, subject_id: id, created_by: by, created_at: now, modified_at: now };
  await db.insertInto('calendar_feed').values(row).execute();
  return { feedId, token };
}

/** The feed behind a token; null when there is none, or its address was revoked. */
export async function openFeed({ db }: Afterglow, token: string): Promise<Feed | null> {
  const found = db.selectFrom('calendar_feed').selectAll().where('token_hash', '=', hashToken(token)).where('revoked_at', 'is', null);
  return (await found.executeTakeFirst()) ?? null;
}

/** The feeds of a provider, room or patient whose addresses still open, oldest first. */
export async function feedsOf({ db }: Afterglow, { kind, id }: { kind: FeedKind; id: string }): Promise<Feed[]> {
  const own = db.selectFrom('calendar_feed').selectAll().where('kind', '=', kind).where('subject_id', '=', id);
  return own.where('revoked_at', 'is', null).orderBy('feed_id').execute();
}

export async function feedById({ db }: Afterglow, feedId: string): Promise<Feed | null> {
  return (await db.selectFrom('calendar_feed').selectAll().where('feed_id', '=', feedId).executeTakeFirst()) ?? null;
}

/** The address opens nothing from now on. */
export async function revokeFeed({ db, clock }: Afterglow, feedId: string, by: string): Promise<void> {
  const row = { revoked_at: clock.now(), revoked_by: by };
  await db.updateTable('calendar_feed').set(row).where('feed_id', '=', feedId).where('revoked_at', 'is', null).execute();
}

/** Whom or what a feed is of still belongs to the clinic. */
export function isKnown({ staff, rooms }: ClinicDocument, kind: FeedKind, id: string): boolean {
  if (kind === 'patient') return true;
  return kind === 'room' ? rooms.some((room) => room.id === id) : staff.some((person) => person.id === id && person.roles.includes('provider'));
}

const standing = ({ status }: SessionView): FeedEntry['standing'] => (status === 'cancelled' ? 'cancelled' : status === 'on_hold' ? 'unsure' : 'stands');

/** Never what is done: a provider sees a patient's initials, a room is busy, a patient has an appointment (invariant 11). */
function titleOf(kind: FeedKind, { patientId }: SessionView, initials: ReadonlyMap<string, string>): string {
  if (kind === 'room') return 'Busy';
  const whose = kind === 'provider' ? initials.get(patientId) : undefined;
  return whose === undefined ? 'Appointment' : `Appointment ${whose}`;
}

async function entriesOf(afterglow: Afterglow, clinic: ClinicDocument, { kind, subject_id: id }: Feed): Promise<FeedEntry[]> {
  const now = afterglow.clock.now().getTime();
  const span = { from: new Date(now - daysBack * dayMillis).toISOString(), to: new Date(now + daysAhead * dayMillis).toISOString(), limit: mostEntries };
  const whose = kind === 'provider' ? { providerId: id } : kind === 'room' ? { roomId: id } : { patientId: id };
  const { items } = await listSessions(afterglow.db, { ...span, ...whose });
  const initials = kind === 'provider' ? await patientInitials(afterglow.db, [...new Set(items.map(({ patientId }) => patientId))]) : new Map<string, string>();
  return items.flatMap((session): FeedEntry[] => {
    const { id: sessionId, start, end, timeZone, locationId, sequence } = session;
    if (start === null || end === null || timeZone === null) return [];
    const place = locationOf(clinic, locationId ?? '')?.name ?? clinic.name;
    return [{ sessionId, start, end, timeZone, place, title: titleOf(kind as FeedKind, session, initials), standing: standing(session), sequence }];
  });
}

function nameOf(clinic: ClinicDocument, { kind, subject_id: id }: Feed): string {
  if (kind === 'provider') return `${clinic.name}: ${staffOf(clinic, id)?.name ?? id}`;
  return kind === 'room' ? `${clinic.name}: ${id}` : clinic.name;
}

export interface FeedText {
  readonly content: string;
  readonly etag: string;
  readonly modifiedAt: Date;
  /** It is not what was read last time. */
  readonly isNew: boolean;
}

/**
 * A feed as it is now. What it holds is compared with what it held at the last reading: only when that differs does it become
 * another text, a second later at least, as times of HTTP know no less.
 */
export async function readFeed(afterglow: Afterglow, feed: Feed): Promise<FeedText> {
  const clinic = await afterglow.clinic();
  const domain = /@([^>\s]+)/.exec(afterglow.config.MAIL_FROM)?.[1] ?? 'localhost';
  const what = { name: nameOf(clinic, feed), domain, entries: await entriesOf(afterglow, clinic, feed) };
  const hash = createHash('sha256').update(JSON.stringify(what)).digest('base64url');
  const isNew = hash !== feed.content_hash;
  const after = feed.content_hash === null ? 0 : feed.modified_at.getTime() + 1_000;
  const modifiedAt = isNew ? new Date(Math.floor(Math.max(afterglow.clock.now().getTime(), after) / 1_000) * 1_000) : feed.modified_at;
  if (isNew) {
    const row = { content_hash: hash, modified_at: modifiedAt };
    await afterglow.db.updateTable('calendar_feed').set(row).where('feed_id', '=', feed.feed_id).execute();
  }
  return { content: feedOf({ ...what, modifiedAt }), etag: `"${hash.slice(0, 27)}-${modifiedAt.getTime() / 1_000}"`, modifiedAt, isNew };
}
