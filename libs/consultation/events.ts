import { z } from 'zod';
import { edge } from '#protocols';

const lineKinds = ['treatment', 'product', 'post_care', 'maintenance'] as const;

/** What a consultation's events carry. `person` is the patient slice's own schema, handed in: slices do not know each other. */
export function consultationSchemas<P extends z.ZodType>(now: Date, person: P) {
  const { day, instant } = edge.pieces(now);
  const ids = { consultationId: edge.id, patientId: edge.id };
  const patchTest = z.looseObject({ ...ids, protocolId: edge.protocolId, reason: edge.text.optional() });
  const question = z.looseObject({ ...ids, questionId: edge.id, text: edge.text });
  const ofPlan = z.looseObject({ ...ids, planId: edge.id });
  return {
    'consultation.requested.v1': z.looseObject({
      ...ids, channel: z.enum(['phone', 'email', 'online', 'walk_in']), person, concerns: edge.texts.optional(), preferredTimes: edge.text.optional(),
    }),
    'consultation.started.v1': z.looseObject({ ...ids, providerId: edge.id, locationId: edge.id }),
    'consultation.history-reviewed.v1': z.looseObject({ ...ids, providerId: edge.id, notes: edge.text.optional() }),
    'consultation.skin-assessed.v1': z.looseObject({
      ...ids, providerId: edge.id, fitzpatrick: z.enum(['I', 'II', 'III', 'IV', 'V', 'VI']), issues: edge.texts, texture: edge.text.optional(),
      elasticity: edge.text.optional(), areas: edge.texts, method: z.enum(['visual', 'dermoscopy', 'imaging']),
    }),
    'consultation.goals-set.v1': z.looseObject({ ...ids, goals: edge.texts, expectations: edge.text.optional() }),
    'consultation.options-presented.v1': z.looseObject({
      ...ids, visualAids: edge.texts.optional(),
      options: z.array(z.looseObject({ protocolId: edge.protocolId, benefits: z.unknown().optional(), risks: z.unknown().optional() })),
    }),
    'consultation.plan-proposed.v1': z.looseObject({
      ...ids, planId: edge.id, providerId: edge.id, regimen: edge.texts.optional(), conflictOfInterest: z.unknown().optional(),
      items: z.array(z.looseObject({ protocolId: edge.protocolId, sessions: z.number().int().min(1).max(24), area: edge.text.optional(), order: z.number().optional() })).min(1).max(24),
    }),
    'consultation.education-delivered.v1': z.looseObject({ ...ids, topics: edge.texts }),
    'consultation.question-asked.v1': question,
    'consultation.question-answered.v1': question,
    'consultation.patch-test-required.v1': patchTest,
    'consultation.patch-test-waived.v1': patchTest,
    'consultation.patch-test-performed.v1': z.looseObject({ ...ids, protocolId: edge.protocolId, at: instant }),
    'consultation.patch-test-read.v1': z.looseObject({ ...ids, protocolId: edge.protocolId, at: instant, result: z.enum(['clear', 'reaction', 'inconclusive']) }),
    'consultation.clearance-recorded.v1': z.looseObject({
      ...ids, code: edge.conditionCode, protocolId: edge.protocolId.optional(), by: z.string().min(1).max(200), until: z.union([day, instant]).optional(),
    }),
    'consultation.estimate-presented.v1': z.looseObject({
      ...ids, currency: edge.currency, lines: z.array(z.looseObject({ kind: z.enum(lineKinds), label: edge.text, amount: edge.amount })), depositRequired: edge.amount.optional(),
    }),
    'consultation.deposit-paid.v1': z.looseObject({ ...ids, amount: edge.amount, currency: edge.currency }),
    'consultation.decision-made.v1': z.looseObject({ ...ids, decision: z.enum(['proceed', 'declined', 'deferred']), planId: edge.id }),
    'consultation.consent-signed.v1': z.looseObject({ ...ids, planId: edge.id, documentVersion: z.string().min(1).max(100), acknowledged: edge.texts, signedAt: instant }),
    'consultation.instructions-given.v1': ofPlan,
    'consultation.follow-up-outlined.v1': ofPlan,
    'consultation.finalized.v1': z.looseObject({ ...ids, recap: edge.text.optional() }),
  };
}

type Schemas = ReturnType<typeof consultationSchemas<z.ZodUnknown>>;
export type ConsultationEventType = keyof Schemas;
export type DataOf<T extends ConsultationEventType> = z.output<Schemas[T]>;

/** Fields that stay readable in the log after the patient is erased: structure, nothing about the body or the person. */
export const openConsultationFields = ['channel', 'providerId', 'locationId', 'planId', 'items', 'decision', 'questionId', 'documentVersion', 'signedAt'] as const;
