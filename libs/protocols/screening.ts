/*
 * Screening: a patient's facts against one protocol's contraindications.
 * Invariant 2 stands on it (no session before its gates are met, none once a fact has closed one) and global rules G1 to G6
 * of the catalogue: prescribed medicines are never told to be stopped (G1), isotretinoin (G2), pregnancy and nursing defer
 * every elective treatment by default (G3), sunburn and active infection postpone (G5, G6).
 *
 * Where the catalogue leaves it open: a skin type that a protocol avoids needs a clinician's clearance ("hard cut-off =
 * director"), one that it treats with caution only where the protocol lists it. A note such as "treat as absolute" moves no code
 * to another list: a clearance is the director's own decision. Filler in the area is not guessed from past treatments, whose
 * area is unknown: spacing keeps its distance, and the code counts when a person records it.
 */
import { entry } from './catalogue.js';
import { addDays, ageOn, isCleared, isTaken, type LocalDate, type PatientFacts } from './facts.js';
import { spacing } from './spacing.js';

/** hard: no clearance lifts it. clearance: a clinician's recorded clearance lifts it. defer: it passes by itself. */
export type FindingLevel = 'hard' | 'clearance' | 'defer';

export interface Finding {
  readonly protocolId: string;
  readonly code: string;
  readonly level: FindingLevel;
  /** True when a standing clearance covers it. */
  readonly cleared: boolean;
  /** One plain sentence for staff. */
  readonly why: string;
  readonly sourceIds: readonly string[];
}

interface Sign {
  readonly code: string;
  readonly fact: string;
  /** The code under which the fact itself was recorded: a clearance may name either. */
  readonly recorded: string;
}

/** One recorded condition may be what another code of the catalogue means. */
const implies: Readonly<Record<string, readonly string[]>> = {
  cold_sore_now: ['active_infection_or_hsv', 'infection_at_site'],
  infection_at_site: ['active_infection_or_hsv'],
  active_infection_or_hsv: ['infection_at_site'],
  bleeding_disorder: ['bleeding_disorder_or_anticoagulant'],
  anticoagulants: ['bleeding_disorder_or_anticoagulant'],
  severe_cystic_acne: ['active_inflammatory_acne'],
  epilepsy: ['epilepsy_light_triggered'],
  epilepsy_light_triggered: ['epilepsy'],
  keloid_in_area: ['keloid_history'],
  light_triggered_disease_sle_porphyria: ['photosensitivity', 'autoimmune_or_connective_tissue'],
  pdt_drug: ['photosensitising_drug_pdt_amiodarone_minocycline_stjohnswort'],
  chemo_radio_high_dose_steroid: ['immunosuppression', 'recent_radiation'],
  recent_facelift: ['facelift_or_eyelid_surgery_12_months', 'plastic_surgery_12_months'],
  facelift_or_eyelid_surgery_12_months: ['plastic_surgery_12_months'],
  metal_or_gold_allergy: ['topical_anaesthetic_or_metal_allergy'],
  filler_or_lidocaine_allergy: ['topical_anaesthetic_or_metal_allergy'],
};

const photosensitising = 'photosensitising_drug_pdt_amiodarone_minocycline_stjohnswort';
const medicineSigns: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    prescribed_anticoagulant: ['anticoagulants', 'bleeding_disorder_or_anticoagulant'],
    daily_aspirin: ['anticoagulants', 'bleeding_disorder_or_anticoagulant'],
    photosensitising_antibiotic: [photosensitising],
    st_johns_wort: [photosensitising],
    immunosuppressant: ['immunosuppression'],
  }),
);

const isotretinoinDays = 180;
const darkerSkin = ['IV', 'V', 'VI'];
/** Deferred by default after every protocol, listed or not (G3, G6). */
const deferredByDefault = ['pregnancy', 'nursing', 'active_infection_or_hsv'];

function medicineSignsOf(facts: PatientFacts, on: LocalDate): Sign[] {
  return facts.medications.flatMap((medication): Sign[] => {
    const name = medication.name ?? medication.code.replaceAll('_', ' ');
    if (medication.code === 'isotretinoin') {
      const started = medication.startedOn === undefined || medication.startedOn <= on;
      const recent = medication.stoppedOn === undefined || addDays(medication.stoppedOn, isotretinoinDays) > on;
      return started && recent
        ? [
            {
              code: 'isotretinoin_recent',
              recorded: 'isotretinoin',
              fact: medication.stoppedOn ? `isotretinoin until ${medication.stoppedOn}` : 'takes isotretinoin',
            },
          ]
        : [];
    }
    return isTaken(medication, on)
      ? (medicineSigns.get(medication.code) ?? []).map((code) => ({ code, recorded: medication.code, fact: `takes ${name}` }))
      : [];
  });
}

