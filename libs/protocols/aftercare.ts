import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '#platform';
import { entry } from './catalogue.js';

// The catalogue's own sentences, by their English words.
const spanish = z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(join(projectRoot, 'libs/protocols/data/aftercare.es.json'), 'utf8')));

/** The catalogue's aftercare for a day after treatment, in the patient's language. A sentence that nobody has translated stays English. */
export const aftercareOn = (protocolId: string, day: number, language: 'en' | 'es' = 'en'): string[] =>
  entry(protocolId)
    .post_care.filter((care) => day >= care.from_day && (care.to_day === null || day <= care.to_day))
    .map(({ instruction }) => (language === 'es' ? (spanish[instruction] ?? instruction) : instruction));

/** Days after treatment, from the second on, on which something new begins: the first two are told when the patient goes home. */
export const careChanges = (protocolId: string): number[] =>
  [...new Set(entry(protocolId).post_care.flatMap(({ from_day }) => (from_day >= 2 ? [from_day] : [])))].sort((a, b) => a - b);

const [soonestReview, latestReview, usualReview] = [14, 90, 28];

/**
 * The day after the last session on which its result is looked at: the catalogue's last follow-up visit between two weeks and
 * three months, four weeks where it names none.
 */
export function reviewDay(protocolId: string): number {
  const visits = entry(protocolId).followup_visit_days.value ?? [];
  return (
    visits
      .filter((day) => day >= soonestReview && day <= latestReview)
      .sort((a, b) => a - b)
      .at(-1) ?? usualReview
  );
}

/** Days after which a result may want to be kept up; null where the catalogue has no figure. */
export const maintenanceDay = (protocolId: string): number | null => entry(protocolId).maintenance_interval_days.value?.min ?? null;
