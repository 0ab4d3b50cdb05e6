import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { covers, earliestInAll, intersection, joined, type Spans, startsOutside, startsWithin, union } from './spans.js';

const END = 40;
const minutes = Array.from({ length: END }, (_minute, index) => index);
const spans = fc.array(fc.tuple(fc.nat(END), fc.nat(END))).map(joined);

/** The minutes that lie in some spans, one by one. */
function listed(of: Spans): number[] {
  return minutes.filter((minute) => of.some((from, at) => at % 2 === 0 && from <= minute && minute < of[at + 1]!));
}

describe('spans', () => {
  it('are sorted, disjoint and joined where they touch', () => {
    expect(
      joined([
        [5, 7],
        [1, 3],
        [3, 4],
        [6, 9],
        [8, 2],
      ]),
    ).toEqual([1, 4, 5, 9]);
    fc.assert(fc.property(spans, (of) => of.every((bound, at) => at === 0 || bound > of[at - 1]!)));
  });

  it('unite and intersect as sets of minutes do', () => {
    fc.assert(
      fc.property(spans, spans, (a, b) => {
        const [inA, inB] = [new Set(listed(a)), new Set(listed(b))];
        expect(listed(union(a, b))).toEqual(minutes.filter((minute) => inA.has(minute) || inB.has(minute)));
        expect(listed(intersection(a, b))).toEqual(minutes.filter((minute) => inA.has(minute) && inB.has(minute)));
        expect(minutes.filter((minute) => covers(a, minute))).toEqual([...inA]);
      }),
    );
  });

  it('offer the starts that keep a session inside the open ones and outside the taken ones', () => {
    fc.assert(
      fc.property(spans, spans, fc.integer({ min: 1, max: 6 }), (open, taken, length) => {
        const session = (start: number): number[] => Array.from({ length }, (_minute, index) => start + index);
        const [isOpen, isTaken] = [new Set(listed(open)), new Set(listed(taken))];
        expect(listed(startsWithin(open, length))).toEqual(minutes.filter((start) => session(start).every((minute) => isOpen.has(minute))));
        expect(listed(startsOutside(open, taken, length))).toEqual([...isOpen].filter((start) => !session(start).some((minute) => isTaken.has(minute))));
      }),
    );
  });

  it('tell the earliest minute on the grid that all sets share', () => {
    fc.assert(
      fc.property(fc.array(spans, { minLength: 1, maxLength: 4 }), fc.nat(END), fc.nat(5), fc.integer({ min: 1, max: 7 }), (sets, from, origin, grid) => {
        const shared = minutes.find(
          (minute) => minute >= from && minute >= origin && (minute - origin) % grid === 0 && sets.every((set) => covers(set, minute)),
        );
        expect(earliestInAll(sets, Math.max(from, origin), origin, grid)).toBe(shared);
      }),
    );
  });
});
