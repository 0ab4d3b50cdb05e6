import { z } from 'zod';
import { answer, day, instant, pageOf } from '../answers.js';

const reasons = z.array(z.object({ constraint: z.string(), detail: z.string() }));

export const consultationStarted = answer('ConsultationStarted', z.object({ id: z.string(), patientId: z.string() }));
export const factTaken = answer('FactTaken', z.object({ status: z.enum(['accepted', 'duplicate']) }));

export const recordedFacts = pageOf(
  'RecordedFacts',
  answer(
    'RecordedFact',
    z.object({
      id: z.string(),
      consultationId: z.string(),
      type: z.string(),
      at: instant,
      by: z.string().nullable(),
      /** As it was sent: each type's schema stands at /v1/event-types. */
      data: z.looseObject({}),
    }),
  ),
);

export const schedulePreview = answer(
  'SchedulePreview',
  z.object({
    sessions: z.array(
      z.object({
        item: z.number(),
        number: z.number(),
        protocolId: z.string(),
        start: instant,
        end: instant,
        timeZone: z.string(),
        locationId: z.string(),
        providerId: z.string(),
        downtime: z.object({ from: day, to: day }),
        because: reasons,
      }),
    ),
    because: reasons,
  }),
);

export const treatmentOptions = pageOf(
  'TreatmentOptions',
  answer(
    'TreatmentOption',
    z.object({
      protocolId: z.string(),
      label: z.string(),
      version: z.number(),
      durationMinutes: z.number(),
      downtimeDays: z.number(),
      fullRecoveryDays: z.number(),
      sunAvoidBeforeDays: z.number(),
      intervalDays: z.object({ min: z.number(), ideal: z.number(), max: z.number() }),
      sessions: z.object({ min: z.number(), max: z.number() }),
      sources: z.array(z.object({ field: z.string(), ids: z.array(z.string()) })),
    }),
  ),
);
