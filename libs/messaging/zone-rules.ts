import { Temporal } from 'temporal-polyfill';

const pad = (value: number, digits = 2) => String(value).padStart(digits, '0');
const basic = ({ year, month, day, hour, minute, second }: Temporal.ZonedDateTime | Temporal.PlainDateTime) =>
  `${pad(year, 4)}${pad(month)}${pad(day)}T${pad(hour)}${pad(minute)}${pad(second)}`;

function offset(nanoseconds: number): string {
  const minutes = Math.round(Math.abs(nanoseconds) / 60e9);
  return `${nanoseconds < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}${pad(minutes % 60)}`;
}

/** An onset is written in the local time that held until then (RFC 5545, 3.6.5). */
function observance(kind: 'STANDARD' | 'DAYLIGHT', at: Temporal.ZonedDateTime, before: number): string[] {
  const onset = at.toInstant().toZonedDateTimeISO('UTC').toPlainDateTime().add({ nanoseconds: before });
  return [`BEGIN:${kind}`, `DTSTART:${basic(onset)}`, `TZOFFSETFROM:${offset(before)}`, `TZOFFSETTO:${offset(at.offsetNanoseconds)}`, `END:${kind}`];
}

/** Daylight saving is what a zone's clocks are ahead by: of the offsets of a year the smallest is standard time. */
function kindOf(at: Temporal.ZonedDateTime): 'STANDARD' | 'DAYLIGHT' {
  const inYear = Array.from({ length: 12 }, (_, month) => at.with({ month: month + 1, day: 15, hour: 12 }).offsetNanoseconds);
  return at.offsetNanoseconds > Math.min(...inYear) ? 'DAYLIGHT' : 'STANDARD';
}

/**
 * A zone of the IANA database as a VTIMEZONE (RFC 5545, 3.6.5): every change of its offset between two instants stands in it by
 * itself, so that a calendar program needs to know nothing of the zone's rules.
 */
export function zoneRules(timeZone: string, from: Date, to: Date): string {
  const start = Temporal.Instant.fromEpochMilliseconds(from.getTime()).toZonedDateTimeISO(timeZone);
  const rules = observance(kindOf(start), start, start.offsetNanoseconds);
  let at = start;
  for (;;) {
    const next = at.getTimeZoneTransition('next');
    if (next === null || next.epochMilliseconds > to.getTime()) break;
    rules.push(...observance(kindOf(next), next, next.subtract({ nanoseconds: 1 }).offsetNanoseconds));
    at = next;
  }
  return ['BEGIN:VTIMEZONE', `TZID:${timeZone}`, ...rules, 'END:VTIMEZONE'].join('\r\n');
}

/** The local time of an instant, as a calendar writes it: YYYYMMDDTHHMMSS. */
export const civilTime = (at: string, timeZone: string): string => basic(Temporal.Instant.from(at).toZonedDateTimeISO(timeZone));
