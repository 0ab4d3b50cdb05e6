import { z } from 'zod';
import type { Clock } from '#platform';
import { edge } from '#protocols';

const lineKinds = ['treatment', 'product', 'post_care', 'maintenance'] as const;

const ids = { consultationId: edge.id, patientId: edge.id };
const question = z.looseObject({ ...ids, questionId: edge.id, text: edge.text });
const item = z.looseObject({
  protocolId: edge.protocolId,
  sessions: z.int('must be a whole number').min(1).max(24),
  area: edge.text.optional(),
  order: z.number().optional(),
});

/** From first contact to the plan and what is explained about it. */
function untilThePlan<P extends z.ZodType>(person: P) {
  return {
    'consultation.requested.v1': z.looseObject({
      ...ids,
      channel: z.enum(['phone', 'email', 'online', 'walk_in']),
      person,
      concerns: edge.texts.optional(),
      preferredTimes: edge.text.optional(),
    }),
    'consultation.started.v1': z.looseObject({ ...ids, providerId: edge.id, locationId: edge.id }),
    'consultation.history-reviewed.v1': z.looseObject({ ...ids, providerId: edge.id, notes: edge.text.optional() }),
    'consultation.skin-assessed.v1': z.looseObject({
      ...ids,
      providerId: edge.id,
      fitzpatrick: z.enum(['I', 'II', 'III', 'IV', 'V', 'VI']),
      issues: edge.texts,
      texture: edge.text.optional(),
      elasticity: edge.text.optional(),
      areas: edge.texts,
      method: z.enum(['visual', 'dermoscopy', 'imaging']),
    }),
    'consultation.goals-set.v1': z.looseObject({ ...ids, goals: edge.texts, expectations: z.unknown().optional() }),
    'consultation.options-presented.v1': z.looseObject({
      ...ids,
      visualAids: edge.texts.optional(),
      options: z.array(z.looseObject({ protocolId: edge.protocolId, benefits: z.unknown().optional(), risks: z.unknown().optional() })),
    }),
    'consultation.plan-proposed.v1': z.looseObject({
      ...ids,
      planId: edge.id,
      providerId: edge.id,
      regimen: edge.texts.optional(),
      conflictOfInterest: z.unknown().optional(),
      items: z.array(item).min(1).max(24),
    }),
    'consultation.education-delivered.v1': z.looseObject({ ...ids, topics: edge.texts }),
    'consultation.question-asked.v1': question,
    'consultation.question-answered.v1': question,
  };
}

/** From what has to be known before treatment to consent and what is handed over. */
function afterThePlan(clock: Clock) {
  const { day, instant } = edge.pieces(clock);
  const patchTest = z.looseObject({ ...ids, protocolId: edge.protocolId, reason: edge.text.optional() });
  const ofPlan = z.looseObject({ ...ids, planId: edge.id });
  return {
    'consultation.patch-test-required.v1': patchTest,
    'consultation.patch-test-waived.v1': patchTest,
    'consultation.patch-test-performed.v1': z.looseObject({ ...ids, protocolId: edge.protocolId, at: instant }),
    'consultation.patch-test-read.v1': z.looseObject({
      ...ids,
      protocolId: edge.protocolId,
      at: instant,
      result: z.enum(['clear', 'reaction', 'inconclusive']),
    }),
    'consultation.clearance-recorded.v1': z.looseObject({
      ...ids,
      code: edge.conditionCode,
      protocolId: edge.protocolId.optional(),
      by: z.string().min(1).max(200),
      until: z.union([day, instant]).optional(),
    }),
    'consultation.estimate-presented.v1': z.looseObject({
      ...ids,
      currency: edge.currency,
      lines: z.array(z.looseObject({ kind: z.enum(lineKinds), label: edge.text, amount: edge.amount })),
      depositRequired: edge.amount.optional(),
    }),
    'consultation.deposit-paid.v1': z.looseObject({ ...ids, amount: edge.amount, currency: edge.currency }),
    'consultation.decision-made.v1': z.looseObject({ ...ids, decision: z.enum(['proceed', 'declined', 'deferred']), planId: edge.id }),
    'consultation.consent-signed.v1': z.looseObject({
      ...ids,
      planId: edge.id,
      documentVersion: z.string().min(1).max(100),
      acknowledged: edge.texts,
      signedAt: instant,
    }),
    'consultation.instructions-given.v1': ofPlan,
    'consultation.follow-up-outlined.v1': ofPlan,
    'consultation.finalized.v1': z.looseObject({ ...ids, recap: edge.text.optional() }),
  };
}

/** What a consultation's events carry. `person` is the patient slice's own schema, handed in: slices do not know each other. */
export const consultationSchemas = <P extends z.ZodType>(clock: Clock, person: P) => ({ ...untilThePlan(person), ...afterThePlan(clock) });

type Schemas = ReturnType<typeof consultationSchemas<z.ZodUnknown>>;
export type ConsultationEventType = keyof Schemas;
export type DataOf<T extends ConsultationEventType> = z.output<Schemas[T]>;

/** Fields that stay readable in the log after the patient is erased: who treats, where, which step; nothing about the body. */
const openFields = ['consultationId', 'patientId', 'channel', 'providerId', 'locationId', 'planId', 'decision', 'questionId', 'documentVersion', 'signedAt'];

/** The open part of a consultation event's data. Of a plan's items only protocol and number of sessions stay. */
export function openConsultationPart(data: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const open = Object.fromEntries(Object.entries(data).filter(([key]) => openFields.includes(key)));
  const items = z.array(z.object({ protocolId: z.string(), sessions: z.number() })).safeParse(data['items']);
  return items.success ? { ...open, items: items.data } : open;
}

export const consultationEventTypes = Object.keys(consultationSchemas({ now: () => new Date(0) }, z.unknown())) as ConsultationEventType[];
