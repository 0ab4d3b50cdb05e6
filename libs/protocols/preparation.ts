import type { ActiveProtocol } from './activation.js';
import { entry } from './catalogue.js';
import { spacing } from './spacing.js';
import { addDays, isTaken, type LocalDate, type Medication, type PatientFacts } from './facts.js';

/** The first day on which a fact lets the skin be treated, and why. */
export interface ClearDate {
  readonly date: LocalDate;
  readonly code: string;
  readonly because: string;
  readonly sourceIds: readonly string[];
}

/** What a patient has to leave off before a session, and from when. Never a prescribed medicine (invariant 10, rule G1). */
export interface PreparationStep {
  readonly code: string;
  readonly daysBefore: number;
  readonly sourceIds: readonly string[];
}

/** A medicine that a clinician has to look at with its prescriber before the treatment. */
export interface MedicineReview {
  readonly code: string;
  readonly name: string;
  readonly why: string;
}

/** Medicines and products of a patient → the washouts that speak of them. A map, because a sender's code may be any word. */
const washoutOfMedicine: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    topical_retinoid: ['retinoid_days_before', 'retinoid_days_before_fitz_IV_VI'],
    aha_bha: ['aha_bha_days_before'],
    otc_nsaid: ['otc_nsaid_days_before'],
    photosensitising_antibiotic: ['photosensitising_antibiotic_days_before'],
    topical_antibiotic: ['topical_antibiotic_days_before'],
    st_johns_wort: ['st_johns_wort_days_before'],
    alcohol: ['alcohol_days_before'],
  }),
);
const washoutOfExposure: Readonly<Record<string, readonly string[]>> = {
  waxing: ['waxing_depilatory_days_before'],
  self_tan: ['tanning_selftan_days_before'],
  sun_tan: ['tanning_selftan_days_before'],
  sunburn: ['tanning_selftan_days_before'],
};
const sunExposures = ['sun_tan', 'sunburn'];
const darkerSkin = ['IV', 'V', 'VI'];

interface Bound {
  readonly days: number;
  readonly sourceIds: readonly string[];
}

/** The longest of the named washouts; null when the protocol asks for none. */
function washout(protocol: ActiveProtocol, keys: readonly string[], facts: PatientFacts): Bound | null {
  const applies = (key: string) => keys.includes(key) && (!key.endsWith('fitz_IV_VI') || darkerSkin.includes(facts.fitzpatrick ?? ''));
  return longest(protocol.washouts.filter(({ key }) => applies(key)));
}

const longest = (bounds: readonly Bound[]): Bound | null => bounds.reduce<Bound | null>((best, bound) => (bound.days > (best?.days ?? 0) ? bound : best), null);

/** The label's wait after the last dose, where a rule names it and no clinician has cleared it (rule G2). */
function isotretinoinBound(protocol: ActiveProtocol, facts: PatientFacts): Bound | null {
  return facts.clearances.some(({ code }) => code === 'isotretinoin_recent') ? null : spacing('isotretinoin_last_dose', protocol.id);
}

function medicineDate(medication: Medication, protocol: ActiveProtocol, facts: PatientFacts, today: LocalDate): ClearDate[] {
  const bound =
    medication.code === 'isotretinoin' ? isotretinoinBound(protocol, facts) : washout(protocol, washoutOfMedicine.get(medication.code) ?? [], facts);
  if (bound === null || (medication.startedOn !== undefined && medication.startedOn > today)) return [];
  const taken = isTaken(medication, today);
  const stopped = taken || medication.stoppedOn === undefined ? today : medication.stoppedOn;
  const name = medication.code.replaceAll('_', ' ');
  const because = `${name} washout: ${bound.days} days ${taken ? 'from today, as it is still used' : `after ${stopped}`}`;
  return [{ date: addDays(stopped, bound.days), code: medication.code, because, sourceIds: bound.sourceIds }];
}

