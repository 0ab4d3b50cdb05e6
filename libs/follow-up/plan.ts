/*
 * From what is known of a patient to what has to change in the ledger, as one pure function: what should reach them (wishes),
 * by which channel and when (arrange), and what that makes of the rows there are (difference). Invariants:
 *   5. The same knowledge twice changes nothing the second time; what was tried is never planned again.
 *   6. Hours are the patient's and the clinic's, as far as their states allow.
 *   7. Consent is that for the addresses which hold now.
 *  13. Of an erased patient nothing stays open.
 */
import type { ClinicDocument } from '#clinic';
import { narrowedBy, nextPermitted } from '#messaging';
import { arrange, type Rules } from './arrange.js';
import type { Outreach } from './decider.js';
import { difference, settledBy } from './difference.js';
import type { OutreachEvent } from './events.js';
import { clinicZone, type Knowledge, reachableBy, statesOf, zonesOf } from './knowledge.js';
import { spreadMillis } from './spread.js';
import { expectedBeside, wishes } from './touchpoints.js';

export interface PlanContext {
  readonly patientId: string;
  readonly clinic: Pick<ClinicDocument, 'contactHours' | 'messageCaps' | 'locations'>;
  readonly now: string;
  /** As in `Rules`. */
  readonly texts: readonly string[];
  newId(): string;
}

function whyNot(row: Outreach, { patient, sessions }: Knowledge): string {
  if (patient.erased) return 'the patient is erased';
  const session = sessions.find(({ sessionId }) => sessionId === row.sessionId);
  if (session === undefined) return 'it is not called for any more';
  if (row.locals.start !== undefined && session.start !== row.locals.start) return 'the session has another time';
  return `it is not called for any more: the session is ${session.status.replace('_', ' ')}`;
}

/** When something happened that a message may answer at once. */
const happened = ({ sessions, consultations }: Knowledge): ReadonlySet<string> =>
  new Set(
    [
      ...sessions.flatMap(({ setAt, cancelledAt, noShowAt, completedAt, offer }) => [setAt, cancelledAt, noShowAt, completedAt, offer?.offeredAt ?? null]),
      ...consultations.flatMap(({ requestedAt, finalizedAt, estimateAt, consentedAt }) => [requestedAt, finalizedAt, estimateAt, consentedAt]),
    ].flatMap((at) => at ?? []),
  );

const rulesOf = (knowledge: Knowledge, { patientId, clinic, now, texts }: PlanContext): Rules => ({
  now,
  zones: zonesOf(knowledge.patient, clinic),
  hours: clinic.contactHours,
  states: statesOf(knowledge.patient, clinic),
  caps: clinic.messageCaps,
  reachable: reachableBy(knowledge.patient),
  reachableForOffers: reachableBy(knowledge.patient, 'marketing'),
  texts,
  spreadMillis: spreadMillis(patientId),
  happened: happened(knowledge),
});

/** Events that bring a patient's rows, ended ones too, to what is known: they create, move and call off. Rows in flight or ended are never touched. */
export function plan(knowledge: Knowledge, rows: readonly Outreach[], context: PlanContext): OutreachEvent[] {
  const { sessions, consultations } = knowledge;
  const { patientId, clinic, now, newId } = context;
  const [rules, settled] = [rulesOf(knowledge, context), settledBy(rows, now)];
  const zone = clinicZone(clinic);
  const wanted = wishes(sessions, consultations, zone, (occasion) => settled.get(occasion) ?? null, now);
  const touchpoints = arrange(
    wanted.filter(({ occasion }) => !settled.has(occasion)),
    expectedBeside(wanted, sessions, zone),
    rules,
  );
  return difference(rows, touchpoints, {
    patientId,
    now,
    newId,
    permittedFrom: (at, purpose) =>
      nextPermitted(new Date(at), rules.zones, narrowedBy(rules.states ?? [], rules.hours, purpose), purpose)?.toISOString() ?? null,
    whyNot: (row) => whyNot(row, knowledge),
  });
}
