import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Touchpoint } from './arrange.js';
import { capFreeAt, type ClaimContext, decideClaim, evolve, later, type Outreach } from './decider.js';
import { difference } from './difference.js';
import type { OutreachEvent } from './events.js';

const [due, id] = ['2026-12-01T15:00:00.000Z', '018f0000-0000-7000-8000-000000000001'];
const about = { outreachId: id, patientId: 'p-1', sessionId: 's-1', touchpoint: 'reminder', channel: 'sms', category: 'reminder' } as const;
const content = {
  key: 'k',
  occasion: 'o',
  template: 'reminder',
  locals: {},
  question: null,
  targetAt: due,
  dueAt: due,
  expiresAt: later(due, 86_400_000),
  because: 'a test',
} as const;
const planned: OutreachEvent = { type: 'outreach.planned.v1', data: { ...about, ...content } };
const attempt = { outreachId: id, attemptId: '018f0000-0000-7000-8000-000000000002' };
const fold = (...events: readonly OutreachEvent[]) => events.reduce<Outreach | undefined>(evolve, undefined);
const row = (more: Partial<Outreach> = {}): Outreach => ({ ...(fold(planned) as Outreach), ...more });

const sent: OutreachEvent = { type: 'outreach.sent.v1', data: { ...about, providerMessageId: 'SM1', sentAt: due, question: null } };
const attempted: OutreachEvent = { type: 'outreach.attempted.v1', data: { ...attempt, at: due, leaseUntil: later(due, 120_000) } };
const others: OutreachEvent[] = [
  attempted,
  sent,
  { type: 'outreach.delivered.v1', data: { outreachId: id } },
  { type: 'outreach.in-doubt.v1', data: { outreachId: id, until: later(due, 120_000), why: 'reset' } },
  { type: 'outreach.deferred.v1', data: { outreachId: id, until: later(due, 60_000), why: 'throttled' } },
  { type: 'outreach.cancelled.v1', data: { outreachId: id, why: 'off' } },
  { type: 'outreach.missed.v1', data: { ...about, why: 'late' } },
  { type: 'outreach.unproven.v1', data: { ...about, why: 'no list' } },
  { type: 'outreach.failed.v1', data: { ...about, why: 'refused' } },
];
/** What proof makes of an end: nothing else takes one back. */
const proofs: Readonly<Record<string, readonly string[]>> = {
  'outreach.sent.v1': ['unproven>sent', 'failed>sent', 'missed>sent', 'cancelled>sent'],
  'outreach.delivered.v1': ['sent>delivered', 'failed>delivered'],
  'outreach.failed.v1': ['sent>failed'],
};
const ends = ['sent', 'delivered', 'unproven', 'failed', 'missed', 'cancelled'];

describe('a row', () => {
  test('ends once: whatever comes after, an end stays, save for proof of what became of the message (invariant 5)', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...others), { maxLength: 12 }), (events) => {
        let before = fold(planned) as Outreach;
        for (const event of events) {
          const after = evolve(before, event) as Outreach;
          if (ends.includes(before.status) && after.status !== before.status) expect(proofs[event.type]).toContain(`${before.status}>${after.status}`);
          expect(after.nextAttemptAt === null).toBe(ends.includes(after.status));
          expect(after.version).toBe(after === before ? before.version : before.version + 1);
          before = after;
        }
      }),
    );
  });
});

const known: ClaimContext = {
  address: '+12125550100',
  consent: 'granted',
  otherChannel: null,
  overtaken: null,
  permittedAt: due,
  unheard: false,
  texts: [],
  caps: { perDay: 1, perWeek: 3 },
};
const verdict = (more: Partial<Outreach> = {}, context: Partial<ClaimContext> = {}, at = due) =>
  decideClaim(row(more), row(more).version, at, { ...known, ...context });

