import { Rejected } from '#platform';
import { type CatalogueEntry, entry, protocolIds } from './catalogue.js';
import { techniqueOf } from './patterns.js';

/** Figures on which a safe booking stands: a protocol in which one is open cannot be activated. The rest informs. */
const safetyFields = ['session_duration_min', 'sessions', 'interval_days', 'social_downtime_days', 'full_recovery_days', 'sun_avoid_before_days', 'checkin_days'] as const;
const safetyWashouts = ['retinoid_days_before', 'aha_bha_days_before', 'waxing_depilatory_days_before', 'tanning_selftan_days_before'] as const;

/** A figure that a clinic set where the catalogue leaves it open, and on what grounds. */
export interface ClinicFigure {
  readonly value: number | { readonly min: number; readonly max: number };
  readonly grounds: string;
}
export type ClinicFigures = Readonly<Record<string, ClinicFigure>>;

export interface Washout {
  readonly key: string;
  readonly days: number;
  readonly sourceIds: readonly string[];
}

/** A protocol in force: the catalogue's entry, completed and signed by the medical director. Sessions are pinned to its version. */
export interface ActiveProtocol {
  readonly id: string;
  readonly version: number;
  readonly label: string;
  readonly durationMinutes: number;
  readonly intervalDays: { readonly min: number; readonly ideal: number; readonly max: number };
  readonly intervalOverdueDays: number | null;
  readonly downtimeDays: number;
  readonly fullRecoveryDays: number;
  readonly sunAvoidBeforeDays: number;
  readonly checkInDays: readonly number[];
  readonly washouts: readonly Washout[];
  /** Hours between patch test and treatment; null where no figure is set. */
  readonly patchWaitHours: number | null;
  readonly figures: ClinicFigures;
}

const isOpen = (figure: { readonly value?: unknown; readonly status: string } | undefined) =>
  figure !== undefined && figure.status === 'clinic_must_set' && (figure.value === null || figure.value === undefined);

/** Names of the safety figures that the catalogue leaves to the clinic. */
export function openSafetyFields(protocolId: string): string[] {
  const draft = entry(protocolId);
  const fields = safetyFields.filter((field) => isOpen(draft[field]));
  const washouts = safetyWashouts.filter((key) => isOpen(draft.washouts[key])).map((key) => `washouts.${key}`);
  return [...fields, ...washouts];
}

/**
 * Puts a protocol in force.
 * @throws Rejected `open_safety_field`, naming each safety figure that neither the catalogue nor the clinic has set.
 */
export function activate(protocolId: string, figures: ClinicFigures, version: number): ActiveProtocol {
  const draft = entry(protocolId);
  const missing = openSafetyFields(protocolId).filter((field) => figures[field] === undefined);
  if (missing.length > 0) {
    throw new Rejected('open_safety_field', `${protocolId} cannot be activated: the clinic must set ${missing.join(', ')}`, { path: missing[0] ?? '', fields: missing });
  }
  const range = (field: 'session_duration_min' | 'interval_days' | 'social_downtime_days') => asRange(figures[field]?.value ?? draft[field].value);
  const interval = range('interval_days');
  return {
    id: draft.id,
    version,
    label: draft.label,
    durationMinutes: range('session_duration_min').max,
    intervalDays: { min: interval.min, ideal: asRange(figures['interval_ideal_days']?.value ?? interval.min).min, max: interval.max },
    intervalOverdueDays: draft.interval_overdue_days.value,
    downtimeDays: range('social_downtime_days').max,
    fullRecoveryDays: draft.full_recovery_days.value ?? 0,
    sunAvoidBeforeDays: asRange(figures['sun_avoid_before_days']?.value ?? draft.sun_avoid_before_days.value ?? 0).max,
    checkInDays: draft.checkin_days.value ?? [],
    washouts: washoutsOf(draft, figures),
    patchWaitHours: draft.patch_test.min_wait_hours.value ?? draft.patch_test.min_wait_hours.unsourced_placeholder ?? null,
    figures,
  };
}

const asRange = (value: number | { readonly min: number; readonly max: number } | null) =>
  typeof value === 'number' ? { min: value, max: value } : (value ?? { min: 0, max: 0 });

function washoutsOf(draft: CatalogueEntry, figures: ClinicFigures): Washout[] {
  return Object.entries(draft.washouts).flatMap(([key, { value, source_ids: sourceIds, default_wait_days: wait }]) => {
    const set = figures[`washouts.${key}`]?.value;
    const days = typeof set === 'number' ? set : typeof value === 'number' ? value : wait;
    return days === undefined ? [] : [{ key, days, sourceIds }];
  });
}

type Figure = number | { readonly min: number; readonly max: number };

function sourcedFigure(protocolId: string, field: string): Figure | null {
  const draft = entry(protocolId);
  const found = field.startsWith('washouts.') ? draft.washouts[field.slice('washouts.'.length)] : draft[field];
  const value = (found as { readonly value?: unknown } | undefined)?.value;
  return typeof value === 'number' || (typeof value === 'object' && value !== null && 'min' in value) ? (value as Figure) : null;
}

const size = (figure: Figure) => (typeof figure === 'number' ? figure : figure.max);

/** The nearest sourced neighbour: the longest figure of the same technique, else of the techniques that also treat skin. */
function neighbour(protocolId: string, field: string): ClinicFigure | null {
  const others = protocolIds.filter((id) => id !== protocolId);
  const family = others.filter((id) => techniqueOf(id) === techniqueOf(protocolId));
  for (const circle of [family, others]) {
    const figures = circle.flatMap((id) => {
      const value = sourcedFigure(id, field);
      return value === null ? [] : [{ id, value }];
    });
    const longest = figures.sort((a, b) => size(b.value) - size(a.value) || (a.id < b.id ? -1 : 1))[0];
    if (longest !== undefined) return { value: longest.value, grounds: `as in ${longest.id}, the nearest sourced neighbour` };
  }
  return null;
}

/** What the sample clinic's director set where the catalogue is silent: its placeholder, else the nearest sourced neighbour. */
export function sampleFigures(protocolId: string): ClinicFigures {
  const draft = entry(protocolId);
  const filled = openSafetyFields(protocolId).flatMap((field): [string, ClinicFigure][] => {
    const found = field.startsWith('washouts.') ? draft.washouts[field.slice('washouts.'.length)] : draft[field];
    const placeholder = (found as { readonly unsourced_placeholder?: Figure } | undefined)?.unsourced_placeholder;
    const figure = placeholder === undefined ? neighbour(protocolId, field) : { value: placeholder, grounds: "the catalogue's placeholder, for demonstrations" };
    return figure === null ? [] : [[field, figure]];
  });
  return Object.fromEntries(filled);
}

/** All but the deep peel, which stays closed in the sample clinic. */
export const sampleProtocols: readonly string[] = protocolIds.filter((id) => id !== 'chemical_peel.deep');
