import { SingleBar } from 'cli-progress';
import { type Check, report } from '../invariants/index.js';
import type { Story } from './life.js';
import { shorten } from './shorten.js';
import { type Outcome, simulate, type Stage } from './simulate.js';

/** What the command prints on standard output. */
export interface Report {
  readonly seed: number;
  readonly days: number;
  readonly faults: boolean;
  readonly counts: Outcome['counts'];
  /** The same seed gives the same. */
  readonly fingerprint: string;
  readonly violations: number;
  readonly checks: readonly { readonly invariant: number; readonly what: string; readonly checks: number; readonly violations: number }[];
  /** Of the first violation: the shortest story found that shows it. */
  readonly shortest?: readonly string[];
}

const sum = (checks: readonly Check[]) => checks.reduce((total, { violations }) => total + violations.length, 0);

/**
 * Simulates, says what every invariant came to, and of the first violation tells the shortest story found.
 * @param say takes lines for a person.
 */
export async function simulateAndReport(story: Story, stage: Stage, say: (line: string) => void): Promise<Report> {
  const { seed, days, faults } = story;
  const bar = new SingleBar({ format: 'day {value} of {total} {bar} {eta_formatted} to go', stream: process.stderr, noTTYOutput: false });
  if (process.stderr.isTTY) bar.start(days, 0);
  const outcome = await simulate(story, { ...stage, progress: (day) => bar.update(day) }).finally(() => bar.stop());
  for (const line of report(outcome.checks)) say(line);
  const shortest = await shortestOf(story, stage, outcome, say);
  return {
    seed,
    days,
    faults,
    counts: outcome.counts,
    fingerprint: outcome.fingerprint,
    violations: sum(outcome.checks),
    checks: outcome.checks.map(({ violations, ...check }) => ({ ...check, violations: violations.length })),
    ...(shortest === null ? {} : { shortest }),
  };
}

async function shortestOf(story: Story, stage: Stage, { checks }: Outcome, say: (line: string) => void): Promise<string[] | null> {
  const broken = checks.find(({ violations }) => violations.length > 0);
  const [found] = broken?.violations ?? [];
  if (broken === undefined || found === undefined) return null;
  say(`\nseed ${story.seed} breaks invariant ${broken.invariant}; looking for the shortest story that shows it`);
  const shortest = await shorten(
    story,
    found,
    broken.invariant,
    (candidate) => simulate(candidate, stage),
    ({ patients, until, days, without }) => say(`  told with ${patients.length} patients, ${until ?? days} days, without ${without.size} deeds`),
  );
  const { until = story.days, patients } = shortest.story;
  const lines = [
    `seed ${story.seed}, patients ${patients.join(', ')}, the first ${until} of ${story.days} days${story.faults ? ', with faults' : ''}`,
    ...shortest.happenings.map(({ at, patientId, says }) => `${at} ${patientId} ${says}`),
    `invariant ${broken.invariant}: ${shortest.violation.says}`,
  ];
  for (const line of lines) say(line);
  return lines;
}