function exposureDate({ code, on }: { readonly code: string; readonly on: LocalDate }, protocol: ActiveProtocol, facts: PatientFacts): ClearDate[] {
  const sun: Bound[] = sunExposures.includes(code)
    ? [{ days: protocol.sunAvoidBeforeDays, sourceIds: entry(protocol.id).sun_avoid_before_days.source_ids }]
    : [];
  const product = washout(protocol, washoutOfExposure[code] ?? [], facts);
  const bound = longest(product === null ? sun : [...sun, product]);
  return bound === null
    ? []
    : [{ date: addDays(on, bound.days), code, because: `${code.replaceAll('_', ' ')} on ${on}: ${bound.days} days`, sourceIds: bound.sourceIds }];
}

/**
 * The first days that medicines, products and exposures allow, each with its reason; the latest one binds.
 * A medicine that is still used counts from today. A prescribed one gives the same delay, because its clinician needs that
 * time to decide with the prescriber, but never an instruction to the patient: see `medicineReviews`.
 */
export const clearDates = (facts: PatientFacts, protocol: ActiveProtocol, today: LocalDate): ClearDate[] => [
  ...facts.medications.flatMap((medication) => medicineDate(medication, protocol, facts, today)),
  ...facts.exposures.flatMap((exposure) => exposureDate(exposure, protocol, facts)),
];

/** What this patient has to leave off before a session, by what they actually use. Prescribed medicines are not among it. */
export function preparationSteps(facts: PatientFacts, protocol: ActiveProtocol, today: LocalDate): PreparationStep[] {
  const own = facts.medications.filter((medication) => !medication.prescribed && isTaken(medication, today));
  const products = own.flatMap(({ code }): PreparationStep[] => {
    const bound = washout(protocol, washoutOfMedicine.get(code) ?? [], facts);
    return bound === null ? [] : [{ code, daysBefore: bound.days, sourceIds: bound.sourceIds }];
  });
  const sun =
    protocol.sunAvoidBeforeDays > 0
      ? [{ code: 'sun', daysBefore: protocol.sunAvoidBeforeDays, sourceIds: entry(protocol.id).sun_avoid_before_days.source_ids }]
      : [];
  return [...products, ...sun];
}

/** Medicines that a screening or a spacing rule speaks of, beside those with a washout. */
const watched = ['prescribed_anticoagulant', 'daily_aspirin', 'isotretinoin', 'immunosuppressant'];
const isKnown = (code: string) => washoutOfMedicine.has(code) || watched.includes(code);

function reviewOf({ code, name, prescribed }: Medication, { label }: ActiveProtocol): MedicineReview {
  const called = name ?? code.replaceAll('_', ' ');
  const why = prescribed
    ? `prescribed ${called} before ${label}: ask the prescriber, the patient keeps taking it`
    : `${called} is not in the catalogue: a clinician decides what it means before ${label}`;
  return { code, name: called, why };
}

/**
 * Medicines that a clinician has to look at before the protocol, none an instruction to stop (G1, G4): the prescribed ones that
 * bear on it, and those that no rule knows, because what nobody screens somebody must read.
 */
export function medicineReviews(facts: PatientFacts, protocol: ActiveProtocol, today: LocalDate): MedicineReview[] {
  const bears = (code: string) => watched.includes(code) || washout(protocol, washoutOfMedicine.get(code) ?? [], facts) !== null;
  return facts.medications
    .filter((medication) => isTaken(medication, today) && (!isKnown(medication.code) || (medication.prescribed && bears(medication.code))))
    .map((medication) => reviewOf(medication, protocol));
}

/** The catalogue's aftercare for a day after treatment. */
export const aftercareOn = (protocolId: string, day: number): string[] =>
  entry(protocolId)
    .post_care.filter((care) => day >= care.from_day && (care.to_day === null || day <= care.to_day))
    .map(({ instruction }) => instruction);
