import { deterministicId } from '#platform';
import { type ClaimContext, closesAt, isPlanManaged, type Outreach } from './decider.js';
import type { OutreachEventOf } from './events.js';
import { aboutOf } from './ledger.js';

/*
 * A row that carries the same touchpoint by the other channel, in place of one that could not. It has a key of its own, made
 * of the row that it stands in for, so that there is never more than one.
 */

const mark = '/instead-of/';
const keyOf = ({ occasion, outreachId }: Pick<Outreach, 'occasion' | 'outreachId'>, channel: 'sms' | 'email') => `${occasion}/${channel}${mark}${outreachId}`;

export const isSubstitute = ({ key }: Pick<Outreach, 'key'>): boolean => key.includes(mark);

/** The row that stands, or would stand, in for another by that channel. */
export const substituteId = (row: Pick<Outreach, 'occasion' | 'outreachId'>, channel: 'sms' | 'email'): string =>
  deterministicId('outreach', keyOf(row, channel));

/** The same touchpoint by the other channel, at once. */
export function substitute(row: Outreach, channel: 'sms' | 'email', why: string, now: string): OutreachEventOf<'outreach.planned.v1'> {
  const { occasion, template, locals, question, targetAt } = row;
  return {
    type: 'outreach.planned.v1',
    data: {
      ...aboutOf(row),
      outreachId: substituteId(row, channel),
      channel,
      key: keyOf(row, channel),
      occasion,
      template,
      locals,
      question,
      targetAt,
      dueAt: now,
      expiresAt: closesAt(now, row.expiresAt),
      because: `${row.because}; ${why}`,
    },
  };
}

/**
 * The channel that takes over a message which the carrier accepted and could not deliver; null when none may. Not the same
 * channel again, whatever the code: the carrier has taken responsibility for this message once, and invariant 5 allows it no
 * second copy. Its "unknown error" (30008) and even its "unreachable" (30003) do not exclude that the phone gets the first
 * one later. Nor back again: a row that stands in for another has the other's channel behind it already.
 */
export function takesOver(row: Outreach, { otherChannel, overtaken }: Pick<ClaimContext, 'otherChannel' | 'overtaken'>, now: string): 'sms' | 'email' | null {
  const mayChange = isPlanManaged(row) || row.category === 'message';
  return mayChange && !isSubstitute(row) && overtaken === null && closesAt(now, row.expiresAt) > now ? otherChannel : null;
}
