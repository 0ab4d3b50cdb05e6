import type { ClinicDocument } from '#clinic';
import type { EventStore } from '#event-store';
import type { Channel } from '#messaging';
import { type Clock, type Database, lockInOrder, newId, type Reader, type Transaction } from '#platform';
import type { About } from './events.js';
import type { OutreachEvent } from './events.js';
import type { Outreach } from './decider.js';
import { findOutreach, streamOfOutreach } from './queries.js';

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
  /** The address of a conversation with someone who is no patient. */
  strangerAddress(db: Reader, conversationId: string): Promise<string | null>;
  /** What a member of staff wrote to a patient, from its sealed place. */
  writtenText(db: Reader, conversationId: string, messageId: string): Promise<string | null>;
}

/** One stream a patient: its lock puts everything that changes a patient's rows in a line, caps included. */
export const streamFor = ({ patientId, conversationId, staffId, outreachId }: Pick<About, 'patientId' | 'conversationId' | 'staffId' | 'outreachId'>): string =>
  `outreach/${patientId ?? conversationId ?? staffId ?? outreachId}`;

export const lockOutreach = (trx: Transaction, stream: string): Promise<void> => lockInOrder(trx, [stream]);

/** The row under its lock; undefined when there is no such row. */
export async function lockedRow(trx: Transaction, outreachId: string): Promise<Outreach | undefined> {
  const stream = await streamOfOutreach(trx, outreachId);
  if (stream === null) return undefined;
  await lockOutreach(trx, stream);
  return (await findOutreach(trx, [outreachId])).get(outreachId);
}

/** Appends to a patient's stream; the ledger follows in the same transaction. `eventId` makes a repeated call write nothing. */
export async function append(
  trx: Transaction,
  { store, clock }: LedgerContext,
  about: Parameters<typeof streamFor>[0],
  events: readonly OutreachEvent[],
  eventId?: (index: number) => string,
): Promise<void> {
  if (events.length === 0) return;
  const now = clock.now();
  const owner = about.patientId === null ? {} : { patientId: about.patientId };
  const fresh = events.map(({ type, data }, index) => ({ id: eventId?.(index) ?? newId(now), type, data, occurredAt: now, ...owner }));
  await store.append(trx, [{ stream: streamFor(about), expected: 'any', events: fresh }]);
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
