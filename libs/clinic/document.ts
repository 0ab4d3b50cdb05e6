import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { Rejected } from '#platform';

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'must be a time of day, HH:MM');

/** Local ranges of one day; they come out in order. */
const ranges = z
  .array(z.tuple([timeOfDay, timeOfDay]))
  .superRefine((list, context) => {
    list.forEach(([from, to], index) => {
      if (from >= to) context.addIssue({ code: 'custom', path: [index], message: `${from} is not before ${to}` });
      const other = list.slice(0, index).find(([begin, end]) => from < end && begin < to);
      if (other !== undefined) context.addIssue({ code: 'custom', path: [index], message: `${from}-${to} overlaps ${other[0]}-${other[1]}` });
    });
  })
  .transform((list) => [...list].sort(([one], [other]) => (one < other ? -1 : 1)));

/** ISO weekday (1 Monday to 7 Sunday) → ranges; a day that is absent is closed. */
const hours = z.partialRecord(z.enum(['1', '2', '3', '4', '5', '6', '7']), ranges);

const localDate = z.string().refine((value) => {
  try {
    return Temporal.PlainDate.from(value).toString() === value;
  } catch {
    return false;
  }
}, 'must be a calendar day, YYYY-MM-DD');

const timeZone = z.string().refine((zone) => {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    // An offset is no zone: it does not know daylight saving.
    return !/^[+-]/.test(zone);
  } catch {
    return false;
  }
}, 'is not a time zone of the IANA database');

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

const shape = z.looseObject({
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
  locations: z
    .array(
      z.looseObject({
        id,
        name: z.string(),
        state: z.string(),
        timeZone,
        hours,
        closed: z.array(localDate).default([]),
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
    }),
  ),
  rooms: z.array(z.looseObject({ id, location: id, protocols: z.array(z.string()) })),
  devices: z.array(z.looseObject({ id, location: id, protocols: z.array(z.string()) })).default([]),
});

interface Contradiction {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What stands in the settings twice, names a place that is not there, or would page nobody (invariant 8). */
function contradictions({ locations, staff, rooms, devices, escalation }: z.output<typeof shape>): Contradiction[] {
  const lists = { locations, staff, rooms, devices };
  const twice = Object.entries(lists).flatMap(([list, items]) =>
    items.flatMap(({ id: one }, index): Contradiction[] =>
      items.findIndex(({ id: other }) => other === one) === index ? [] : [{ path: [list, index, 'id'], message: `${one} stands twice` }],
    ),
  );
  const placed = Object.entries({ rooms, devices }).flatMap(([list, items]) =>
    items.map(({ location }, index) => ({ location, path: [list, index, 'location'] })),
  );
  const worked = staff.flatMap((person, index) => Object.keys(person.hours).map((location) => ({ location, path: ['staff', index, 'hours', location] })));
  const known = locations.map((location) => location.id);
  const nowhere = [...placed, ...worked]
    .filter(({ location }) => !known.includes(location))
    .map(({ location, path }) => ({ path, message: `there is no location ${location}` }));
  const pageable = escalation.some(({ role }) => staff.some(({ roles }) => roles.includes(role)));
  return [...twice, ...nowhere, ...(pageable ? [] : [{ path: ['escalation'], message: 'nobody of the staff has a role that it names' }])];
}

const schema = shape.superRefine((document, context) => {
  for (const { path, message } of contradictions(document)) context.addIssue({ code: 'custom', path: [...path], message });
});

/** The settings of a clinic: its places, people, rooms, devices, hours and rules of contact. */
export type ClinicDocument = z.output<typeof schema>;
export type StaffMember = ClinicDocument['staff'][number];
export type Location = ClinicDocument['locations'][number];
export type WeeklyHours = z.output<typeof hours>;

/** @throws Rejected `invalid_clinic`, naming the faulty field and what is wrong with it. */
export function parseClinic(input: unknown): ClinicDocument {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  const path = first?.path.join('.') ?? '';
  throw new Rejected('invalid_clinic', `The clinic's settings: ${path}: ${first?.message ?? 'cannot be read'}`, { path });
}
