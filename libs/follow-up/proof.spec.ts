import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { carrierError, type StatusReport } from '#messaging';
import { evolve, later, type Outreach } from './decider.js';
import type { OutreachEvent } from './events.js';
import { proved, reported } from './proof.js';

const [due, id] = ['2026-12-01T15:00:00.000Z', '018f0000-0000-7000-8000-000000000001'];
const [first, second] = ['018f0000-0000-7000-8000-00000000000a', '018f0000-0000-7000-8000-00000000000b'];
const about = { outreachId: id, patientId: 'p-1', sessionId: 's-1', touchpoint: 'check-in', channel: 'sms', category: 'safety' } as const;
const content = {
  key: 'k',
  occasion: 'o',
  template: 'check-in',
  locals: { protocolId: 'peel', day: 3 },
  question: 'check-in',
  targetAt: due,
  dueAt: due,
  expiresAt: later(due, 86_400_000),
  because: 'a test',
} as const;
const planned: OutreachEvent = { type: 'outreach.planned.v1', data: { ...about, ...content } };
const attempted = (attemptId: string): OutreachEvent => ({
  type: 'outreach.attempted.v1',
  data: { outreachId: id, attemptId, at: due, leaseUntil: later(due, 120_000) },
});
const doubt: OutreachEvent = { type: 'outreach.in-doubt.v1', data: { outreachId: id, until: later(due, 120_000), why: 'reset' } };
const absent: OutreachEvent = { type: 'outreach.deferred.v1', data: { outreachId: id, until: later(due, 120_000), why: 'not in the list' } };
const missed: OutreachEvent = { type: 'outreach.missed.v1', data: { ...about, why: 'late' } };
const cancelled: OutreachEvent = { type: 'outreach.cancelled.v1', data: { outreachId: id, why: 'off' } };
const unproven: OutreachEvent = { type: 'outreach.unproven.v1', data: { ...about, why: 'no list' } };
const fold = (...events: readonly OutreachEvent[]) => events.reduce<Outreach | undefined>(evolve, undefined) as Outreach;
const then = (row: Outreach, events: readonly OutreachEvent[]) => events.reduce<Outreach>((known, event) => evolve(known, event) ?? known, row);

const report = (stage: StatusReport['stage'], code: number | null = null, sid = 'SM1'): StatusReport => ({
  providerMessageId: sid,
  attemptId: first,
  stage,
  error: stage === 'not-delivered' ? carrierError(code ?? 30008) : null,
  key: `${sid}/${stage}/${code ?? ''}`,
});
const origin = { attemptId: first, at: due };
const after = (row: Outreach, reports: readonly StatusReport[]) =>
  reports.reduce<Outreach>((known, one) => then(known, reported(known, one, { ...origin, attemptId: one.attemptId })), row);

/** Everything that a row may have come to when the carrier speaks of its first attempt. */
const states: Readonly<Record<string, Outreach>> = {
  'under way': fold(planned, attempted(first)),
  'in doubt': fold(planned, attempted(first), doubt),
  'due again, for the list did not show it': fold(planned, attempted(first), doubt, absent),
  'under way again': fold(planned, attempted(first), doubt, absent, attempted(second)),
  sent: then(fold(planned, attempted(first)), proved(fold(planned, attempted(first)), { providerMessageId: 'SM1', ...origin })),
  unproven: fold(planned, attempted(first), doubt, unproven),
  missed: fold(planned, attempted(first), doubt, absent, missed),
  cancelled: fold(planned, attempted(first), doubt, absent, cancelled),
};

describe('reports', () => {
  const all = [report('on-its-way'), report('sent'), report('delivered'), report('not-delivered', 30003), report('not-delivered', 30008)];

  test('the same ones, in any order and as often as may be, come to the same end (invariants 5, C)', () => {
    const some = fc.uniqueArray(fc.constantFrom(...all), { minLength: 1, selector: ({ key }) => key });
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(states)),
        some.chain((once) => fc.tuple(fc.constant(once), fc.shuffledSubarray(once, { minLength: once.length }), fc.array(fc.constantFrom(...once)))),
        fc.infiniteStream(fc.nat()),
        (name, [once, shuffled, again], places) => {
          const doubled = again.reduce<StatusReport[]>((sofar, one) => sofar.toSpliced((places.next().value ?? 0) % (sofar.length + 1), 0, one), [...shuffled]);
          const row = states[name] as Outreach;
          const stages = once.map(({ stage }) => stage);
          const end = stages.includes('delivered') ? 'delivered' : stages.includes('not-delivered') ? 'failed' : 'sent';
          for (const order of [once, shuffled, doubled]) {
            const { status, providerMessageId, nextAttemptAt } = after(row, order);
            // Nothing wakes it again: a message that is known to have left is never sent a second time.
            expect({ status, providerMessageId, nextAttemptAt }).toEqual({ status: end, providerMessageId: 'SM1', nextAttemptAt: null });
          }
        },
      ),
    );
  });

  test.each(['unproven', 'missed', 'cancelled'] as const)('proof for a row that had ended %s says what it corrects', (status) => {
    const row = states[status] as Outreach;
    expect(reported(row, report('sent'), origin)).toEqual([
      { type: 'outreach.sent.v1', data: expect.objectContaining({ providerMessageId: 'SM1', corrects: status, question: 'check-in', day: 3 }) },
    ]);
  });

  test('an earlier attempt that is proved keeps the next from leaving, and is named', () => {
    const row = states['due again, for the list did not show it'] as Outreach;
    const proof = proved({ ...row, attemptId: second }, { providerMessageId: 'SM1', ...origin });
    expect(proof).toEqual([{ type: 'outreach.sent.v1', data: expect.objectContaining({ attemptId: first }) }]);
    expect(then(row, proof)).toMatchObject({ status: 'sent', nextAttemptAt: null });
  });

  test('a second copy is recorded, and what becomes of it takes nothing back', () => {
    const copy = { ...report('not-delivered', 30003, 'SM2'), attemptId: second };
    const row = states['sent'] as Outreach;
    const events = reported(row, copy, { attemptId: second, at: due });
    expect(events).toEqual([{ type: 'outreach.copied.v1', data: expect.objectContaining({ attemptId: second, providerMessageId: 'SM2' }) }]);
    expect(then(row, events)).toMatchObject({ status: 'sent', providerMessageId: 'SM1', why: expect.stringContaining('two attempts') });
    expect(after(row, [report('not-delivered'), { ...copy, stage: 'delivered', error: null }])).toMatchObject({ status: 'delivered' });
  });
});
