import { z } from 'zod';
import { answer, day, instant, pageOf } from '../answers.js';
import { sessionStatus } from './sessions.js';

export const consultation = answer(
  'Consultation',
  z.object({
    id: z.string(),
    patientId: z.string(),
    status: z.enum(['requested', 'in_progress', 'finalized', 'ready', 'course_open', 'declined', 'deferred']),
    steps: z.array(z.object({ step: z.string(), at: instant })),
    gates: z.array(
      answer(
        'Gate',
        z.object({
          gate: z.enum(['assessment', 'plan', 'education', 'questions', 'patch_test', 'contraindications', 'consent', 'deposit']),
          met: z.enum(['met', 'unmet', 'waived']),
          why: z.string(),
        }),
      ),
    ),
    courseId: z.string().nullable(),
    plan: z
      .object({
        planId: z.string(),
        providerId: z.string(),
        items: z.array(z.object({ protocolId: z.string(), sessions: z.number(), area: z.string().optional() })),
        regimen: z.array(z.string()),
        proposedAt: instant,
        changedAt: instant.nullable(),
      })
      .nullable(),
    estimate: z.object({ currency: z.string(), depositRequired: z.number(), total: z.number() }).nullable(),
    decision: z.object({ decision: z.enum(['proceed', 'declined', 'deferred']), planId: z.string(), at: instant }).nullable(),
  }),
);

export const patientPage = pageOf(
  'PatientPage',
  answer(
    'Patient',
    z.object({
      id: z.string(),
      givenName: z.string().nullable(),
      familyName: z.string().nullable(),
      birthDate: day.nullable(),
      phone: z.string().nullable(),
      email: z.string().nullable(),
      language: z.string().nullable(),
      timeZone: z.string().nullable(),
    }),
  ),
);

const facts = z.object({
  birthDate: day.optional(),
  conditions: z.array(z.string()),
  medications: z.array(
    z.object({ code: z.string(), name: z.string().optional(), prescribed: z.boolean(), startedOn: day.optional(), stoppedOn: day.optional() }),
  ),
  exposures: z.array(z.looseObject({ code: z.string(), on: day })),
  treatments: z.array(z.looseObject({ protocolId: z.string(), on: day })),
  pregnant: z.boolean(),
  nursing: z.boolean(),
  smoking: z.boolean(),
  fitzpatrick: z.string().optional(),
  clearances: z.array(z.object({ code: z.string(), protocolId: z.string().optional(), by: z.string(), until: day.optional() })),
});

const availability = z.object({
  unavailable: z.array(z.looseObject({ from: instant, to: instant, reason: z.string().optional() })),
  socialEvents: z.array(z.looseObject({ on: day, name: z.string().optional() })),
  preferred: z.array(z.looseObject({ weekday: z.number(), from: z.string(), to: z.string() })),
});

/** What a sender told of a person besides is kept and shown. */
export const patientRecord = answer(
  'PatientRecord',
  z.looseObject({
    id: z.string(),
    givenName: z.string().optional(),
    familyName: z.string().optional(),
    birthDate: day.optional(),
    phone: z.string().optional(),
    email: z.string().optional(),
    language: z.string().optional(),
    timeZone: z.string().optional(),
    facts,
    allergies: z.array(z.string()),
    skinCareRoutine: z.array(z.string()),
    lifestyle: z.looseObject({}).optional(),
    comfort: z.looseObject({}).optional(),
    consents: z.array(
      z.object({
        channel: z.enum(['sms', 'email']),
        scope: z.enum(['care', 'marketing']),
        address: z.string(),
        granted: z.boolean(),
        method: z.string(),
        at: instant,
      }),
    ),
    availability,
    erased: z.boolean(),
  }),
);

export const timelinePage = pageOf(
  'TimelinePage',
  answer(
    'TimelineEntry',
    z.object({
      id: z.string(),
      type: z.string(),
      at: instant,
      recordedAt: instant,
      title: z.string(),
      data: z.record(z.string(), z.unknown()),
      source: z.string().nullable(),
      cause: z.string().nullable(),
    }),
  ),
);

const band = z.looseObject({ kind: z.enum(['downtime', 'window', 'washout', 'sun']), from: day, to: day, say: z.string() });
export const ribbon = answer(
  'RibbonOfPatient',
  z.object({
    ribbon: answer(
      'Ribbon',
      z.looseObject({
        timeZone: z.string(),
        from: day,
        to: day,
        sessions: z.array(z.looseObject({ id: z.string(), number: z.number(), protocolId: z.string(), status: sessionStatus, on: day })),
        events: z.array(z.looseObject({ on: day, name: z.string().nullable() })),
        bands: z.array(band),
      }),
    ).nullable(),
  }),
);

export const patientLink = answer('PatientLink', z.object({ link: z.string(), page: z.enum(['history', 'consent', 'visit', 'photo']), expiresAt: instant }));
