import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fewestMoves } from './fewest-moves.js';

interface Visit {
  readonly name: number;
  readonly status: 'booked' | 'confirmed';
}

const visits = fc
  .array(fc.constantFrom('booked', 'confirmed'), { maxLength: 6 })
  .map((statuses) => statuses.map((status, name): Visit => ({ name, status }) as Visit));
/** What must make way: any one of these sets, or more. */
const world = visits.chain((all) => fc.record({ all: fc.constant(all), needed: fc.array(fc.subarray(all.map(({ name }) => name)), { maxLength: 5 }) }));
const priceOf = (set: readonly Visit[]) => [set.filter(({ status }) => status === 'confirmed').length, set.length] as const;
const cheaper = (one: readonly Visit[], other: readonly Visit[]) => priceOf(one)[0] - priceOf(other)[0] || priceOf(one)[1] - priceOf(other)[1];

describe('which sessions make way', () => {
  test('property: as few confirmed ones as any subset, and no more in all, whatever the instance', () => {
    fc.assert(
      fc.property(world, ({ all, needed }) => {
        const answers = (moved: readonly Visit[]) => needed.some((set) => set.every((name) => moved.some((visit) => visit.name === name)));
        const found = fewestMoves(all, (moved) => (answers(moved) ? moved : null));
        const subsets = Array.from({ length: 2 ** all.length }, (_, mask) => all.filter((_visit, bit) => (mask >> bit) % 2 === 1));
        const best = subsets.filter(answers).sort(cheaper)[0];
        if (best === undefined) return expect(found).toBeNull();
        expect(priceOf(found ?? all)).toEqual(priceOf(best));
      }),
      { numRuns: 1_000 },
    );
  });

  test('of many sessions none moves that could have stayed, and the work is bounded', () => {
    const all = Array.from({ length: 24 }, (_, name): Visit => ({ name, status: name % 3 === 0 ? 'confirmed' : 'booked' }));
    const needed = new Set([2, 5, 9, 13, 18, 23]);
    let tries = 0;
    const found = fewestMoves(all, (moved) => {
      tries += 1;
      return [...needed].every((name) => moved.some((visit) => visit.name === name)) ? moved : null;
    });
    expect(new Set((found ?? []).map(({ name }) => name))).toEqual(needed);
    expect(tries).toBeLessThan(200);
  });
});
