import { catalogue, type CatalogueEntry, entry, type FlagUrgency, protocolIds } from './catalogue.js';

export interface Symptom {
  readonly code: string;
  readonly label: string;
  readonly clarifyingQuestion: string | null;
}

export const symptoms: readonly Symptom[] = catalogue.symptom_vocabulary.map(({ code, label, clarifying_question: clarifyingQuestion }) => ({
  code,
  label,
  clarifyingQuestion,
}));

const covers = ({ from_day: from, to_day: to }: { from_day: number; to_day: number | null }, day: number) => day >= from && (to === null || day <= to);

const expectedWindows = (draft: CatalogueEntry, code: string) =>
  // Triage rule 9b: pink that fades is expected wherever redness is.
  draft.expected_symptoms.filter((window) => window.code === code || (code === 'pinkness_fading' && window.code === 'redness'));

/** Is the symptom part of normal healing on this day after this protocol? */
export const expectedOn = (protocolId: string, code: string, day: number): boolean =>
  expectedWindows(entry(protocolId), code).some((window) => covers(window, day));

const rank: readonly FlagUrgency[] = ['soon', 'urgent', 'emergency'];
const highest = (urgencies: readonly FlagUrgency[]): FlagUrgency | null => rank.findLast((urgency) => urgencies.includes(urgency)) ?? null;

/** The urgency of a red flag whose window contains the day, the highest of several; null when it is none then. */
export const redFlagOn = (protocolId: string, code: string, day: number): FlagUrgency | null =>
  highest(
    entry(protocolId)
      .red_flags.filter((flag) => flag.code === code && covers(flag, day))
      .map(({ urgency }) => urgency),
  );

const worst = new Map(
  symptoms.map(({ code }) => [
    code,
    highest(
      protocolIds.flatMap((id) =>
        entry(id)
          .red_flags.filter((flag) => flag.code === code)
          .map(({ urgency }) => urgency),
      ),
    ),
  ]),
);

/** The highest urgency that any protocol gives the code: what holds when no treatment explains it. */
export const redFlagAnywhere = (code: string): FlagUrgency | null => worst.get(code) ?? null;

/** Codes that are an emergency after every protocol and on every day (triage rule 1). */
export const emergencyCodes: readonly string[] = symptoms
  .map(({ code }) => code)
  .filter((code) =>
    protocolIds.every((id) =>
      entry(id).red_flags.some((flag) => flag.code === code && flag.urgency === 'emergency' && flag.from_day === 0 && flag.to_day === null),
    ),
  );

/** `staff_first` protocols are never reassured automatically (triage rule 9d). */
export const isStaffFirst = (protocolId: string): boolean => entry(protocolId).auto_reply_policy.value === 'staff_first';
