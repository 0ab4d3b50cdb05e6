import type { ClinicFigure } from '../../settings.js';
import { plain, sentence } from '../../words.js';

const words: Readonly<Record<string, string>> = {
  session_duration_min: 'Length of a session, minutes',
  durationMinutes: 'Length of a session, minutes',
  sessions: 'Sessions of a course',
  interval_days: 'Between sessions, days',
  intervalDays: 'Between sessions, days',
  interval_overdue_days: 'Overdue after, days',
  intervalOverdueDays: 'Overdue after, days',
  social_downtime_days: 'Downtime, days',
  downtimeDays: 'Downtime, days',
  full_recovery_days: 'Full recovery, days',
  fullRecoveryDays: 'Full recovery, days',
  sun_avoid_before_days: 'No sun before, days',
  sunAvoidBeforeDays: 'No sun before, days',
  sun_avoid_after_days: 'No sun after, days',
  checkin_days: 'We ask how it heals on day',
  checkInDays: 'We ask how it heals on day',
  'patch_test.when': 'Patch test',
  'patch_test.min_wait_hours': 'Between patch test and treatment, hours',
  patchWaitHours: 'Between patch test and treatment, hours',
  maintenance_interval_days: 'Maintenance after, days',
  provider_requirement: 'Who may perform it',
  isotretinoin: 'Isotretinoin, days before',
};
/** Parts of a washout's name that are no words. */
const spelled: readonly (readonly [string, string])[] = [
  ['aha_bha', 'AHA or BHA'],
  ['otc_nsaid', 'NSAID over the counter'],
  ['tanning_selftan', 'Tanning or self-tan'],
  ['waxing_depilatory', 'Waxing or depilatory'],
  ['_resume_days_after', ', again after days'],
  ['_days_', ', days '],
];

/** `washouts.retinoid_days_before` as a clinician says it: "Retinoid, days before". */
export function figureWords(field: string): string {
  const name = field.replace('washouts.', '');
  return words[name] ?? plain(spelled.reduce((text, [part, word]) => text.replace(part, word), name));
}

const isRange = (value: object): value is { min: number; max: number } => 'min' in value && 'max' in value;

/** A figure as one writes it: "28 to 42", "1, 3, 7". */
export function valueWords(value: unknown): string {
  if (value === null || value === undefined) return 'Not set';
  if (Array.isArray(value)) return value.join(', ');
  if (typeof value === 'object' && isRange(value)) return value.min === value.max ? String(value.min) : `${value.min} to ${value.max}`;
  return typeof value === 'number' || typeof value === 'string' ? sentence(String(value)) : '';
}

/** What somebody wrote: "30" or "28 to 42"; null when it is neither. */
export function readValue(written: string): ClinicFigure['value'] | null {
  const [, from, to] = /^\s*(\d+(?:\.\d+)?)(?:\s*(?:-|to)\s*(\d+(?:\.\d+)?))?\s*$/.exec(written) ?? [];
  if (from === undefined) return null;
  if (to === undefined) return Number(from);
  return Number(from) <= Number(to) ? { min: Number(from), max: Number(to) } : null;
}

export const statusWords: Readonly<Record<string, string>> = {
  sourced: 'Sourced',
  partly_sourced: 'Partly sourced',
  derived: 'Derived',
  clinic_must_set: 'Left to the clinic',
  not_applicable: 'Does not apply',
  product_proposal: 'Proposed',
};
