import { figureAt, openFields, openSafetyFields, sampleFigures, type ClinicFigure } from './activation.js';
import { catalogue, entry } from './catalogue.js';

/** One figure of the draft as the medical director reads it. */
export interface ReviewedFigure {
  /** `interval_days`, `washouts.retinoid_days_before`, … */
  readonly field: string;
  readonly value: unknown;
  readonly status: string;
  readonly sourceIds: readonly string[];
  readonly note: string | null;
  /** The catalogue leaves it open. `must`: without it the protocol stays closed. */
  readonly clinicSets: 'must' | 'may' | null;
  /** What stands beside an open one: the catalogue's placeholder or the nearest neighbour, and which. It is in force nowhere. */
  readonly suggestion: ClinicFigure | null;
}

const single = [
  'session_duration_min',
  'sessions',
  'interval_days',
  'interval_overdue_days',
  'social_downtime_days',
  'full_recovery_days',
  'sun_avoid_before_days',
  'sun_avoid_after_days',
  'checkin_days',
  'patch_test.when',
  'patch_test.min_wait_hours',
  'maintenance_interval_days',
  'provider_requirement',
];

/** Every figure of a draft with where it comes from, and what the clinic has to add. Figures of the catalogue's own units: minutes, days, hours. */
export function reviewOf(protocolId: string): ReviewedFigure[] {
  const [open, must, suggested] = [openFields(protocolId), openSafetyFields(protocolId), sampleFigures(protocolId)];
  const washouts = Object.keys(entry(protocolId).washouts).map((key) => `washouts.${key}`);
  return [...single, ...washouts].flatMap((field): ReviewedFigure[] => {
    const figure = figureAt(protocolId, field);
    if (figure === null) return [];
    const { value = figure.default_wait_days ?? null, status, source_ids: sourceIds = [], note = null } = figure;
    const clinicSets = must.includes(field) ? 'must' : open.includes(field) ? 'may' : null;
    return [{ field, value, status, sourceIds, note, clinicSets, suggestion: suggested[field] ?? null }];
  });
}

/** Where figures come from: the catalogue's entries for these ids, A the strongest grade. */
export const sourcesOf = (ids: readonly string[]) =>
  catalogue.sources.filter(({ id }) => ids.includes(id)).map(({ id, grade, title, url }) => ({ id, grade, title, url }));
