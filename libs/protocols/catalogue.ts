import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '#platform';

/** Urgencies that a red flag may have, lowest first. */
export type FlagUrgency = 'soon' | 'urgent' | 'emergency';

const status = z.enum(['sourced', 'partly_sourced', 'derived', 'clinic_must_set', 'not_applicable', 'product_proposal']);
const sourceIds = z.array(z.string()).default([]);
const days = z.number().int().min(0).max(3650);
const range = z.union([
  z.strictObject({ min: z.number().min(0), max: z.number().min(0) }),
  z
    .number()
    .min(0)
    .transform((value) => ({ min: value, max: value })),
]);

/** A figure with where it comes from; null when the sources are silent and the clinic must set it. */
const figure = <T extends z.ZodType>(value: T) =>
  z.looseObject({ value: value.nullable(), status, source_ids: sourceIds, note: z.string().optional(), unsourced_placeholder: value.optional() });

const window = z.looseObject({ code: z.string(), from_day: days, to_day: days.nullable(), status, source_ids: sourceIds, note: z.string().optional() });
const contraindication = z.looseObject({ code: z.string(), status, source_ids: sourceIds, note: z.string().optional() });
const instruction = z.looseObject({ from_day: days, to_day: days.nullable(), instruction: z.string(), status, source_ids: sourceIds });
const washout = z.looseObject({
  value: z.union([days, z.string()]).nullable().optional(),
  policy: z.string().optional(),
  default_wait_days: days.optional(),
  status,
  source_ids: sourceIds,
  unsourced_placeholder: days.optional(),
});

const protocolEntry = z.looseObject({
  id: z.string(),
  technique: z.string(),
  intensity: z.string(),
  label: z.string(),
  session_duration_min: figure(range),
  sessions: figure(range),
  interval_days: figure(range),
  interval_overdue_days: figure(days),
  social_downtime_days: figure(range),
  full_recovery_days: figure(days),
  sun_avoid_before_days: figure(days),
  sun_avoid_after_days: figure(days),
  washouts: z.record(z.string(), washout),
  hsv_prophylaxis: z.looseObject({ when: figure(z.string()), start_days_before: figure(days), continue_days_after: figure(days) }),
  fitzpatrick: z.looseObject({ allowed: z.array(z.string()), caution: z.array(z.string()), avoid: z.array(z.string()) }),
  patch_test: z.looseObject({ when: figure(z.string()), min_wait_hours: figure(z.number().int().min(0)), valid_days: figure(days) }),
  contraindications: z.strictObject({
    absolute: z.array(contraindication),
    needs_clearance: z.array(contraindication),
    temporary_defer: z.array(contraindication),
  }),
  post_care: z.array(instruction),
  checkin_days: figure(z.array(days)),
  followup_visit_days: figure(z.array(days)),
  expected_symptoms: z.array(window),
  red_flags: z.array(window.extend({ urgency: z.enum(['soon', 'urgent', 'emergency']) })),
  maintenance_interval_days: figure(range),
  event_lead_days: figure(days),
  active: z.literal(false),
  provider_requirement: figure(z.string()),
  auto_reply_policy: z.looseObject({ value: z.enum(['approved_template_allowed', 'staff_first']) }),
  review: z.looseObject({ version: z.number().int().min(1) }),
});

const spacingRule = z.looseObject({
  id: z.string(),
  from: z.array(z.string()),
  to: z.array(z.string()),
  min_days: days.nullable(),
  status,
  source_ids: sourceIds,
});

const schema = z.looseObject({
  schema_version: z.string(),
  symptom_vocabulary: z.array(
    z.looseObject({ code: z.string(), label: z.string(), example_phrases: z.array(z.string()), clarifying_question: z.string().nullable() }),
  ),
  contraindication_codes: z.array(z.string()),
  cross_treatment_spacing: z.array(spacingRule),
  protocols: z.array(protocolEntry),
  sources: z.array(z.looseObject({ id: z.string(), grade: z.enum(['A', 'B', 'C', 'D']), title: z.string(), url: z.string() })),
});

export type CatalogueEntry = z.output<typeof protocolEntry>;

/** The clinical catalogue: draft defaults with their sources. Nothing in it is in force until a medical director activates it. */
export const catalogue = schema.parse(JSON.parse(readFileSync(join(projectRoot, 'libs/protocols/data/catalogue.json'), 'utf8')));

const byId = new Map(catalogue.protocols.map((entry) => [entry.id, entry]));

/** Every protocol id of the catalogue, in its order. */
export const protocolIds: readonly string[] = catalogue.protocols.map(({ id }) => id);

export const isProtocol = (id: string): boolean => byId.has(id);

/** The draft entry of a protocol. @throws Error for an id that is not in the catalogue; ids are checked at the edge. */
export function entry(protocolId: string): CatalogueEntry {
  const found = byId.get(protocolId);
  if (found === undefined) throw new Error(`no protocol ${protocolId} in the catalogue`);
  return found;
}
