import { z } from 'zod';
import { consentDocument } from './consent.js';
import { recipe } from './recipe.js';
import { dayHours, localDate, stretch, timeZone, unitStretch, weeklyHours as hours } from './times.js';

const id = z.string().min(1).max(64);
const phone = z.string().regex(/^\+[1-9]\d{6,14}$/, 'must be a phone number in E.164');
const channel = z.enum(['sms', 'email']);
/** What the clinic tells patients in its own words: in one language, or by language. */
const ownWords = z.union([z.string().max(500), z.record(z.string(), z.string().max(500))]).optional();

const minutes = z
  .number()
  .int()
  .min(1)
  .max(14 * 24 * 60);
/** By when a person answers a patient, in minutes of opening hours, by the urgency of what the patient wrote. */
const answerWithinMinutes = z
  .looseObject({
    emergency: minutes.default(60),
    urgent: minutes.default(60),
    soon: minutes.default(240),
    ask: minutes.default(240),
    expected: minutes.default(240),
    administrative: minutes.default(240),
  })
  .prefault({});

/** The form of a clinic's settings. */
export const shape = z.looseObject({
  clinicId: z.string().regex(/^[\w.-]{1,64}$/),
  name: z.string().min(1),
  phone,
  scheduling: z.enum(['book', 'propose']).default('book'),
  gridMinutes: z.number().int().min(1).max(240).default(15),
  turnoverMinutes: z.number().int().min(0).max(240).default(15),
  languages: z.array(z.string()).default(['en']),
  contactChannels: z.array(z.string()).default(['phone', 'email', 'online', 'walk_in']),
  contactHours: hours,
  messageCaps: z.looseObject({ perDay: z.number().int().min(1), perWeek: z.number().int().min(1) }).default({ perDay: 1, perWeek: 3 }),
  escalation: z.array(z.looseObject({ afterMinutes: z.number().int().min(0), role: z.string(), channels: z.array(channel).min(1) })).min(1),
  answerWithinMinutes,
  patchTests: z.array(z.string()).default([]),
  latePolicy: ownWords,
  consentDocuments: z.array(consentDocument).default([]),
  locations: z
    .array(
      z.looseObject({
        id,
        name: z.string(),
        state: z.string(),
        timeZone,
        hours,
        closed: z.array(localDate).default([]),
        /** Closed on federal holidays of the United States besides, as they are kept. */
        observesFederalHolidays: z.boolean().default(false),
        closures: z.array(stretch).default([]),
        extraHours: z.array(dayHours).default([]),
        address: z.string().max(300).optional(),
        directions: ownWords,
        parking: ownWords,
      }),
    )
    .min(1),
  staff: z.array(
    z.looseObject({
      id,
      name: z.string(),
      roles: z.array(z.string()),
      phone: phone.optional(),
      email: z.string().optional(),
      licences: z.array(z.looseObject({ kind: z.string(), state: z.string(), until: localDate })).default([]),
      certifications: z.array(z.looseObject({ protocols: z.array(z.string()), until: localDate })).default([]),
      hours: z.record(id, hours).default({}),
      absences: z.array(stretch).default([]),
      extraShifts: z.array(dayHours.extend({ location: id })).default([]),
    }),
  ),
  rooms: z.array(z.looseObject({ id, location: id, protocols: z.array(z.string()), closed: z.array(stretch).default([]) })),
  devices: z
    .array(
      z.looseObject({
        id: id.refine((name) => !name.includes('#'), 'must not contain #, which numbers the units of a device'),
        location: id,
        protocols: z.array(z.string()),
        units: z.int().min(1).max(99).default(1),
        downtime: z.array(unitStretch).default([]),
      }),
    )
    .default([]),
  /** By protocol, what its session consists of; one that is not named holds all it needs from beginning to end. */
  recipes: z.record(z.string(), recipe).default({}),
});

/** Settings of the right form, whatever they say against themselves. */
export type ClinicShape = z.output<typeof shape>;
