import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'must be a time of day, HH:MM');

/** Local ranges of one day; they come out in order. */
export const ranges = z
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
export const weeklyHours = z.partialRecord(z.enum(['1', '2', '3', '4', '5', '6', '7']), ranges);

function isDay(value: string): boolean {
  try {
    return Temporal.PlainDate.from(value).toString() === value;
  } catch {
    return false;
  }
}

export const localDate = z.string().refine(isDay, 'must be a calendar day, YYYY-MM-DD');

export const timeZone = z.string().refine((zone) => {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    // An offset is no zone: it does not know daylight saving.
    return !/^[+-]/.test(zone);
  } catch {
    return false;
  }
}, 'is not a time zone of the IANA database');

const instant = z.iso.datetime({ offset: true });
const dayOrInstant = z.string().refine((value) => isDay(value) || instant.safeParse(value).success, 'must be a calendar day, YYYY-MM-DD, or an instant');

const stretchFields = z.looseObject({ from: dayOrInstant, to: dayOrInstant, reason: z.string().max(200).optional() });

/** Refuses a stretch that mixes days with instants or ends before it begins. */
function endsAfterItBegins({ from, to }: Pick<z.output<typeof stretchFields>, 'from' | 'to'>, context: z.RefinementCtx): void {
  if (isDay(from) !== isDay(to)) context.addIssue({ code: 'custom', path: ['to'], message: 'must be a day when "from" is one, and an instant when it is not' });
  else if (isDay(from) ? to < from : Date.parse(to) <= Date.parse(from)) context.addIssue({ code: 'custom', path: ['to'], message: 'ends before it begins' });
}

/** A time in which something is not to be had: two local dates, both of them included, or two instants, half-open. */
export const stretch = stretchFields.superRefine(endsAfterItBegins);
/** The same of one unit of a device, or of all of them. */
export const unitStretch = stretchFields.extend({ unit: z.int().min(1).optional() }).superRefine(endsAfterItBegins);
/** Hours of one date beside those of the week. */
export const dayHours = z.looseObject({ on: localDate, hours: ranges.refine((list) => list.length > 0, 'must name a time') });

export type Ranges = z.output<typeof ranges>;
export type WeeklyHours = z.output<typeof weeklyHours>;
export type Stretch = Pick<z.output<typeof stretch>, 'from' | 'to'>;
export type DayHours = z.output<typeof dayHours>;

/** A stretch as instants in UTC, its days being those of a time zone. */
export function instantsOf({ from, to }: Stretch, zone: string): { from: string; to: string } {
  if (!isDay(from)) return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  const begins = (day: Temporal.PlainDate) => new Date(day.toZonedDateTime(zone).epochMilliseconds).toISOString();
  return { from: begins(Temporal.PlainDate.from(from)), to: begins(Temporal.PlainDate.from(to).add({ days: 1 })) };
}
