import { z } from 'zod';
import type { Clock } from '#platform';
import { edge } from '#protocols';

const ids = { consultationId: edge.id, patientId: edge.id };
const slip = (message: string, path: string[] = []) => ({ message, path, params: { code: 'impossible_date' } });

function personSchema(clock: Clock) {
  const { day } = edge.pieces(clock);
  return z.looseObject({
    givenName: z.string().min(1).max(200),
    familyName: z.string().min(1).max(200),
    birthDate: day.refine((value) => value <= clock.now().toISOString().slice(0, 10), slip('lies ahead')).optional(),
    email: edge.email.optional(),
    phone: edge.phone.optional(),
    language: edge.language.optional(),
    timeZone: edge.timeZone.optional(),
  });
}

const lifestyle = z.looseObject({
  smoking: z.boolean().optional(),
  sunExposure: z.enum(['low', 'moderate', 'high']).optional(),
  outdoor: z.boolean().optional(),
  diet: z.unknown().optional(),
});
const comfort = z.looseObject({ lighting: z.unknown().optional(), music: z.unknown().optional(), temperature: z.unknown().optional() });

/** Facts that bear on treatment, as a registration lists them and as they are recorded one by one. */
function factSchemas(clock: Clock) {
  const { day } = edge.pieces(clock);
  const medicine = z.looseObject({
    code: edge.medicationCode,
    name: z.string().max(200).optional(),
    prescribed: z.boolean(),
    startedOn: day.optional(),
    stoppedOn: day.optional(),
  });
  // Taken as it stands it would never have been used: a slip that must not hide a medicine.
  const inOrder = ({ startedOn, stoppedOn }: z.output<typeof medicine>) => startedOn === undefined || stoppedOn === undefined || startedOn <= stoppedOn;
  const outOfOrder = slip('lies before startedOn', ['stoppedOn']);
  const exposure = z.looseObject({ code: edge.exposureCode, on: day });
  const treatment = z.looseObject({ protocolId: edge.protocolId, on: day });
  const recorded = z.discriminatedUnion('kind', [
    medicine.extend({ kind: z.literal('medication') }).refine(inOrder, outOfOrder),
    exposure.extend({ kind: z.literal('exposure') }),
    z.looseObject({ kind: z.literal('condition'), code: edge.conditionCode, present: z.boolean() }),
    treatment.extend({ kind: z.literal('treatment'), elsewhere: z.boolean().default(true) }),
    z.looseObject({ kind: z.literal('pregnancy'), present: z.boolean() }),
  ]);
  return { medicine: medicine.refine(inOrder, outOfOrder), exposure, treatment, recorded };
}

function availabilitySchema(clock: Clock) {
  const { day, instant } = edge.pieces(clock);
  const backwards = { message: 'ends before it begins', path: ['to'] };
  const span = z
    .looseObject({ from: instant, to: instant, reason: z.string().max(200).optional() })
    .refine(({ from, to }) => Date.parse(from) < Date.parse(to), backwards);
  const preferred = z.looseObject({ weekday: z.int().min(1).max(7), from: edge.timeOfDay, to: edge.timeOfDay }).refine(({ from, to }) => from < to, backwards);
  return z.looseObject({
    ...ids,
    unavailable: z.array(span),
    socialEvents: z.array(z.looseObject({ on: day, name: z.string().max(200).optional() })),
    preferred: z.array(preferred).optional(),
  });
}

function consentSchema(clock: Clock) {
  const { day, instant } = edge.pieces(clock);
  return z
    .looseObject({
      ...ids,
      channel: z.enum(['sms', 'email']),
      scope: z.enum(['care', 'marketing']),
      granted: z.boolean(),
      address: z.string().min(3).max(254),
      method: z.enum(['form', 'verbal', 'keyword', 'link']),
      recordedOn: z.union([day, instant]),
    })
    .refine(({ channel, address }) => (channel === 'sms' ? edge.phone : edge.email).safeParse(address).success, {
      message: 'is not an address of the channel (a phone number in E.164, or an e-mail address)',
      path: ['address'],
    });
}

/** What a patient's events carry. Unknown fields are kept: the sender knows more than we ask. */
export function patientSchemas(clock: Clock) {
  const person = personSchema(clock);
  const { medicine, exposure, treatment, recorded } = factSchemas(clock);
  return {
    person,
    'patient.registered.v1': z.looseObject({
      ...ids,
      person,
      conditions: z.array(edge.conditionCode).optional(),
      medications: z.array(medicine).optional(),
      exposures: z.array(exposure).optional(),
      allergies: edge.texts.optional(),
      pastTreatments: z.array(treatment).optional(),
      skinCareRoutine: edge.texts.optional(),
      lifestyle: lifestyle.optional(),
      pregnant: z.boolean().optional(),
      nursing: z.boolean().optional(),
      comfort: comfort.optional(),
    }),
    'patient.contact-consent-changed.v1': consentSchema(clock),
    'patient.contact-changed.v1': z.looseObject({ ...ids, person: person.partial() }),
    'patient.fact-recorded.v1': z.looseObject({ ...ids, fact: recorded }),
    'patient.availability-set.v1': availabilitySchema(clock),
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
const openFields: Readonly<Record<PatientEventType, readonly string[]>> = {
  'patient.registered.v1': [],
  'patient.contact-consent-changed.v1': ['channel', 'scope', 'granted', 'method', 'recordedOn'],
  'patient.contact-changed.v1': [],
  'patient.fact-recorded.v1': [],
  'patient.availability-set.v1': [],
};

/** The open part of a patient event's data. */
export const openPatientPart = (type: PatientEventType, data: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(data).filter(([key]) => key === 'consultationId' || key === 'patientId' || openFields[type].includes(key)));

export const patientEventTypes = Object.keys(openFields) as PatientEventType[];
