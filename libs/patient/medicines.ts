import type { Medication } from '#protocols';

/**
 * Which known medicine a word is about: the last one of the same code and name. A name that is left out fits when there is
 * only one to choose from; otherwise the word stands for itself, so that no medicine is taken for stopped by mistake.
 */
function placeOf(known: readonly Medication[], told: Medication): number {
  const ofCode = known.filter(({ code }) => code === told.code);
  const names = new Set(ofCode.map(({ name }) => name ?? ''));
  if (told.name === undefined) return names.size > 1 ? -1 : known.findLastIndex(({ code }) => code === told.code);
  const fits = names.has(told.name) ? told.name : names.size === 1 && names.has('') ? '' : null;
  return fits === null ? -1 : known.findLastIndex(({ code, name }) => code === told.code && (name ?? '') === fits);
}

/** Begun again after it was stopped: both stretches count, because a washout is counted from the end of each. */
const isNewStretch = (before: Medication, told: Medication) =>
  before.stoppedOn !== undefined && told.startedOn !== undefined && told.startedOn > before.stoppedOn;

/** A later word on a medicine replaces the earlier one; a stop that it does not repeat no longer holds. */
function withMedicine(known: readonly Medication[], { code, name, prescribed, startedOn, stoppedOn }: Medication): Medication[] {
  const told: Medication = { code, name, prescribed, startedOn, stoppedOn };
  const place = placeOf(known, told);
  const before = known[place];
  if (before === undefined || isNewStretch(before, told)) return [...known, told];
  return known.with(place, { code, name: name ?? before.name, prescribed, startedOn: startedOn ?? before.startedOn, stoppedOn });
}

/** What is known of a patient's medicines after some more words on them, in the order in which they were said. */
export const withMedicines = (known: readonly Medication[], told: readonly Medication[]): Medication[] => told.reduce<Medication[]>(withMedicine, [...known]);
