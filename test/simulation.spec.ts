import { describe, expect, test } from '@jest/globals';
import { tell, violationsOf } from './support/simulation.js';

const seeds = Array.from({ length: 10 }, (_, index) => index + 1);

describe('a clinic lives through faults and breaks no invariant', () => {
  test.each(seeds)(
    'seed %i',
    async (seed) => {
      const outcome = await tell(seed);
      expect(violationsOf(seed, outcome)).toEqual([]);
      // Something happened: a check over nothing would hold as well.
      expect(outcome.counts.texts + outcome.counts.emails).toBeGreaterThan(0);
    },
    120_000,
  );
});
