import { Temporal } from 'temporal-polyfill';

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

/** Permitted spans of the local days around an instant, in one zone. */
function spansIn(timeZone: string, hours: ContactHours, around: number, days: number): Span[] {
  const today = Temporal.Instant.fromEpochMilliseconds(around).toZonedDateTimeISO(timeZone).toPlainDate();
  return Array.from({ length: days + 2 }, (_, offset) => today.add({ days: offset - 1 })).flatMap((date) =>
    (hours[weekday(date)] ?? []).map(([from, to]) => ({ from: instantOf(date, from, timeZone), to: instantOf(date, to, timeZone) })),
  );
}

const intersect = (a: readonly Span[], b: readonly Span[]): Span[] =>
  a.flatMap((one) => b.map((other) => ({ from: Math.max(one.from, other.from), to: Math.min(one.to, other.to) })).filter(({ from, to }) => from < to));

/** A zone that shares no hour with the others within this many days is never reached: then nothing is permitted. */
const lookAheadDays = 9;

/** Spans in which it is permitted hours in every zone given (the patient's and the clinic's), in order. */
function permitted(zones: readonly string[], hours: ContactHours, around: number): Span[] {
  const [first = 'UTC', ...others] = [...new Set(zones)];
  const spans = others.reduce((common, zone) => intersect(common, spansIn(zone, hours, around, lookAheadDays)), spansIn(first, hours, around, lookAheadDays));
  return spans.sort((a, b) => a.from - b.from);
}

/** The first permitted instant at or after `at`; null when there is none within a week and more (invariant 6). */
export function nextPermitted(at: Date, zones: readonly string[], hours: ContactHours): Date | null {
  const span = permitted(zones, hours, at.getTime()).find(({ to }) => to > at.getTime());
  return span === undefined ? null : new Date(Math.max(span.from, at.getTime()));
}

/** Until when it stays permitted, from an instant that is; null outside the hours. What is handed over then must expire by it. */
export function permittedUntil(at: Date, zones: readonly string[], hours: ContactHours): Date | null {
  const span = permitted(zones, hours, at.getTime()).find(({ from, to }) => from <= at.getTime() && at.getTime() < to);
  return span === undefined ? null : new Date(span.to);
}
