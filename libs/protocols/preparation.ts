import type { ActiveProtocol } from './activation.js';
import { entry } from './catalogue.js';
import { spacing } from './spacing.js';
import { addDays, isCleared, isTaken, type LocalDate, type Medication, type PatientFacts } from './facts.js';

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

/**
 * The wait after the last known dose, where a rule names it (X29 to X31). A patient who still takes it has no last dose: that
 * closes a gate (see screening), and no day is reckoned as if they stopped.
 */
function isotretinoinDate({ stoppedOn }: Medication, protocol: ActiveProtocol): ClearDate[] {
  const rule = spacing('isotretinoin_last_dose', protocol.id);
  if (rule === null || stoppedOn === undefined) return [];
  return [
    { date: addDays(stoppedOn, rule.days), code: 'isotretinoin', because: `isotretinoin until ${stoppedOn}: ${rule.days} days`, sourceIds: rule.sourceIds },
  ];
}

const isLifted = (code: string, facts: PatientFacts, protocol: ActiveProtocol, today: LocalDate) =>
  isCleared(facts, code, protocol.id, today) || (code === 'isotretinoin' && isCleared(facts, 'isotretinoin_recent', protocol.id, today));

function medicineDate(medication: Medication, protocol: ActiveProtocol, facts: PatientFacts, today: LocalDate): ClearDate[] {
  const { code, prescribed, startedOn, stoppedOn } = medication;
  if (isLifted(code, facts, protocol, today)) return [];
  if (code === 'isotretinoin') return isotretinoinDate(medication, protocol);
  const bound = washout(protocol, washoutOfMedicine.get(code) ?? [], facts);
  if (bound === null || (startedOn !== undefined && startedOn > today)) return [];
  const from = stoppedOn ?? today;
  const name = code.replaceAll('_', ' ');
  const since = prescribed ? 'for a clinician to decide with the prescriber' : 'from today, as it is still used';
  const because = stoppedOn === undefined ? `${name}: ${bound.days} days ${since}` : `${name} washout: ${bound.days} days after ${stoppedOn}`;
  return [{ date: addDays(from, bound.days), code, because, sourceIds: bound.sourceIds }];
}

function exposureDate({ code, on }: { readonly code: string; readonly on: LocalDate }, protocol: ActiveProtocol, facts: PatientFacts): ClearDate[] {
  const sun = sunExposures.includes(code) ? [{ days: protocol.sunAvoidBeforeDays, sourceIds: entry(protocol.id).sun_avoid_before_days.source_ids }] : [];
  const bounds: (Bound | null)[] = [...sun, washout(protocol, washoutOfExposure[code] ?? [], facts), spacing(code, protocol.id)];
  const bound = longest(bounds.filter((one) => one !== null));
  if (bound === null) return [];
  return [{ date: addDays(on, bound.days), code, because: `${code.replaceAll('_', ' ')} on ${on}: ${bound.days} days`, sourceIds: bound.sourceIds }];
}

/**
 * The first days that medicines, products and exposures allow, each with its reason; the latest one binds.
 * A medicine that is still used counts from today. A prescribed one gives the same delay, because its clinician needs that
 * time to decide with the prescriber, but never an instruction to the patient: see `medicineReviews`. A clearance that names the
 * medicine's code lifts it.
 */
export const clearDates = (facts: PatientFacts, protocol: ActiveProtocol, today: LocalDate): ClearDate[] => [
  ...facts.medications.flatMap((medication) => medicineDate(medication, protocol, facts, today)),
  ...facts.exposures.flatMap((exposure) => exposureDate(exposure, protocol, facts)),
];

/** A daily aspirin is a doctor's order, however it was recorded (G1). */
const isOrdered = ({ code, prescribed }: Medication) => prescribed || code === 'daily_aspirin';

/**
 * Would an instruction about this product be read as one about a medicine that was ordered? "No aspirin without prescription" is
 * not for a patient whose doctor ordered it daily, nor "no retinol" for one with a prescribed retinoid.
 */
function touchesOrdered(product: Medication, facts: PatientFacts, today: LocalDate): boolean {
  const { code } = product;
  const ordered = facts.medications.filter((other) => isTaken(other, today) && isOrdered(other));
  return !isOrdered(product) && ordered.some((other) => other.code === code || (code === 'otc_nsaid' && other.code === 'daily_aspirin'));
}

/**
 * What this patient has to leave off before a session, by what they actually use. Prescribed medicines are not among it, nor
 * products that could be taken for one.
 */
export function preparationSteps(facts: PatientFacts, protocol: ActiveProtocol, today: LocalDate): PreparationStep[] {
  const own = facts.medications.filter((medication) => !isOrdered(medication) && isTaken(medication, today) && !touchesOrdered(medication, facts, today));
  const products = own.flatMap(({ code }): PreparationStep[] => {
    const bound = washout(protocol, washoutOfMedicine.get(code) ?? [], facts);
    return bound === null ? [] : [{ code, daysBefore: bound.days, sourceIds: bound.sourceIds }];
  });
  if (protocol.sunAvoidBeforeDays === 0) return products;
  return [...products, { code: 'sun', daysBefore: protocol.sunAvoidBeforeDays, sourceIds: entry(protocol.id).sun_avoid_before_days.source_ids }];
}

/** Medicines that a screening or a spacing rule speaks of, beside those with a washout. */
const watched = ['prescribed_anticoagulant', 'daily_aspirin', 'isotretinoin', 'immunosuppressant'];
const isKnown = (code: string) => washoutOfMedicine.has(code) || watched.includes(code);

function reviewOf(medication: Medication, { label }: ActiveProtocol): MedicineReview {
  const { code, name } = medication;
  const called = name ?? code.replaceAll('_', ' ');
  if (isOrdered(medication)) return { code, name: called, why: `prescribed ${called} before ${label}: ask the prescriber, the patient keeps taking it` };
  if (!isKnown(code)) return { code, name: called, why: `${called} is not in the catalogue: a clinician decides what it means before ${label}` };
  return { code, name: called, why: `${called} beside a medicine that was ordered, before ${label}: a clinician says what the patient keeps` };
}

/**
 * Medicines that a clinician has to look at before the protocol, none an instruction to stop (G1, G4): the prescribed ones that
 * bear on it, products that could be taken for one, and those that no rule knows, because what nobody screens somebody must read.
 */
export function medicineReviews(facts: PatientFacts, protocol: ActiveProtocol, today: LocalDate): MedicineReview[] {
  const bears = (code: string) => watched.includes(code) || washout(protocol, washoutOfMedicine.get(code) ?? [], facts) !== null;
  const concerns = (medication: Medication) => isOrdered(medication) || touchesOrdered(medication, facts, today);
  return facts.medications
    .filter((medication) => isTaken(medication, today) && (!isKnown(medication.code) || (bears(medication.code) && concerns(medication))))
    .map((medication) => reviewOf(medication, protocol));
}