describe('a claim', () => {
  test('sends when everything holds', () => expect(verdict()).toEqual({ do: 'send', address: '+12125550100' }));

  test.each([
    ['another version', decideClaim(row(), 7, due, known).do, 'nothing'],
    ['not due', verdict({}, {}, later(due, -1)).do, 'nothing'],
    ['in flight by a worker that went silent', verdict({ status: 'attempting', nextAttemptAt: due }).do, 'doubt'],
    ['in doubt', verdict({ status: 'in_doubt' }).do, 'resolve'],
    ['in doubt for three days', verdict({ status: 'in_doubt' }, {}, later(due, 72 * 3_600_000)).do, 'give-up'],
    ['overtaken', verdict({}, { overtaken: 'the session is cancelled' }).do, 'cancel'],
    ['too late', verdict({}, {}, content.expiresAt).do, 'miss'],
    ['consent withdrawn', verdict({}, { consent: 'withdrawn' }).do, 'cancel'],
    ['consent withdrawn, other channel open', verdict({}, { consent: 'withdrawn', otherChannel: 'email' }).do, 'divert'],
    ['consent withdrawn, safety', verdict({ category: 'safety' }, { consent: 'withdrawn' }).do, 'miss'],
    ['no consent on record', verdict({}, { consent: 'unknown' }).do, 'cancel'],
    ['an answer without consent on record', verdict({ category: 'answer' }, { consent: 'unknown' }).do, 'send'],
    ['an answer after a withdrawal', verdict({ category: 'answer' }, { consent: 'withdrawn' }).do, 'miss'],
    ['the one confirmation', verdict({ category: 'answer', template: 'stop.confirmed' }, { consent: 'withdrawn' }).do, 'send'],
    ['just after the patient wrote, perhaps STOP', verdict({}, { unheard: true }).do, 'defer'],
    ['an answer to what the patient wrote', verdict({ category: 'answer' }, { unheard: true }).do, 'send'],
    ['night', verdict({}, { permittedAt: later(due, 3_600_000) }).do, 'defer'],
    ['night until too late', verdict({}, { permittedAt: later(due, 90_000_000) }).do, 'miss'],
    ['an answer at night, at the cap', verdict({ category: 'answer' }, { permittedAt: later(due, 3_600_000), texts: [due] }).do, 'send'],
    ['at the cap', verdict({}, { texts: [later(due, -3_600_000)] }).do, 'defer'],
    ['safety at the cap with e-mail open', verdict({ category: 'safety' }, { texts: [later(due, -3_600_000)], otherChannel: 'email' }).do, 'divert'],
    ['a call', verdict({ channel: 'call', category: 'safety' }).do, 'miss'],
  ])('%s', (_name, found, expected) => expect(found).toBe(expected));

  test('the caps free the first instant that keeps both, and none before it', () => {
    const instants = fc.array(fc.integer({ min: 0, max: 10 * 1440 }), { maxLength: 8 }).map((list) => list.map((minute) => later(due, -minute * 60_000)));
    fc.assert(
      fc.property(instants, fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 5 }), (texts, perDay, perWeek) => {
        const free = capFreeAt(texts, due, { perDay, perWeek });
        const within = (at: string, days: number) => texts.filter((text) => Date.parse(text) > Date.parse(at) - days * 86_400_000).length;
        expect(within(free, 1)).toBeLessThan(perDay);
        expect(within(free, 7)).toBeLessThan(perWeek);
        const justBefore = later(free, -1);
        if (free > due) expect(within(justBefore, 1) >= perDay || within(justBefore, 7) >= perWeek).toBe(true);
      }),
    );
  });
});

describe('the difference between plan and ledger', () => {
  const touchpoint = (number: number, hour: number, channel: Touchpoint['channel'] = 'sms'): Touchpoint => ({
    occasion: `course-1/s-${number}/reminder/2026-12-${String(10 + number)}T15:00:00.000Z/2`,
    touchpoint: 'reminder',
    template: 'reminder',
    category: 'reminder',
    question: 'confirm',
    locals: { start: due },
    sessionId: `s-${number}`,
    channel,
    targetAt: later(due, hour * 3_600_000),
    expiresAt: later(due, (hour + 24) * 3_600_000),
    because: 'a test',
  });
  let ids = 0;
  const context = {
    patientId: 'p-1',
    now: due,
    newId: () => `018f0000-0000-7000-8000-${String((ids += 1)).padStart(12, '0')}`,
    permittedFrom: (at: string) => at,
    whyNot: () => 'the session is cancelled',
  };
  function apply(rows: readonly Outreach[], touchpoints: readonly Touchpoint[]): Outreach[] {
    const found = new Map(rows.map((each) => [each.outreachId, each]));
    for (const event of difference(rows, touchpoints, context)) {
      const after = evolve(found.get(event.data.outreachId), event);
      if (after !== undefined) found.set(after.outreachId, after);
    }
    return [...found.values()];
  }
  const plans = fc
    .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 48 }), fc.constantFrom<Touchpoint['channel']>('sms', 'email')), {
      selector: ([number]) => number,
    })
    .map((list) => list.map(([number, hour, channel]) => touchpoint(number, hour, channel)));

  test('is empty the second time, leaves one open row an occasion, and keys stay unique', () => {
    fc.assert(
      fc.property(fc.array(plans, { minLength: 1, maxLength: 5 }), (sequence) => {
        let rows: Outreach[] = [];
        for (const plan of sequence) {
          rows = apply(rows, plan);
          expect(difference(rows, plan, context)).toEqual([]);
          const open = rows
            .filter(({ status }) => status === 'planned')
            .map(({ occasion, channel }) => `${occasion}/${channel}`)
            .sort();
          expect(open).toEqual(plan.map(({ occasion, channel }) => `${occasion}/${channel}`).sort());
          expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
        }
      }),
    );
  });

  test('never touches a row in flight or ended, nor makes another for its occasion, by whatever channel', () => {
    const statuses = fc.constantFrom<Outreach['status']>('attempting', 'in_doubt', 'sent', 'delivered', 'unproven', 'failed', 'missed');
    fc.assert(
      fc.property(plans, plans, statuses, (one, other, status) => {
        const rows = apply([], one).map((each) => ({ ...each, status }));
        const taken = new Set(rows.map(({ occasion }) => occasion));
        const after = apply(rows, other);
        for (const each of rows) expect(after).toContainEqual(each);
        expect(after.filter(({ occasion, outreachId }) => taken.has(occasion) && !rows.some((before) => before.outreachId === outreachId))).toEqual([]);
      }),
    );
  });
});
