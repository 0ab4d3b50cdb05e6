import { after, atTime, type ConsultationFacts, day, type Draft, draftOf, hour, later, localDay, type PatchTestFacts } from './draft.js';
import type { TouchpointName } from './kinds.js';

const deferredRecallDays = 30;
/** A test spot is read one to three days after it was set. */
const [readFromHours, readUntilHours] = [24, 72];

/** Ten in the morning of the day after. */
const nextMorning = (instant: string, zone: string) => atTime(localDay(instant, zone).add({ days: 1 }), '10:00', zone);

type Rest = Pick<Draft, 'at' | 'expiresAt' | 'because'> & Partial<Draft>;
const draft = ({ consultationId }: ConsultationFacts, touchpoint: TouchpointName, occurrence: string | number, rest: Rest): Draft =>
  draftOf(touchpoint, { consultationId, occasion: `${consultationId}/${touchpoint}/${occurrence}`, ...rest });

/** Who waits for the plan or thinks about it. Declined gets none of these, deferred one gentle recall. */
function untilCourse(consultation: ConsultationFacts): Draft[] {
  const { requestedAt, deferredAt, estimateAt, declined, hasCourse } = consultation;
  if (hasCourse || declined) return [];
  const recallAt = deferredAt === null ? null : after(deferredAt, deferredRecallDays * day);
  return [
    ...(requestedAt === null
      ? []
      : [draft(consultation, 'request-received', 0, { at: requestedAt, expiresAt: after(requestedAt, 2 * day), because: 'a consultation was asked for' })]),
    ...(estimateAt === null
      ? []
      : [
          draft(consultation, 'plan-and-costs', estimateAt, {
            at: after(estimateAt, hour),
            expiresAt: after(estimateAt, 3 * day),
            because: 'an estimate was presented and nothing is booked yet',
          }),
        ]),
    ...(recallAt === null
      ? []
      : [
          draft(consultation, 'deferred-recall', 0, {
            at: recallAt,
            expiresAt: after(recallAt, 3 * day),
            because: `${deferredRecallDays} days after the decision was deferred`,
          }),
        ]),
  ];
}

function afterwards(consultation: ConsultationFacts, zone: string): Draft[] {
  const { finalizedAt, consentedAt, declined } = consultation;
  const thanks = finalizedAt === null || declined ? null : nextMorning(finalizedAt, zone);
  return [
    ...(thanks === null ? [] : [draft(consultation, 'thanks', 0, { at: thanks, expiresAt: after(thanks, 3 * day), because: 'the consultation was closed' })]),
    ...(consentedAt === null
      ? []
      : [
          draft(consultation, 'consent-copy', consentedAt, {
            locals: { by: consentedAt, timeZone: zone },
            at: after(consentedAt, hour),
            expiresAt: after(consentedAt, 3 * day),
            because: 'a consent was signed: the patient has a copy',
          }),
        ]),
  ];
}

/** Spots that were set together are read together. */
function readings(consultation: ConsultationFacts, tests: readonly PatchTestFacts[], zone: string): Draft[] {
  const performed = [...new Set(tests.flatMap(({ performedAt }) => performedAt ?? []))].sort();
  return performed.map((performedAt) => {
    const until = after(performedAt, readUntilHours * hour);
    return draft(consultation, 'patch-test-reading', performedAt, {
      locals: { by: until, timeZone: zone },
      at: later(after(performedAt, readFromHours * hour), nextMorning(performedAt, zone)),
      expiresAt: after(until, -6 * hour),
      because: `a patch test is read ${readFromHours} to ${readUntilHours} hours after it was done`,
    });
  });
}

function patchTests(consultation: ConsultationFacts, zone: string): Draft[] {
  const { patchTests: tests, declined, deferredAt } = consultation;
  const required = tests.flatMap(({ requiredAt, performedAt }) => (requiredAt === null || performedAt !== null ? [] : requiredAt)).sort();
  const [first] = required;
  const planning =
    first === undefined || declined || deferredAt !== null
      ? []
      : [
          draft(consultation, 'patch-test', 0, {
            at: nextMorning(first, zone),
            expiresAt: after(nextMorning(first, zone), 3 * day),
            because: 'a patch test is required and was not done yet',
          }),
        ];
  // A spot on the skin is looked at whatever the patient decided meanwhile.
  return [...planning, ...readings(consultation, tests, zone)];
}

/** What a consultation asks for by itself, before and beside its course. */
export const aroundConsultation = (consultation: ConsultationFacts, zone: string): Draft[] => [
  ...untilCourse(consultation),
  ...afterwards(consultation, zone),
  ...patchTests(consultation, zone),
];
