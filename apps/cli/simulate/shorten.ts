import type { Violation } from '../invariants/index.js';
import type { Happening, Story } from './life.js';
import { simulatedPatient } from './patient.js';
import type { Outcome } from './simulate.js';

const dayMillis = 86_400_000;
/** Each telling costs as much as the story is long: more than this and nobody waits for it. */
const mostTellings = 24;

/** The shortest story found that still breaks the same invariant, and what happens in it. */
export interface Shortened {
  readonly story: Story;
  readonly violation: Violation;
  readonly happenings: readonly Happening[];
}

type Tell = (story: Story) => Promise<Pick<Outcome, 'checks' | 'happenings'>>;

/** How many days a story must last for something that shows at this instant, with a day for what follows. */
const daysUntil = ({ start, days }: Story, at: string | undefined): number =>
  at === undefined ? days : Math.min(days, Math.max(1, Math.ceil((Date.parse(at) - start.getTime()) / dayMillis) + 1));

/**
 * Tells a story that breaks an invariant again and again, each time with less: only the patient whom it befell, fewer days, without
 * one deed after another; what still breaks the same invariant is kept. `shorter` hears of each telling.
 */
export async function shorten(
  story: Story,
  found: Violation,
  invariant: number,
  tell: Tell,
  shorter: (story: Story) => void = () => undefined,
): Promise<Shortened> {
  let best: Shortened = { story, violation: found, happenings: [] };
  let tellings = 0;
  const attempt = async (candidate: Story): Promise<boolean> => {
    if (tellings >= mostTellings) return false;
    tellings += 1;
    shorter(candidate);
    const { checks, happenings } = await tell(candidate);
    const violation = checks.find((check) => check.invariant === invariant && check.violations.length > 0)?.violations[0];
    if (violation === undefined) return false;
    best = { story: candidate, violation, happenings };
    return true;
  };
  await fewerPatients(best, attempt, () => best.story);
  // A whole year's patients are made for its days: with fewer days other stories would be told, so what follows is only not told.
  const days = daysUntil(best.story, best.violation.at);
  if (days < best.story.days) await attempt({ ...best.story, until: days });
  for (const deed of deedsOf(best.story)) await attempt({ ...best.story, without: new Set([...best.story.without, deed]) });
  if (best.happenings.length === 0) await attempt(best.story);
  return best;
}

async function fewerPatients({ violation }: Shortened, attempt: (story: Story) => Promise<boolean>, story: () => Story): Promise<void> {
  const whose = story().patients.find((index) => violation.patientId === `p-${story().seed}-${index}`);
  if (whose !== undefined && (await attempt({ ...story(), patients: [whose] }))) return;
  // It takes several: halves, then quarters are left out while it still shows.
  for (let size = Math.ceil(story().patients.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < story().patients.length && story().patients.length > 1;) {
      const { patients } = story();
      const left = [...patients.slice(0, from), ...patients.slice(from + size)];
      if (left.length === 0 || !(await attempt({ ...story(), patients: left }))) from += size;
    }
  }
}

/** What may be left out: everything but that they come. */
const deedsOf = ({ seed, start, days, patients, without }: Story): string[] =>
  patients.flatMap((index) =>
    simulatedPatient(seed, index, start, days)
      .deeds.map(({ name }) => `${index}/${name}`)
      .filter((name) => !name.endsWith('/consultation') && !without.has(name)),
  );
