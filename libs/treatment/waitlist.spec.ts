import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Session } from './decider.js';
import type { Slot } from './events.js';
import { offerOrder, startsWithin } from './waitlist.js';

const day = (number: number) => `2026-12-${String(number).padStart(2, '0')}`;
const freed: Slot = {
  start: `${day(4)}T15:00:00.000Z`,
  end: `${day(4)}T16:00:00.000Z`,
  turnoverMinutes: 15,
  timeZone: 'America/New_York',
  locationId: 'nyc',
  providerId: 'p1',
};

interface Given {
  readonly id: number;
  readonly on: number;
  readonly since: number;
  readonly any?: boolean;
  readonly passed?: boolean;
  readonly held?: boolean;
  readonly elsewhere?: boolean;
}

/** A session of a patient who waits, as far as the order looks at it. */
function waiting({ id, on, since, any = false, passed = false, held = false, elsewhere = false }: Given): Session {
  const booking = {
    sessionId: `s${id}`,
    courseId: 'c',
    patientId: `p${id}`,
    item: 0,
    number: 1,
    protocolId: 'chemical_peel.superficial',
    protocolVersion: 1,
    start: `${day(on)}T15:00:00.000Z`,
    end: `${day(on)}T16:00:00.000Z`,
    turnoverMinutes: 15,
    timeZone: 'America/New_York',
    locationId: elsewhere ? 'la' : 'nyc',
    providerId: 'p1',
    roomId: 'r1',
    deviceId: null,
    earliest: `${day(1)}T05:00:00.000Z`,
    latest: null,
    because: [],
    spacing: {},
  };
  const { sessionId, courseId, patientId, item, number, protocolId, protocolVersion } = booking;
  return {
    ...{ sessionId, courseId, patientId, item, number, protocolId, protocolVersion, booking },
    status: 'booked',
    holds: [],
    override: null,
    completedAt: null,
    completedOn: null,
    deadlineTold: null,
    sequence: 0,
    waiting: { since: `${day(since)}T09:00:00.000Z`, wish: any ? 'any' : 'earlier', windows: [], passed: passed ? [day(4)] : [] },
    ...(held ? { held: { holdId: 'h', until: `${day(3)}T09:00:00.000Z`, reason: 'offer', slot: booking } } : {}),
  };
}

const given = fc.uniqueArray(
  fc.record({
    id: fc.integer({ min: 1, max: 40 }),
    on: fc.integer({ min: 1, max: 28 }),
    since: fc.integer({ min: 1, max: 3 }),
    any: fc.boolean(),
    passed: fc.boolean(),
    held: fc.boolean(),
    elsewhere: fc.boolean(),
  }),
  { selector: ({ id }) => id, maxLength: 12 },
);
const ids = (sessions: readonly Session[]) => offerOrder(freed, sessions, []).map(({ session }) => session.sessionId);

describe('who is offered a time that came free', () => {
  test('the one who gains most days, then who has waited longest, whatever order they come in (invariants B and D)', () => {
    fc.assert(
      fc.property(given, fc.integer(), (people, turn) => {
        const sessions = people.map(waiting);
        const order = offerOrder(freed, sessions, []);
        for (const [index, { gainDays, session }] of order.entries()) {
          const next = order[index + 1];
          if (next === undefined) continue;
          expect(gainDays).toBeGreaterThanOrEqual(next.gainDays);
          if (gainDays === next.gainDays) expect((session.waiting?.since ?? '') <= (next.session.waiting?.since ?? '')).toBe(true);
        }
        const cut = sessions.length === 0 ? 0 : Math.abs(turn) % sessions.length;
        expect(ids([...sessions.slice(cut), ...sessions.slice(0, cut)].reverse())).toEqual(ids(sessions));
      }),
    );
  });

  test('nobody twice for one day, with an offer of theirs open, elsewhere, or for whom it is later (invariant C)', () => {
    fc.assert(
      fc.property(given, (people) => {
        const asked = ids(people.map(waiting));
        const expected = people.filter(({ passed, held, elsewhere, on, any }) => !passed && !held && !elsewhere && (any || on > 4)).map(({ id }) => `s${id}`);
        expect([...asked].sort()).toEqual(expected.sort());
      }),
    );
  });

  test('nobody while an offer of that very time is open, until everybody was asked (invariant A)', () => {
    fc.assert(
      fc.property(given, (people) => {
        let sessions = people.map(waiting);
        const asked: string[] = [];
        for (let [first] = offerOrder(freed, sessions, []); first !== undefined; [first] = offerOrder(freed, sessions, [])) {
          expect(offerOrder(freed, sessions, [{ providerId: freed.providerId, start: freed.start, end: freed.end }])).toEqual([]);
          const { sessionId } = first.session;
          asked.push(sessionId);
          sessions = sessions.map((session) =>
            session.sessionId === sessionId && session.waiting !== undefined ? { ...session, waiting: { ...session.waiting, passed: [day(4)] } } : session,
          );
        }
        expect(asked).toEqual(ids(people.map(waiting)));
        expect(new Set(asked).size).toBe(asked.length);
      }),
    );
  });

  test('starts that use what came free, in the hours that were named, not too soon', () => {
    const session = waiting({ id: 1, on: 20, since: 1 });
    const at = (time: string) => `${day(4)}T${time}:00.000Z`;
    const starts = ['13:00', '14:30', '15:00', '15:45', '16:00'].map(at);
    expect(startsWithin(freed, starts, session, 60, '')).toEqual([at('14:30'), at('15:00'), at('15:45')]);
    expect(startsWithin(freed, starts, session, 60, at('15:00'))).toEqual([at('15:45')]);
    const evenings = { ...session, waiting: { since: '', wish: 'earlier' as const, passed: [], windows: [{ weekday: 5, from: '10:30', to: '12:00' }] } };
    expect(startsWithin(freed, starts, evenings, 60, '')).toEqual([at('15:45')]);
  });
});
