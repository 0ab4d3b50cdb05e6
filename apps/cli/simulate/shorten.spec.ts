import { describe, expect, test } from '@jest/globals';
import { shorten } from './shorten.js';
import { simulatedPatient } from './patient.js';
import { storyOf } from './simulate.js';
import type { Story } from './life.js';

const dayMillis = 86_400_000;
const story = storyOf(7, 60, 12, true);

/** A clinic in which something goes wrong whenever these patients are all there and the deed is done. */
const faulty =
  ({ needs, deed, onDay }: { readonly needs: readonly number[]; readonly deed: string; readonly onDay: number }) =>
  async ({ patients, without, until = story.days, start }: Story) => {
    const shows = needs.every((index) => patients.includes(index)) && !without.has(deed) && until > onDay;
    const violation = { says: 'twice', patientId: `p-7-${needs[0] ?? 0}`, at: new Date(start.getTime() + onDay * dayMillis).toISOString() };
    const checks = [{ invariant: 5, what: 'once', checks: 1, violations: shows ? [violation] : [] }];
    return { checks, happenings: [{ at: start.toISOString(), patientId: 'p', says: `told with ${patients.length}` }] };
  };

const found = (patient: number, onDay: number) => ({
  says: 'twice',
  patientId: `p-7-${patient}`,
  at: new Date(story.start.getTime() + onDay * dayMillis).toISOString(),
});
const deedsOf = (index: number) => simulatedPatient(7, index, story.start, story.days).deeds.map(({ name }) => `${index}/${name}`);
const busy = story.patients.find((index) => deedsOf(index).length > 2) ?? 0;
const deed = deedsOf(busy).find((name) => !name.endsWith('/consultation')) ?? '';

describe('the shortest story of a violation', () => {
  test('keeps the one patient, the days up to it and the deed that it takes, and leaves out the rest', async () => {
    const tell = faulty({ needs: [busy], deed, onDay: 20 });
    const shortest = await shorten(story, found(busy, 20), 5, tell);
    expect(shortest.story.patients).toEqual([busy]);
    expect(shortest.story.until).toBe(21);
    expect([...shortest.story.without].sort()).toEqual(
      deedsOf(busy)
        .filter((name) => name !== deed && !name.endsWith('/consultation'))
        .sort(),
    );
    expect((await tell(shortest.story)).checks[0]?.violations).toHaveLength(1);
    expect(shortest.happenings).toHaveLength(1);
  });

  test('keeps several patients where it takes several', async () => {
    const shortest = await shorten(story, found(3, 40), 5, faulty({ needs: [3, 8], deed: 'none', onDay: 40 }));
    expect(shortest.story.patients).toEqual(expect.arrayContaining([3, 8]));
    expect(shortest.story.patients.length).toBeLessThan(6);
  });

  test('is the whole story when nothing less shows it', async () => {
    const all = story.patients;
    const shortest = await shorten(story, found(1, 59), 5, faulty({ needs: all, deed: 'none', onDay: 59 }));
    expect(shortest.story.patients).toEqual(all);
  });
});

describe('a simulated patient', () => {
  test('is the same whoever else is in the story', () => {
    const again = simulatedPatient(7, 5, story.start, story.days);
    expect(simulatedPatient(7, 5, story.start, story.days)).toEqual(again);
    expect(simulatedPatient(8, 5, story.start, story.days)).not.toEqual(again);
  });

  test('has an address of their own', () => {
    const patients = Array.from({ length: 200 }, (_, index) => simulatedPatient(7, index + 1, story.start, story.days));
    expect(new Set(patients.map(({ phone }) => phone)).size).toBe(200);
    expect(new Set(patients.map(({ email }) => email)).size).toBe(200);
  });
});
