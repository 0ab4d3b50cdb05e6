import { deterministicId } from '#platform';

/*
 * What is planned by the clock (a reminder at half past ten, whatever waited for the hours to open) would leave for every
 * patient at the same second. Each patient has a delay of their own within ten minutes, always the same one, so that planning
 * again says the same and one patient's messages keep their distances.
 */
const spreadWithinMillis = 600_000;

/** A patient's own delay, in milliseconds. */
export const spreadMillis = (patientId: string): number =>
  Math.floor((parseInt(deterministicId('spread', patientId).slice(0, 8), 16) / 2 ** 32) * spreadWithinMillis);

/** The instant with the delay, where that is still before `until`; else the instant itself. */
export function spread(at: string, millis: number, until: string): string {
  const delayed = new Date(Date.parse(at) + millis).toISOString();
  return delayed < until ? delayed : at;
}
