import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { afterTrouble, nextRepeat, type RungState } from './ladder.js';

const now = new Date('2026-12-01T15:00:00Z');
const inMinutes = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
const rung = (number: number, status: RungState['status'], at: Date | null): RungState => ({ rung: number, status, nextAttemptAt: at });

describe('a page that does not get through (invariant 8)', () => {
  it('goes by the other channel, and the next rung comes at once instead of in five minutes', () => {
    const ladder = [rung(0, 'paged', null), rung(1, 'waiting', inMinutes(5)), rung(2, 'waiting', inMinutes(15))];
    expect(afterTrouble({ rung: 0, channel: 'sms' }, ladder, now)).toEqual({ instead: 'email', hurries: 1 });
    expect(afterTrouble({ rung: 0, channel: 'email' }, ladder, now)).toEqual({ instead: 'sms', hurries: 1 });
  });

  it('hurries nobody who has been paged, or is due now', () => {
    expect(afterTrouble({ rung: 0, channel: 'sms' }, [rung(0, 'paged', null), rung(1, 'paged', null)], now).hurries).toBeNull();
    expect(afterTrouble({ rung: 0, channel: 'sms' }, [rung(0, 'paged', null), rung(1, 'waiting', now)], now).hurries).toBeNull();
  });

  it('asks for nothing once someone has taken the task', () => {
    expect(afterTrouble({ rung: 0, channel: 'sms' }, [rung(0, 'stopped', null), rung(1, 'stopped', null)], now)).toEqual({ instead: null, hurries: null });
  });

  it('never hurries a rung below or beside its own, whatever the ladder', () => {
    const states = fc.array(
      fc.record({ status: fc.constantFrom('waiting' as const, 'paged' as const, 'stopped' as const), minutes: fc.integer({ min: -30, max: 60 }) }),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(states, fc.nat(5), (found, at) => {
        const ladder = found.map(({ status, minutes }, index) => rung(index, status, status === 'waiting' ? inMinutes(minutes) : null));
        const { instead, hurries } = afterTrouble({ rung: at, channel: 'sms' }, ladder, now);
        expect(hurries === null || hurries === at + 1).toBe(true);
        expect(instead === null).toBe(ladder.every(({ status }) => status === 'stopped'));
      }),
    );
  });
});

describe('the last rung', () => {
  it('is paged every ten minutes, and every hour once it is four hours old', () => {
    expect(nextRepeat(inMinutes(-20), now)).toEqual(inMinutes(10));
    expect(nextRepeat(inMinutes(-240), now)).toEqual(inMinutes(60));
  });
});
