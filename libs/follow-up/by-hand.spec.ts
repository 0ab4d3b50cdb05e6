import { describe, expect, test } from '@jest/globals';
import { type ByHand, decideByHand } from './by-hand.js';
import { type ClaimContext, decideClaim, evolve, later, type Outreach } from './decider.js';
import type { OutreachEvent } from './events.js';

const [now, due, id] = ['2026-12-01T15:00:00.000Z', '2026-12-03T15:00:00.000Z', '018f0000-0000-7000-8000-000000000001'];
const planned: OutreachEvent = {
  type: 'outreach.planned.v1',
  data: {
    ...{ outreachId: id, patientId: 'p-1', sessionId: 's-1', touchpoint: 'reminder', channel: 'sms', category: 'reminder' },
    ...{ key: 'k', occasion: 'o', template: 'reminder', locals: {}, question: null, because: 'the visit is near' },
    ...{ targetAt: due, dueAt: due, expiresAt: later(due, 86_400_000) },
  },
};
const row = (more: Partial<Outreach> = {}): Outreach => ({ ...(evolve(undefined, planned) as Outreach), ...more });
const free: ClaimContext = {
  address: '+12125550100',
  consent: 'granted',
  otherChannel: null,
  overtaken: null,
  unheard: false,
  permittedAt: now,
  texts: [],
  caps: { perDay: 1, perWeek: 3 },
};
const by = 'desk-tan';
const hold: ByHand = { do: 'hold', by, reason: 'she is travelling' };
const cancel: ByHand = { do: 'cancel', by, reason: 'told by phone', clinician: false };
const sendNow: ByHand = { do: 'send-now', by };
const after = (before: Outreach, command: ByHand, context = free, at = now) =>
  decideByHand(before, command, at, context).reduce<Outreach | undefined>(evolve, before) as Outreach;
const refusal = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

describe('what is held back', () => {
  test('waits, says who and why, and at its end is missed, which opens a task (invariants 5 and 14)', () => {
    const held = after(row(), hold);
    expect(held).toMatchObject({ status: 'planned', nextAttemptAt: held.expiresAt, why: 'desk-tan holds it: she is travelling' });
    expect(decideClaim({ ...held, nextAttemptAt: due }, held.version, due, free)).toMatchObject({ do: 'nothing' });
    expect(decideClaim(held, held.version, held.expiresAt, free)).toEqual({ do: 'miss', why: 'desk-tan holds it: she is travelling; its time has passed' });
    expect(decideByHand(held, hold, now, free)).toEqual([]);
  });

  test('stays held when the plan moves it, and goes at its own hour once it is released', () => {
    const moved = later(due, 3_600_000);
    const content = { ...planned.data, dueAt: moved, expiresAt: later(moved, 86_400_000) } as Outreach;
    const held = evolve(after(row(), hold), { type: 'outreach.moved.v1', data: content }) as Outreach;
    expect(held).toMatchObject({ dueAt: moved, nextAttemptAt: later(moved, 86_400_000), stoppedBy: by });
    const released = after(held, { do: 'release', by });
    expect(released).toMatchObject({ nextAttemptAt: moved, why: 'the visit is near', stoppedBy: null });
    expect(decideByHand(released, { do: 'release', by }, now, free)).toEqual([]);
  });
});

describe('what is called off', () => {
  test('ends, and the same again changes nothing (invariant 5)', () => {
    const off = after(row(), cancel);
    expect(off).toMatchObject({ status: 'cancelled', nextAttemptAt: null, stoppedBy: by, why: 'desk-tan called it off: told by phone' });
    expect(decideByHand(off, cancel, now, free)).toEqual([]);
  });

  test('is no safety message, unless a clinician does it (invariant 7)', () => {
    const checkIn = row({ category: 'safety', touchpoint: 'check-in' });
    expect(refusal(() => decideByHand(checkIn, cancel, now, free))).toMatchObject({ code: 'clinician_needed', details: { status: 403 } });
    expect(after(checkIn, { ...cancel, clinician: true }).status).toBe('cancelled');
  });
});

describe('what is sent at once', () => {
  test('becomes due now, and a claim sends it (invariant 6)', () => {
    const hastened = after(after(row(), hold), sendNow);
    expect(hastened).toMatchObject({ dueAt: now, nextAttemptAt: now, stoppedBy: null, why: 'desk-tan lets it go at once' });
    expect(Date.parse(hastened.expiresAt) - Date.parse(now)).toBeLessThan(72 * 3_600_000);
    expect(decideClaim(hastened, hastened.version, now, free)).toMatchObject({ do: 'send' });
    expect(decideByHand(hastened, sendNow, now, free)).toEqual([]);
  });

  test.each<[string, Partial<ClaimContext>, string | undefined]>([
    ['outside the hours', { permittedAt: '2026-12-02T13:00:00.000Z' }, '2026-12-02T13:00:00.000Z'],
    ['at the cap on texts', { texts: ['2026-12-01T14:00:00.000Z'] }, '2026-12-02T14:00:00.000Z'],
    ['without consent', { consent: 'withdrawn' }, undefined],
    ['while a message of the patient is unread', { unheard: true }, '2026-12-01T15:00:10.000Z'],
    ['when it has lost its sense', { overtaken: 'the session is cancelled' }, undefined],
  ])('is refused %s, with the hour at which it may go (invariants 6 and 7)', (_when, more, mayGoAt) => {
    const error = refusal(() => decideByHand(row(), sendNow, now, { ...free, ...more }));
    expect(error).toMatchObject({ code: 'outreach_not_yet', details: { status: 409, ...(mayGoAt === undefined ? {} : { mayGoAt }) } });
  });

  test('does not ask about a day after treatment that has not come', () => {
    const checkIn = row({ category: 'safety', locals: { day: 3, timeZone: 'America/New_York' } });
    expect(refusal(() => decideByHand(checkIn, sendNow, now, free))).toMatchObject({ details: { mayGoAt: due } });
    expect(after(checkIn, sendNow, free, '2026-12-03T13:30:00.000Z')).toMatchObject({ dueAt: '2026-12-03T13:30:00.000Z' });
  });
});

test.each<Partial<Outreach>>([{ category: 'page' }, { category: 'answer' }, { status: 'attempting' }, { status: 'sent' }, { status: 'in_doubt' }])(
  'nobody stops %j (invariants 5 and 8)',
  (more) => {
    for (const command of [hold, cancel, sendNow, { do: 'release', by } as const])
      expect(refusal(() => decideByHand(row(more), command, now, free))).toMatchObject({ details: { status: 409 } });
  },
);
