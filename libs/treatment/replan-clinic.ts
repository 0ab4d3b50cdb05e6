import type { RecordedEvent } from '#event-store';
import { deterministicId, type Transaction } from '#platform';
import { replanAround, shortageOf } from './absence.js';
import { factsChanged } from './commands.js';
import type { TreatmentContext } from './patient-book.js';
import { patientsToCome } from './queries.js';

const continued = 'clinic.courses-replanned.v1';
/** Hours, places, people, rooms, devices or absences changed, or a pass through the patients goes on. */
export const replanCoursesTypes: readonly string[] = ['clinic.configured.v1', 'clinic.exception-recorded.v1', 'clinic.exception-ended.v1', continued];

/** So many patients between two checkpoints: a restart repeats no more. Each has a transaction of their own. */
const patientsAtOnce = 50;

/**
 * Looks at the courses of everybody with a session to come under the clinic's new settings, a batch at a time: each batch ends
 * with an event that asks for the next one, so that a pass survives a restart. Newer settings begin a pass that takes the place
 * of older ones. Whom an absence concerns is planned for first and together. Who is looked at twice is moved once.
 */
export async function replanCourses(
  trx: Transaction,
  context: TreatmentContext,
  events: readonly Pick<RecordedEvent, 'id' | 'type' | 'data'>[],
  batch = patientsAtOnce,
): Promise<void> {
  const cause = events.findLast(({ type }) => type !== continued) ?? events.at(-1);
  if (cause === undefined) return;
  for (const { type, data } of events) {
    const shortage = type === 'clinic.exception-recorded.v1' ? shortageOf(data) : null;
    if (shortage !== null) await replanAround(context, shortage);
  }
  const after = cause.type === continued ? String(cause.data['after']) : '';
  const now = context.clock.now();
  const patients = await patientsToCome(trx, now, { after, limit: batch });
  for (const patientId of patients) await factsChanged(context, patientId);
  const last = patients.at(-1);
  if (last === undefined || patients.length < batch) return;
  const next = { id: deterministicId('courses-replanned', cause.id), type: continued, data: { after: last }, occurredAt: now, meta: { cause: cause.id } };
  await context.store.append(trx, [{ stream: 'clinic', expected: 'any', events: [next] }]);
}
