/*
 * What is known of a message once the other side has spoken of it. Pure. Reports come in any order, several times, late or
 * not at all; the same ones lead to the same end whatever their order:
 *   5. A message that left is shown as sent, whatever its row had been given up as; a second copy, should one ever have
 *      arrived, is recorded and told to a person, never hidden.
 *   C. Delivered outweighs not delivered, and both outweigh sent.
 */
import { type StatusReport, shippedVersion } from '#messaging';
import { evolve, type Outreach } from './decider.js';
import type { OutreachEvent, OutreachEventOf } from './events.js';
import { aboutOf, endOf } from './ledger.js';

/** That a message reached the other side: its id there, and when it was handed over. */
export interface Proof {
  readonly providerMessageId: string;
  /** The attempt that is proved; null where only the message is named. */
  readonly attemptId: string | null;
  readonly at: string;
}

type Corrected = NonNullable<OutreachEventOf<'outreach.sent.v1'>['data']['corrects']>;
const givenUp: readonly string[] = ['unproven', 'failed', 'missed', 'cancelled'] satisfies Corrected[];
const isGivenUp = (status: string): status is Corrected => givenUp.includes(status);

function sentEvent(row: Outreach, { providerMessageId, attemptId, at }: Proof): OutreachEvent {
  return {
    type: 'outreach.sent.v1',
    data: {
      ...aboutOf(row),
      providerMessageId,
      sentAt: at,
      ...(attemptId === null || attemptId === row.attemptId ? {} : { attemptId }),
      ...(isGivenUp(row.status) ? { corrects: row.status } : {}),
      textVersion: row.textVersion ?? shippedVersion,
      question: row.question,
      protocolId: row.locals.protocolId,
      day: row.locals.day,
    },
  };
}

/** A message is known to have reached the other side: its row's own, a copy of it, or nothing new. */
export function proved(row: Outreach, proof: Proof): OutreachEvent[] {
  const { providerMessageId, attemptId } = proof;
  if (row.providerMessageId === null) return [sentEvent(row, proof)];
  if (row.providerMessageId === providerMessageId || attemptId === null) return [];
  const why = 'two attempts reached the carrier: its list had not shown the first when it was asked';
  return [{ type: 'outreach.copied.v1', data: { ...aboutOf(row), attemptId, providerMessageId, why } }];
}

/** What a report on a row's message changes; `at`: when the attempt began that it speaks of. */
export function reported(
  row: Outreach,
  { providerMessageId, stage, error }: StatusReport,
  { attemptId, at }: Omit<Proof, 'providerMessageId'>,
): OutreachEvent[] {
  const proof = proved(row, { providerMessageId, attemptId, at });
  const after = proof.reduce<Outreach>((known, event) => evolve(known, event) ?? known, row);
  const { outreachId, status } = after;
  if (stage === 'delivered' && (status === 'sent' || status === 'failed'))
    return [...proof, { type: 'outreach.delivered.v1', data: { outreachId, ...(status === 'failed' ? { corrects: status } : {}) } }];
  // What became of a copy does not take back what is known of the message itself.
  if (stage !== 'not-delivered' || status !== 'sent' || after.providerMessageId !== providerMessageId) return proof;
  const why = `the carrier took it and could not deliver it${error === null ? '' : `: ${error.reason} (${error.code})`}`;
  return [...proof, { type: 'outreach.failed.v1', data: { ...endOf(row), why, reason: error?.reason, code: error?.code } }];
}