function bodySigns(facts: PatientFacts, on: LocalDate): Sign[] {
  const age = facts.birthDate === undefined ? null : ageOn(facts.birthDate, on);
  const signs: [boolean, string, string][] = [
    [facts.pregnant, 'pregnancy', 'is pregnant'],
    [facts.nursing, 'nursing', 'is nursing'],
    [facts.smoking, 'smoking', 'smokes'],
    [age !== null && age < 18, 'under_18', `is ${age}`],
    [age !== null && age < 22, 'under_22_years', `is ${age}`],
    [facts.fitzpatrick !== undefined && darkerSkin.includes(facts.fitzpatrick), 'fitzpatrick_IV_VI', `skin type ${facts.fitzpatrick}`],
  ];
  return signs.flatMap(([present, code, fact]) => (present ? [{ code, recorded: code, fact }] : []));
}

function signsOf(facts: PatientFacts, on: LocalDate): Sign[] {
  const conditions = facts.conditions.flatMap((code) =>
    [code, ...(implies[code] ?? [])].map((meant) => ({ code: meant, recorded: code, fact: code.replaceAll('_', ' ') })),
  );
  const all = [...conditions, ...medicineSignsOf(facts, on), ...bodySigns(facts, on)];
  return all.filter(({ code, recorded }, index) => all.findIndex((other) => other.code === code && other.recorded === recorded) === index);
}

/** Recent by a fact that names no last dose from which the rule could count. */
const isotretinoinWithoutEnd = ({ conditions, medications }: PatientFacts) =>
  conditions.includes('isotretinoin_recent') || medications.some(({ code, stoppedOn }) => code === 'isotretinoin' && stoppedOn === undefined);

function isotretinoinRule(protocolId: string): { level: FindingLevel; sourceIds: readonly string[] } | null {
  const rule = spacing('isotretinoin_last_dose', protocolId);
  return rule === null ? null : { level: 'clearance', sourceIds: rule.sourceIds };
}

function levelOf(protocolId: string, code: string, facts: PatientFacts): { level: FindingLevel; sourceIds: readonly string[] } | null {
  const { contraindications: lists, fitzpatrick } = entry(protocolId);
  const listed = (list: readonly { readonly code: string; readonly source_ids: readonly string[] }[]) => list.find((item) => item.code === code);
  const [absolute, soft, passing] = [listed(lists.absolute), listed(lists.needs_clearance), listed(lists.temporary_defer)];
  if (absolute !== undefined) return { level: 'hard', sourceIds: absolute.source_ids };
  if (soft !== undefined) return { level: 'clearance', sourceIds: soft.source_ids };
  if (passing !== undefined) return { level: 'defer', sourceIds: passing.source_ids };
  // Skin types that the protocol avoids are the director's cut-off: a named clinician decides.
  if (code === 'fitzpatrick_IV_VI' && fitzpatrick.avoid.includes(facts.fitzpatrick ?? '')) return { level: 'clearance', sourceIds: [] };
  // No list speaks of it, but a spacing rule counts from the last dose (X29 to X31): while there is none, a clinician decides.
  if (code === 'isotretinoin_recent' && isotretinoinWithoutEnd(facts)) return isotretinoinRule(protocolId);
  return deferredByDefault.includes(code) ? { level: code === 'active_infection_or_hsv' ? 'defer' : 'clearance', sourceIds: [] } : null;
}

const sentences: Readonly<Record<FindingLevel, (fact: string) => string>> = {
  hard: (fact) => `must not be treated: ${fact}`,
  clearance: (fact) => `needs a clinician's clearance: ${fact}`,
  defer: (fact) => `has to wait until it has passed: ${fact}`,
};

/**
 * Every contraindication of the protocol that the patient's facts meet on a day.
 * A clearance (same code, this protocol or any, still valid on the day) lifts those that need clearance or wait, never a hard one.
 */
export function screen(facts: PatientFacts, protocolId: string, on: LocalDate): Finding[] {
  return signsOf(facts, on).flatMap(({ code, recorded, fact }): Finding[] => {
    const found = levelOf(protocolId, code, facts);
    if (found === null) return [];
    const cleared = found.level !== 'hard' && [code, recorded].some((named) => isCleared(facts, named, protocolId, on));
    return [{ protocolId, code, level: found.level, cleared, why: `${entry(protocolId).label}: ${sentences[found.level](fact)}`, sourceIds: found.sourceIds }];
  });
}
