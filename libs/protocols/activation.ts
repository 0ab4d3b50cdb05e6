import { z } from 'zod';
import { Rejected } from '#platform';
import { type CatalogueEntry, entry, protocolIds } from './catalogue.js';
import { techniqueOf } from './patterns.js';

/*
 * A draft of the catalogue becomes a protocol in force. A figure that the catalogue leaves to the clinic is a safety figure when
 * a booking would be unsafe or impossible without it: the length of the session and the course, the gap to the next one, the
 * days of healing, sun before, the days on which we ask after the patient, and the washouts that every technique has. The
 * others inform: how long until overdue, sun after, waits after a patch test (a person reads the test) and the products that
 * few techniques mind. Both can be set; only an open safety figure keeps a protocol closed.
 */
const safetyFields: readonly string[] = [
  'session_duration_min',
  'sessions',
  'interval_days',
  'social_downtime_days',
  'full_recovery_days',
  'sun_avoid_before_days',
  'checkin_days',
  'washouts.retinoid_days_before',
  'washouts.aha_bha_days_before',
  'washouts.waxing_depilatory_days_before',
  'washouts.tanning_selftan_days_before',
];
const informingFields: readonly string[] = ['interval_overdue_days', 'sun_avoid_after_days', 'patch_test.min_wait_hours'];

const range = z.union([z.number(), z.object({ min: z.number(), max: z.number() })]);

/** A figure that a clinic gives: its value, in the catalogue's unit, and why. */
export const clinicFigure = z.object({ value: range, grounds: z.string() });
/** A figure that a clinic set where the catalogue leaves it open, and on what grounds. */
export type ClinicFigure = z.output<typeof clinicFigure>;
/** By field: `interval_days`, `washouts.retinoid_days_before`, … */
export type ClinicFigures = Readonly<Record<string, ClinicFigure>>;

const activeProtocol = z.object({
  id: z.string(),
  version: z.number(),
  label: z.string(),
  /** The largest of the catalogue's session durations. */
  durationMinutes: z.number(),
  intervalDays: z.object({ min: z.number(), ideal: z.number(), max: z.number() }),
  intervalOverdueDays: z.number().nullable(),
  /** The largest of the social downtimes. */
  downtimeDays: z.number(),
  fullRecoveryDays: z.number(),
  sunAvoidBeforeDays: z.number(),
  checkInDays: z.array(z.number()),
  washouts: z.array(z.object({ key: z.string(), days: z.number(), sourceIds: z.array(z.string()) })),
  /** Hours between patch test and treatment; null where no figure is set. */
  patchWaitHours: z.number().nullable(),
  figures: z.record(z.string(), clinicFigure),
});

/** A protocol in force: the catalogue's entry, completed and signed by the medical director. Sessions are pinned to its version. */
export type ActiveProtocol = Readonly<z.output<typeof activeProtocol>>;
export type Washout = ActiveProtocol['washouts'][number];

/** A protocol in force, as it was stored. @throws ZodError when it is not one. */
export const readActiveProtocol = (stored: unknown): ActiveProtocol => activeProtocol.parse(stored);

const anyFigure = z.looseObject({
  value: z.unknown().optional(),
  status: z.string(),
  unsourced_placeholder: range.optional(),
  default_wait_days: z.number().optional(),
  source_ids: z.array(z.string()).optional(),
  note: z.string().optional(),
});

/** The catalogue's figure for a field; null when the protocol has no such field. */
export function figureAt(protocolId: string, field: string): z.output<typeof anyFigure> | null {
  const [first = '', second] = field.split('.');
  const found: unknown = entry(protocolId)[first];
  const inner = second === undefined ? found : z.record(z.string(), z.unknown()).safeParse(found).data?.[second];
  return anyFigure.safeParse(inner).data ?? null;
}

function isOpen(protocolId: string, field: string): boolean {
  const figure = figureAt(protocolId, field);
  return figure !== null && figure.status === 'clinic_must_set' && (figure.value ?? null) === null;
}

/** Names of the safety figures that the catalogue leaves to the clinic. */
export const openSafetyFields = (protocolId: string): string[] => safetyFields.filter((field) => isOpen(protocolId, field));

/** Names of all figures that a clinic may set because the catalogue leaves them open. */
export function openFields(protocolId: string): string[] {
  const washouts = Object.keys(entry(protocolId).washouts).map((key) => `washouts.${key}`);
  return [...new Set([...safetyFields, ...informingFields, ...washouts])].filter((field) => isOpen(protocolId, field));
}

/**
 * Puts a protocol in force.
 * @throws Rejected `open_safety_field`, naming each safety figure that neither the catalogue nor the clinic has set.
 */
