import { Temporal } from 'temporal-polyfill';
import { isFederalHoliday } from './federal-holidays.js';
import type { Purpose } from './state-hours.js';

/** ISO weekday → local ranges in which patients may be written to. */
export type ContactHours = Partial<Record<'1' | '2' | '3' | '4' | '5' | '6' | '7', readonly (readonly [string, string])[]>>;

interface Span {
  readonly from: number;
  readonly to: number;
}

const weekday = (date: Temporal.PlainDate) => String(date.dayOfWeek) as keyof ContactHours;

const instantOf = (date: Temporal.PlainDate, time: string, timeZone: string): number => {
  const [day, clock] = time === '24:00' ? [date.add({ days: 1 }), '00:00'] : [date, time];
  return day.toZonedDateTime({ timeZone, plainTime: clock }).epochMilliseconds;
};

/** Permitted spans of the local days that touch a stretch of time, in one zone. */
function spansIn(timeZone: string, hours: ContactHours, purpose: Purpose, from: number, days: number): Span[] {
  const before = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(timeZone).toPlainDate().subtract({ days: 1 });
  return Array.from({ length: days + 3 }, (_, offset) => before.add({ days: offset }))
    .filter((date) => purpose === 'care' || !isFederalHoliday(date))
    .flatMap((date) =>
      (hours[weekday(date)] ?? []).map(([opens, closes]) => ({ from: instantOf(date, opens, timeZone), to: instantOf(date, closes, timeZone) })),
    );
}

const intersect = (a: readonly Span[], b: readonly Span[]): Span[] =>
  a.flatMap((one) =>
    b.filter((other) => other.from < one.to && one.from < other.to).map((other) => ({ from: Math.max(one.from, other.from), to: Math.min(one.to, other.to) })),
  );

const dayMillis = 86_400_000;
/** A zone that shares no hour with the others within this many days is never reached: then nothing is permitted. */
const lookAheadDays = 9;
const stretchDays = 32;

// Civil time is dear (tens of microseconds a conversion) and a plan asks for the same days again and again.
const remembered = new Map<string, readonly Span[]>();
const rememberedAtMost = 1_000;
const spelled = new WeakMap<ContactHours, string>();

function spell(hours: ContactHours): string {
  const text = spelled.get(hours) ?? JSON.stringify(hours);
  spelled.set(hours, text);
  return text;
}

/** Spans in which it is permitted hours in every zone given (the patient's and the clinic's), in order, around an instant. */
function permitted(zones: readonly string[], hours: ContactHours, purpose: Purpose, around: number): readonly Span[] {
  const different = [...new Set(zones)];
  const stretch = Math.floor(around / dayMillis / stretchDays);
  const key = [purpose, stretch, ...different, spell(hours)].join();
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const [first, ...others] = different.map((zone) => spansIn(zone, hours, purpose, stretch * stretchDays * dayMillis, stretchDays + lookAheadDays));
  const spans = others.reduce(intersect, first ?? []).sort((a, b) => a.from - b.from);
  if (remembered.size >= rememberedAtMost) remembered.clear();
  remembered.set(key, spans);
  return spans;
}

/**
 * The first permitted instant at or after `at`; null when there is none within a week and more (invariant 6). On federal
 * holidays there is none for a solicitation.
 */
export function nextPermitted(at: Date, zones: readonly string[], hours: ContactHours, purpose: Purpose = 'care'): Date | null {
  const span = permitted(zones, hours, purpose, at.getTime()).find(({ to }) => to > at.getTime());
  return span === undefined ? null : new Date(Math.max(span.from, at.getTime()));
}

/** Until when it stays permitted, from an instant that is; null outside the hours. What is handed over then must expire by it. */
export function permittedUntil(at: Date, zones: readonly string[], hours: ContactHours, purpose: Purpose = 'care'): Date | null {
  const span = permitted(zones, hours, purpose, at.getTime()).find(({ from, to }) => from <= at.getTime() && at.getTime() < to);
  return span === undefined ? null : new Date(span.to);
}
