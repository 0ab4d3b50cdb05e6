import type { ClinicDocument } from '#clinic';
import type { EventStore } from '#event-store';
import type { Channel } from '#messaging';
import { type Clock, type Database, lockInOrder, newId, type Reader, type Transaction } from '#platform';
import type { About } from './events.js';
import type { OutreachEvent } from './events.js';
import type { Outreach } from './decider.js';
import { findOutreach, streamsOfOutreach } from './queries.js';

/** What changing the ledger needs. */
export interface LedgerContext {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly clinic: ClinicDocument;
}

/** What sending needs besides; look-ups read within the claiming transaction. */
export interface FollowUpContext extends LedgerContext {
  readonly db: Database;
  readonly channels: { readonly sms: Channel; readonly email: Channel };
  /** The clinic's own e-mail address: who invites to a visit. Without it e-mails carry no calendar object. */
  readonly organizer?: string;
  /** The page behind a message (the console's, for a page to staff), and the one-click unsubscribe. The same row, the same links. */
  pageFor(trx: Transaction, row: Outreach): Promise<{ readonly link: string; readonly unsubscribeUrl?: string }>;
  /** Has someone taken what staff are paged for? A page that has not left then stays. */
  isAcknowledged(db: Reader, taskId: string): Promise<boolean>;
  /** Those of the patients who wrote since an instant what was not read yet. */
  unheard(db: Reader, patientIds: readonly string[], since: Date): Promise<ReadonlySet<string>>;
  /** The address of a conversation with someone who is no patient. */
  strangerAddress(db: Reader, conversationId: string): Promise<string | null>;
  /** What a member of staff wrote to a patient, from its sealed place. */
  writtenText(db: Reader, conversationId: string, messageId: string): Promise<string | null>;
}

/** One stream a patient: its lock puts everything that changes a patient's rows in a line, caps included. */
export const streamFor = ({ patientId, conversationId, staffId, outreachId }: Pick<About, 'patientId' | 'conversationId' | 'staffId' | 'outreachId'>): string =>
  `outreach/${patientId ?? conversationId ?? staffId ?? outreachId}`;

export const lockOutreach = (trx: Transaction, stream: string): Promise<void> => lockInOrder(trx, [stream]);

/**
 * Rows under their locks, by id; without those that are not there. Of several rows of one stream only the first: the next must
 * see what becomes of it (caps count across the rows of a patient), so it belongs to another transaction.
 */
export async function lockedRows(
  trx: Transaction,
  ids: readonly string[],
): Promise<{ readonly rows: ReadonlyMap<string, Outreach>; readonly later: ReadonlySet<string> }> {
  const streams = await streamsOfOutreach(trx, ids);
  const firstOf = new Map<string, string>();
  for (const id of ids) {
    const stream = streams.get(id);
    if (stream !== undefined && !firstOf.has(stream)) firstOf.set(stream, id);
  }
  await lockInOrder(trx, firstOf.keys());
  const first = new Set(firstOf.values());
  return { rows: await findOutreach(trx, [...first]), later: new Set([...streams.keys()].filter((id) => !first.has(id))) };
}

/** Another row of the same patient is being decided in this transaction: this one is asked for again in the next. */
export const again = Symbol('again');
export type Again = typeof again;

/** What a message to a patient says, as it leaves: sealed with the patient's key (a stranger's: with that of the thread). */
export interface Said {
  readonly subject?: string;
  readonly body: string;
}

export interface Entry {
  readonly about: Parameters<typeof streamFor>[0];
  readonly events: readonly (OutreachEvent & { readonly said?: Said })[];
  /** Makes a repeated call write nothing. */
  readonly eventId?: ((event: OutreachEvent) => string) | undefined;
}

function ownerOf({ patientId, conversationId }: Entry['about'], said: Said | undefined) {
  const owner = patientId ?? (said === undefined ? undefined : conversationId);
  return { ...(owner === undefined ? {} : { patientId: owner }), ...(said === undefined || owner === undefined ? {} : { personal: { ...said } }) };
}

/** Appends to the streams of several patients at once, each named once; the ledger follows in the same transaction. */
export async function appendAll(trx: Transaction, { store, clock }: LedgerContext, entries: readonly Entry[]): Promise<void> {
  const now = clock.now();
  const appends = entries
    .filter(({ events }) => events.length > 0)
    .map(({ about, events, eventId }) => ({
      stream: streamFor(about),
      expected: 'any' as const,
      events: events.map((event) => ({
        id: eventId?.(event) ?? newId(now),
        type: event.type,
        data: event.data,
        occurredAt: now,
        ...ownerOf(about, event.said),
      })),
    }));
  if (appends.length > 0) await store.append(trx, appends);
}

/** Appends to a patient's stream; the ledger follows in the same transaction. `eventId` makes a repeated call write nothing. */
export function append(
  trx: Transaction,
  context: LedgerContext,
  about: Entry['about'],
  events: readonly OutreachEvent[],
  eventId?: Entry['eventId'],
): Promise<void> {
  return appendAll(trx, context, [{ about, events, eventId }]);
}

/** Whom and what a row is about, as its ends repeat it. */
export const aboutOf = ({
  outreachId,
  patientId,
  staffId,
  conversationId,
  taskId,
  consultationId,
  courseId,
  sessionId,
  touchpoint,
  channel,
  category,
}: Outreach): About => ({
  outreachId,
  patientId,
  staffId,
  conversationId,
  taskId,
  consultationId,
  courseId,
  sessionId,
  touchpoint,
  channel,
  category,
});

/** The same for an end that needs a person. */
export const endOf = (row: Outreach) => ({ ...aboutOf(row), ...(row.locals.start === undefined ? {} : { visitAt: row.locals.start }) });