export function activate(protocolId: string, figures: ClinicFigures, version: number): ActiveProtocol {
  const draft = entry(protocolId);
  const missing = openSafetyFields(protocolId).filter((field) => figures[field] === undefined);
  if (missing.length > 0) {
    throw new Rejected('open_safety_field', `${protocolId} cannot be activated: the clinic must set ${missing.join(', ')}`, {
      path: missing[0] ?? '',
      fields: missing,
    });
  }
  const rangeOf = (field: 'session_duration_min' | 'interval_days' | 'social_downtime_days') => asRange(figures[field]?.value ?? draft[field].value);
  const numberOf = (field: string, sourced: number | null) => {
    const set = figures[field]?.value;
    return set === undefined ? sourced : asRange(set).max;
  };
  const interval = rangeOf('interval_days');
  return {
    id: draft.id,
    version,
    label: draft.label,
    durationMinutes: rangeOf('session_duration_min').max,
    intervalDays: { min: interval.min, ideal: numberOf('interval_ideal_days', null) ?? interval.min, max: interval.max },
    intervalOverdueDays: numberOf('interval_overdue_days', draft.interval_overdue_days.value),
    downtimeDays: rangeOf('social_downtime_days').max,
    fullRecoveryDays: numberOf('full_recovery_days', draft.full_recovery_days.value) ?? 0,
    sunAvoidBeforeDays: numberOf('sun_avoid_before_days', draft.sun_avoid_before_days.value) ?? 0,
    checkInDays: draft.checkin_days.value ?? [],
    washouts: washoutsOf(draft, figures),
    patchWaitHours: numberOf('patch_test.min_wait_hours', draft.patch_test.min_wait_hours.value),
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

/** Techniques that do the most alike to the skin, nearest first: where a clinic looks when its own technique is silent. */
const kin: Readonly<Record<string, readonly string[]>> = {
  laser_nonablative: ['laser_therapy', 'ipl_bbl', 'laser_ablative'],
  laser_ablative: ['laser_nonablative'],
  laser_therapy: ['laser_nonablative', 'ipl_bbl', 'laser_ablative'],
  ipl_bbl: ['laser_therapy', 'laser_nonablative', 'laser_ablative'],
  dermabrasion: ['laser_ablative'],
  microdermabrasion: ['chemical_peel'],
  microneedling: ['rf_microneedling'],
  rf_microneedling: ['microneedling'],
  rf_tightening: ['rf_microneedling'],
  focused_ultrasound: ['rf_tightening', 'rf_microneedling'],
  botulinum_toxin: ['dermal_filler', 'microneedling'],
  dermal_filler: ['botulinum_toxin', 'microneedling'],
};

const size = ({ value }: ClinicFigure) => (typeof value === 'number' ? value : value.max);

/** What the other protocols of a technique say of a field, as sourced or as a placeholder. */
function figuresOf(technique: string, field: string, without: string, part: 'value' | 'unsourced_placeholder'): ClinicFigure[] {
  const others = protocolIds.filter((id) => id !== without && techniqueOf(id) === technique);
  return others.flatMap((id): ClinicFigure[] => {
    const value = range.safeParse(figureAt(id, field)?.[part]).data;
    return value === undefined ? [] : [{ value, grounds: part === 'value' ? `as in ${id}, the nearest sourced neighbour` : `as the placeholder of ${id}` }];
  });
}

/** The nearest technique's sourced figures beside its own technique's placeholders; the longest of them (global rule G8). */
function neighbour(protocolId: string, field: string): ClinicFigure | null {
  const own = techniqueOf(protocolId);
  const circles = [own, ...(kin[own] ?? [])].map((technique) => figuresOf(technique, field, protocolId, 'value'));
  const nearest = circles.find((circle) => circle.length > 0) ?? [];
  const candidates = [...nearest, ...figuresOf(own, field, protocolId, 'unsourced_placeholder')];
  return candidates.sort((one, other) => size(other) - size(one))[0] ?? null;
}

/** What the sample clinic's director set where the catalogue is silent: its placeholder, else the nearest sourced neighbour. */
export function sampleFigures(protocolId: string): ClinicFigures {
  const filled = openFields(protocolId).flatMap((field): [string, ClinicFigure][] => {
    const placeholder = figureAt(protocolId, field)?.unsourced_placeholder;
    const figure = placeholder === undefined ? neighbour(protocolId, field) : { value: placeholder, grounds: "the catalogue's placeholder" };
    return figure === null ? [] : [[field, figure]];
  });
  return Object.fromEntries(filled);
}

/** All but the deep peel, which stays closed in the sample clinic. */
export const sampleProtocols: readonly string[] = protocolIds.filter((id) => id !== 'chemical_peel.deep');
