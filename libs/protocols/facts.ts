/** A calendar day in the clinic's zone, `YYYY-MM-DD`. Days compare as text. */
export type LocalDate = string;

export interface Medication {
  readonly code: string;
  readonly name?: string | undefined;
  readonly prescribed: boolean;
  readonly startedOn?: LocalDate | undefined;
  readonly stoppedOn?: LocalDate | undefined;
}

export interface Clearance {
  readonly code: string;
  readonly protocolId?: string | undefined;
  readonly by: string;
  readonly until?: LocalDate | undefined;
}

/** What is known of a patient that bears on treatment. */
export interface PatientFacts {
  readonly birthDate?: LocalDate | undefined;
  /** Codes of the catalogue that are present now. */
  readonly conditions: readonly string[];
  readonly medications: readonly Medication[];
  readonly exposures: readonly { readonly code: string; readonly on: LocalDate }[];
  readonly treatments: readonly { readonly protocolId: string; readonly on: LocalDate }[];
  readonly pregnant: boolean;
  readonly nursing: boolean;
  readonly smoking: boolean;
  readonly fitzpatrick?: string | undefined;
  readonly clearances: readonly Clearance[];
}

export const noFacts: PatientFacts = {
  conditions: [],
  medications: [],
  exposures: [],
  treatments: [],
  pregnant: false,
  nursing: false,
  smoking: false,
  clearances: [],
};

const dayMillis = 86_400_000;

/** The day that lies `days` after another. */
export const addDays = (day: LocalDate, days: number): LocalDate => new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMillis).toISOString().slice(0, 10);

/** Calendar days from one day to a later one. */
export const daysBetween = (from: LocalDate, to: LocalDate): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMillis);

/** Whole years of age on a day. */
export function ageOn(birthDate: LocalDate, day: LocalDate): number {
  const years = Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return day.slice(5) < birthDate.slice(5) ? years - 1 : years;
}

/** Is the medicine taken on that day, as far as is known? */
export const isTaken = (medication: Medication, day: LocalDate): boolean =>
  (medication.startedOn === undefined || medication.startedOn <= day) && (medication.stoppedOn === undefined || medication.stoppedOn > day);

/** Has a clinician cleared this code for the protocol, in a clearance that still holds on the day? */
export const isCleared = (facts: PatientFacts, code: string, protocolId: string, on: LocalDate): boolean =>
  facts.clearances.some(
    (clearance) =>
      clearance.code === code &&
      (clearance.protocolId === undefined || clearance.protocolId === protocolId) &&
      (clearance.until === undefined || clearance.until >= on),
  );
