import { Temporal } from 'temporal-polyfill';
import type { ClinicDocument, Location } from '#clinic';

const lookAheadDays = 30;

interface Span {
  readonly from: number;
  readonly to: number;
}

function openSpans({ timeZone, hours, closed }: Location, date: Temporal.PlainDate): Span[] {
  if (closed.includes(date.toString())) return [];
  const ranges = hours[String(date.dayOfWeek) as '1' | '2' | '3' | '4' | '5' | '6' | '7'] ?? [];
  const at = (time: string) =>
    (time === '24:00' ? date.add({ days: 1 }).toZonedDateTime(timeZone) : date.toZonedDateTime({ timeZone, plainTime: time })).epochMilliseconds;
  return ranges.map(([from, to]) => ({ from: at(from), to: at(to) }));
}

/**
 * The instant by which `minutes` of opening hours have passed since `from`, at the clinic's first location: when a task that
 * waits for the desk is due. A clinic that is closed for a month gets the plain time.
 */
export function afterOpenMinutes(clinic: ClinicDocument, from: Date, minutes: number): Date {
  const plain = new Date(from.getTime() + minutes * 60_000);
  const [location] = clinic.locations;
  if (location === undefined) return plain;
  let left = minutes * 60_000;
  let date = Temporal.Instant.fromEpochMilliseconds(from.getTime()).toZonedDateTimeISO(location.timeZone).toPlainDate();
  for (let day = 0; day < lookAheadDays; day += 1, date = date.add({ days: 1 })) {
    for (const span of openSpans(location, date)) {
      const start = Math.max(span.from, from.getTime());
      if (span.to <= start) continue;
      if (span.to - start >= left) return new Date(start + left);
      left -= span.to - start;
    }
  }
  return plain;
}
