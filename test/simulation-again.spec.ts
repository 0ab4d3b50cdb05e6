import { describe, expect, test } from '@jest/globals';
import { tell, violationsOf } from './support/simulation.js';

const seeds = Array.from({ length: 9 }, (_, index) => index + 12);

describe('a clinic lives through faults and breaks no invariant', () => {
  test.each(seeds)(
    'seed %i',
    async (seed) => {
      const outcome = await tell(seed);
      expect(violationsOf(seed, outcome)).toEqual([]);
      expect(outcome.counts.texts + outcome.counts.emails).toBeGreaterThan(0);
    },
    120_000,
  );

  test('the same seed gives the same run, another seed another', async () => {
    const [once, again] = [await tell(11), await tell(11)];
    expect(violationsOf(11, once)).toEqual([]);
    expect({ ...again, checks: [] }).toEqual({ ...once, checks: [] });
    expect((await tell(21)).fingerprint).not.toBe(once.fingerprint);
  }, 240_000);
});
