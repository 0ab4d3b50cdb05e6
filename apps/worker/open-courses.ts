import { consultationsOf } from '#consultation';
import { openTask } from '#conversation';
import type { RecordedEvent, Subscription } from '#event-store';
import { type Database, deterministicId, inTransaction } from '#platform';
import { medicineReviews } from '#protocols';
import { courseIdFor, factsChanged, findCourse, openCourse, putOnHold, releaseHold, type TreatmentContext } from '#treatment';
import type { Afterglow } from './afterglow.js';
import { judgedConsultation, todayIn } from './patient-picture.js';

type Judged = NonNullable<Awaited<ReturnType<typeof judgedConsultation>>>;

const reviewHours = 24;
const hourMillis = 3_600_000;

/** Consultations that these events bear on: their own, and all of a patient whose facts changed. */
async function touched(db: Database, events: readonly RecordedEvent[]): Promise<string[]> {
  const own = events.flatMap(({ stream }) => (stream.startsWith('consultation/') ? [stream.slice('consultation/'.length)] : []));
  const patients = events.flatMap(({ stream, type, patientId }) =>
    patientId !== null && (stream.startsWith('patient/') || type === 'consultation.skin-assessed.v1' || type === 'consultation.clearance-recorded.v1')
      ? [patientId]
      : [],
  );
  const theirs = await consultationsOf(db, [...new Set(patients)]);
  return [...new Set([...own, ...theirs.map(({ consultationId }) => consultationId)])].sort();
}

/** A prescribed medicine never becomes an instruction: a clinician asks the prescriber (invariant 10). */
async function reviewMedicines(afterglow: Afterglow, context: TreatmentContext, { consultationId, patientId, patient, state }: Judged): Promise<void> {
  const today = todayIn(context.clinic, afterglow.clock);
  const reviews = (state.plan?.items ?? []).flatMap(({ protocolId }) => {
    const protocol = context.protocols.get(protocolId);
    return protocol === undefined ? [] : medicineReviews(patient.facts, protocol, today);
  });
  const byCode = new Map(reviews.map((review) => [review.code, review]));
  if (byCode.size === 0) return;
  const dueAt = new Date(afterglow.clock.now().getTime() + reviewHours * hourMillis);
  await inTransaction(afterglow.db, async (trx) => {
    for (const [code, { why }] of byCode) {
      await openTask(trx, afterglow, {
        taskId: deterministicId('task', 'medicine', consultationId, state.plan?.planId ?? '', code),
        kind: 'clinician-review',
        why,
        dueAt,
        role: 'provider',
        patientId,
      });
    }
  });
}

/** Gates that a consultation itself can close; other holds of a course are other people's to lift. */
async function reopen(context: TreatmentContext, courseId: string): Promise<void> {
  const course = await findCourse(context.db, courseId);
  const gates = new Set(
    (course?.sessions ?? []).flatMap(({ holds }) => holds.map(({ gate }) => gate)).filter((gate) => gate !== 'adverse_reaction' && gate !== 'window'),
  );
  for (const gate of gates) await releaseHold(context, { courseId, gate });
}

async function judge(afterglow: Afterglow, context: TreatmentContext, consultationId: string): Promise<void> {
  const judged = await judgedConsultation(context, afterglow.db, consultationId);
  if (judged === null) return;
  const { decision, patientId, state } = judged;
  const courseId = courseIdFor(consultationId);
  const exists = (await findCourse(context.db, courseId)) !== null;
  if (decision.kind === 'hold') {
    if (exists) await putOnHold(context, { courseId, gate: decision.gate, why: decision.why });
    return;
  }
  await reviewMedicines(afterglow, context, judged);
  const locationId = state.locationId ?? context.clinic.locations[0]?.id ?? '';
  await openCourse(context, { consultationId, patientId, planId: decision.plan.planId, locationId, items: decision.plan.items });
  if (exists) {
    await reopen(context, courseId);
    await factsChanged(context, patientId);
  }
}

/**
 * When every gate of a plan is met, its course opens and is booked; when a fact closes one, what was booked is put on hold.
 * Each consultation is judged in transactions of its own, which lock and retry by themselves; judging twice changes nothing.
 */
export const openCoursesPolicy = (afterglow: Afterglow): Subscription => ({
  name: 'open-courses',
  types: 'all',
  handle: async (_trx, events) => {
    const bearing = events.filter(({ stream }) => stream.startsWith('consultation/') || stream.startsWith('patient/'));
    if (bearing.length === 0) return;
    const context = await afterglow.treatment();
    for (const consultationId of await touched(afterglow.db, bearing)) await judge(afterglow, context, consultationId);
  },
});
