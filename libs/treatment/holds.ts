import { deterministicId } from '#platform';
import { type Actor, existingCourse, onCourse, type Outcome, outcome, takeProposal, withFreshProposals } from './commands.js';
import type { Course, Session } from './decider.js';
import { type TreatmentContext, withPatient } from './patient-book.js';
import { dueHolds } from './queries.js';

/*
 * Slots that are kept while somebody decides. A kept slot stands in both ledgers, so that nobody else is given it; it is
 * booked, let go of, or ends with its time. Whoever is first under the patient's lock, the booking or the clock, decides.
 */

const batch = 100;
const minuteMillis = 60_000;

export interface HoldProposal {
  readonly proposalId: string;
  /** How long the slots are kept, at most until the first of them begins. */
  readonly minutes: number;
}

/**
 * Keeps all times of a proposal, or none, while the patient decides. The same again keeps them for longer.
 * @throws Rejected `no_proposal` (404); `slot_taken` (409) with fresh `proposals` when one of its times is gone meanwhile.
 */
export async function holdProposal(context: TreatmentContext, courseId: string, { proposalId, minutes }: HoldProposal, actor: Actor): Promise<Outcome> {
  const { patientId } = await existingCourse(context, courseId);
  return withFreshProposals(context, courseId, actor, async () => {
    const book = await withPatient(context, { patientId, actor: actor.id }, (pages) => {
      const { sessions: bookings } = takeProposal(pages.fresh(), courseId, proposalId, actor.id);
      const first = bookings.map(({ start }) => start).sort()[0];
      const wished = new Date(pages.now.getTime() + minutes * minuteMillis).toISOString();
      const until = first !== undefined && first < wished ? first : wished;
      const holdId = deterministicId('hold', courseId, proposalId);
      pages.apply(courseId, { type: 'hold-slots', holdId, until, reason: 'proposal', bookings, by: actor.id });
    });
    return outcome(book, courseId);
  });
}

const keptFor = ({ sessions }: Course, isMeant: (held: NonNullable<Session['held']>) => boolean): string[] =>
  sessions.flatMap(({ sessionId, held }) => (held !== undefined && isMeant(held) ? [sessionId] : []));

/** Lets go of what is kept for a course; a slot that was offered to the patient is theirs to answer. */
export const releaseHolds = (context: TreatmentContext, courseId: string, actor: Actor): Promise<Outcome> =>
  onCourse(context, courseId, actor.id, (book) => {
    const sessionIds = keptFor(book.course(courseId), ({ reason }) => reason !== 'offer');
    book.apply(courseId, { type: 'release-slots', sessionIds, why: 'released', by: actor.id });
  });

/**
 * Lets go of every slot whose time is over. May be done at any time, twice, or by several at once: what was booked or let go
 * of meanwhile is left alone. Answers how many slots became free; what could not be done stays due and is reported.
 */
export async function expireHolds(context: TreatmentContext, report: (error: unknown, sessionId: string) => void): Promise<number> {
  let ended = 0;
  for (const { sessionId, courseId } of await dueHolds(context.db, context.clock.now(), batch)) {
    try {
      const { events } = await onCourse(context, courseId, 'schedule', (book) => {
        const over = keptFor(book.course(courseId), ({ until }) => until <= book.now.toISOString());
        book.apply(courseId, { type: 'release-slots', sessionIds: over, why: 'expired', by: 'schedule' });
      });
      ended += events.length;
    } catch (error) {
      report(error, sessionId);
    }
  }
  return ended;
}
