import { z } from 'zod';
import { edge } from '#protocols';

/** What a patient's events carry. Unknown fields are kept: the sender knows more than we ask. */
export function patientSchemas(now: Date) {
  const { day, instant } = edge.pieces(now);
  const person = z.looseObject({
    givenName: z.string().min(1).max(200),
    familyName: z.string().min(1).max(200),
    birthDate: day.refine((value) => value <= now.toISOString().slice(0, 10), 'lies ahead').optional(),
    email: edge.email.optional(),
    phone: edge.phone.optional(),
    language: edge.language.optional(),
    timeZone: edge.timeZone.optional(),
  });
  const medication = z.looseObject({
    code: edge.medicationCode, name: z.string().max(200).optional(), prescribed: z.boolean(), startedOn: day.optional(), stoppedOn: day.optional(),
  });
  const exposure = z.looseObject({ code: edge.exposureCode, on: day });
  const span = z.looseObject({ from: instant, to: instant, reason: z.string().max(200).optional() })
    .refine(({ from, to }) => Date.parse(from) < Date.parse(to), { message: 'ends before it begins', path: ['to'] });
  const preferred = z.looseObject({ weekday: z.number().int().min(1).max(7), from: edge.timeOfDay, to: edge.timeOfDay })
    .refine(({ from, to }) => from < to, { message: 'ends before it begins', path: ['to'] });
  const ids = { consultationId: edge.id, patientId: edge.id };
  return {
    person,
    'patient.registered.v1': z.looseObject({
      ...ids,
      person,
      conditions: z.array(edge.conditionCode).optional(),
      medications: z.array(medication).optional(),
      exposures: z.array(exposure).optional(),
      allergies: edge.texts.optional(),
      pastTreatments: z.array(z.looseObject({ protocolId: edge.protocolId, on: day })).optional(),
      skinCareRoutine: edge.texts.optional(),
      lifestyle: z.looseObject({
        smoking: z.boolean().optional(), sunExposure: z.enum(['low', 'moderate', 'high']).optional(), outdoor: z.boolean().optional(), diet: edge.text.optional(),
      }).optional(),
      pregnant: z.boolean().optional(),
      nursing: z.boolean().optional(),
      comfort: z.looseObject({ lighting: edge.text.optional(), music: edge.text.optional(), temperature: edge.text.optional() }).optional(),
    }),
    'patient.contact-consent-changed.v1': z.looseObject({
      ...ids, channel: z.enum(['sms', 'email']), scope: z.enum(['care', 'marketing']), granted: z.boolean(), address: z.string().min(3).max(254),
      method: z.enum(['form', 'verbal', 'keyword', 'link']), recordedOn: z.union([day, instant]),
    }),
    'patient.contact-changed.v1': z.looseObject({ ...ids, person: person.partial() }),
    'patient.fact-recorded.v1': z.looseObject({
      ...ids,
      fact: z.discriminatedUnion('kind', [
        medication.extend({ kind: z.literal('medication') }),
        exposure.extend({ kind: z.literal('exposure') }),
        z.looseObject({ kind: z.literal('condition'), code: edge.conditionCode, present: z.boolean() }),
        z.looseObject({ kind: z.literal('treatment'), protocolId: edge.protocolId, on: day, elsewhere: z.boolean().default(true) }),
        z.looseObject({ kind: z.literal('pregnancy'), present: z.boolean() }),
      ]),
    }),
    'patient.availability-set.v1': z.looseObject({
      ...ids, unavailable: z.array(span), socialEvents: z.array(z.looseObject({ on: day, name: z.string().max(200).optional() })), preferred: z.array(preferred).optional(),
    }),
  };
}

export type PatientEventType = Exclude<keyof ReturnType<typeof patientSchemas>, 'person'>;
type DataOf<T extends PatientEventType> = z.output<ReturnType<typeof patientSchemas>[T]>;
export type Registered = DataOf<'patient.registered.v1'>;
export type Person = Registered['person'];
export type ConsentChanged = DataOf<'patient.contact-consent-changed.v1'>;
export type ContactChanged = DataOf<'patient.contact-changed.v1'>;
export type FactRecorded = DataOf<'patient.fact-recorded.v1'>;
export type AvailabilitySet = DataOf<'patient.availability-set.v1'>;

/** Fields that stay readable in the log after the patient is erased: none of them says who or how. */
export const openPatientFields: Readonly<Record<PatientEventType, readonly string[]>> = {
  'patient.registered.v1': [],
  'patient.contact-consent-changed.v1': ['channel', 'scope', 'granted', 'method', 'recordedOn'],
  'patient.contact-changed.v1': [],
  'patient.fact-recorded.v1': [],
  'patient.availability-set.v1': [],
};
