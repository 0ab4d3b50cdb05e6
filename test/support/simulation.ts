import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '#platform';
import { type Outcome, simulate, storyOf } from '../../apps/cli/simulate/simulate.js';
import { createTestDatabase } from './database.js';

const [days, patients] = [4, 3];

/** A small story with faults, told on a database of its own. */
export async function tell(seed: number): Promise<Outcome> {
  const database = await createTestDatabase();
  const clinic = JSON.parse(await readFile(join(projectRoot, 'libs/clinic/data/sample-clinic.json'), 'utf8')) as unknown;
  return simulate(storyOf(seed, days, patients, true), { clinic, databaseUrl: database.url }).finally(() => database.close());
}

/** What went wrong, with the seed to tell it again. */
export const violationsOf = (seed: number, { checks }: Outcome): string[] =>
  checks.flatMap(({ invariant, violations }) => violations.map(({ says, patientId }) => `seed ${seed}, invariant ${invariant}, ${patientId ?? '-'}: ${says}`));
