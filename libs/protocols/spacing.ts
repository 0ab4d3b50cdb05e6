import { catalogue, entry, isProtocol } from './catalogue.js';
import { matchesAny, techniqueOf } from './patterns.js';

/** How long after `from` a treatment `to` must wait, and which rules say so. */
export interface Spacing {
  readonly days: number;
  readonly ruleIds: readonly string[];
  readonly sourceIds: readonly string[];
}

interface Bound {
  readonly days: number;
  readonly ruleId: string;
  readonly sourceIds: readonly string[];
}

const fallbackRule = 'X04';
const fallbackTechniques = ['botulinum_toxin', 'dermal_filler', 'focused_ultrasound'];

/** Washouts of a protocol that speak of an earlier treatment rather than of a product. */
const treatmentWashouts: Readonly<Record<string, readonly string[]>> = {
  injectables_days_before: ['botulinum_toxin', 'dermal_filler'],
  peel_days_before: ['chemical_peel'],
  peel_or_microderm_days_before: ['chemical_peel', 'microdermabrasion'],
  peel_or_dermabrasion_days_before: ['chemical_peel', 'dermabrasion'],
  laser_days_before: ['laser*'],
  laser_ipl_days_before: ['laser*', 'ipl_bbl'],
  ablative_or_deep_peel_days_before: ['laser_ablative', 'chemical_peel.deep'],
  other_skin_treatment_days_before: ['any skin treatment'],
};

/** Where a rule leaves the figure open ("only when fully healed") the earlier protocol's full recovery stands in. */
const daysOf = (minDays: number | null, from: string): number | null => minDays ?? (isProtocol(from) ? (entry(from).full_recovery_days.value ?? null) : null);

function namedRules(from: string, to: string): Bound[] {
  const rules = catalogue.cross_treatment_spacing.filter((rule) => rule.id !== fallbackRule && matchesAny(from, rule.from) && matchesAny(to, rule.to));
  return rules.flatMap((rule) => {
    const days = rule.status === 'clinic_must_set' ? null : daysOf(rule.min_days, from);
    return days === null ? [] : [{ days, ruleId: rule.id, sourceIds: rule.source_ids }];
  });
}

function washoutRules(from: string, to: string): Bound[] {
  if (!isProtocol(to)) return [];
  return Object.entries(entry(to).washouts).flatMap(([key, { value, source_ids: sourceIds }]) => {
    const patterns = treatmentWashouts[key];
    return patterns !== undefined && typeof value === 'number' && matchesAny(from, patterns) ? [{ days: value, ruleId: `${to}/${key}`, sourceIds }] : [];
  });
}

/** X04 is only for pairs of injectables and focused ultrasound that no other rule names. */
function fallback(from: string, to: string): Bound[] {
  const rule = catalogue.cross_treatment_spacing.find(({ id }) => id === fallbackRule);
  const covered = [from, to].every((id) => fallbackTechniques.includes(techniqueOf(id)));
  return rule !== undefined && covered ? [{ days: rule.min_days ?? 0, ruleId: rule.id, sourceIds: rule.source_ids }] : [];
}

/**
 * The spacing from one treatment to a later one, in calendar days; null when no rule names the pair in this direction, and for
 * a protocol after itself, which keeps its own interval. Of several rules the longest holds. `from` may also be an exposure, a
 * medicine's last dose or a procedure that is no protocol (`waxing`, `isotretinoin_last_dose`, `facelift`).
 */
export function spacing(from: string, to: string): Spacing | null {
  if (from === to) return null;
  const pair = `${from} ${to}`;
  const known = remembered.get(pair);
  if (known !== undefined) return known;
  // The rules are one file, and a plan asks for every pair of a clinic's protocols; names from outside must not grow this for ever.
  if (remembered.size >= mostRemembered) remembered.clear();
  const found = longestOf(from, to);
  remembered.set(pair, found);
  return found;
}

const mostRemembered = 10_000;
const remembered = new Map<string, Spacing | null>();

function longestOf(from: string, to: string): Spacing | null {
  const named = namedRules(from, to);
  const bounds = [...(named.length > 0 ? named : fallback(from, to)), ...washoutRules(from, to)];
  if (bounds.length === 0) return null;
  const days = Math.max(...bounds.map((bound) => bound.days));
  const longest = bounds.filter((bound) => bound.days === days);
  return { days, ruleIds: longest.map(({ ruleId }) => ruleId), sourceIds: [...new Set(longest.flatMap((bound) => bound.sourceIds))] };
}
