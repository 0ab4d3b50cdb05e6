import { Temporal } from 'temporal-polyfill';
import type { SessionStatus, Urgency } from './api.js';

/** Four signs, each with a shape and a word, so that none rests on colour alone. */
export type Level = 'emergency' | 'urgent' | 'soon' | 'fine';

export const levelOf: Readonly<Record<Urgency, Level>> = {
  emergency: 'emergency',
  urgent: 'urgent',
  soon: 'soon',
  ask: 'soon',
  expected: 'fine',
  administrative: 'fine',
};
export const urgencyWords: Readonly<Record<Urgency, string>> = {
  emergency: 'Emergency',
  urgent: 'Urgent',
  soon: 'Soon',
  ask: 'Question',
  expected: 'As expected',
  administrative: 'Message',
};
const ranks: readonly Urgency[] = ['emergency', 'urgent', 'soon', 'ask', 'expected', 'administrative'];
export const rankOf = (urgency: Urgency | null): number => (urgency === null ? ranks.length : ranks.indexOf(urgency));

export const statusWords: Readonly<Record<SessionStatus, { readonly word: string; readonly level: Level | 'here' | 'quiet' }>> = {
  unscheduled: { word: 'Needs a time', level: 'soon' },
  held: { word: 'Held', level: 'soon' },
  booked: { word: 'Not confirmed', level: 'soon' },
  confirmed: { word: 'Ready', level: 'fine' },
  arrived: { word: 'Here', level: 'here' },
  completed: { word: 'Done', level: 'quiet' },
  no_show: { word: 'Did not come', level: 'urgent' },
  cancelled: { word: 'Cancelled', level: 'quiet' },
  on_hold: { word: 'Blocked', level: 'urgent' },
};

/** Words as they came, begun like a sentence. */
export const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** `chemical_peel.superficial` as the desk says it: "Chemical peel, superficial". */
export const treatment = (protocolId: string): string => sentence(protocolId.replaceAll('_', ' ').replace('.', ', ').replace(', standard', ''));
/** A room as people call it: `nyc-care-1` at `nyc` is "Care 1". */
export const roomWord = (roomId: string, locationId: string | null): string => sentence(roomId.replace(`${locationId ?? ''}-`, '').replaceAll('-', ' '));
/** A channel as people call it. */
export const channelWord = (channel: string): string => ({ sms: 'text', email: 'e-mail', call: 'call', web: 'own page' })[channel] ?? channel;
/** `no_sms_consent` or `check-in` in words. */
export const plain = (code: string): string => sentence(code.replaceAll(/[_-]/g, ' '));

const zoned = (instant: string, timeZone: string) => Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone);

export const clockTime = (instant: string, timeZone: string): string =>
  zoned(instant, timeZone).toLocaleString('en-US', { hour: 'numeric', minute: '2-digit' });
export const dayOf = (instant: string, timeZone: string): string => zoned(instant, timeZone).toPlainDate().toString();
export const dayWords = (date: string): string => Temporal.PlainDate.from(date).toLocaleString('en-US', { weekday: 'short', month: 'short', day: 'numeric' });
/** "Tue, Dec 2, 10:30 AM". */
export const dayAndTime = (instant: string, timeZone: string): string => `${dayWords(dayOf(instant, timeZone))}, ${clockTime(instant, timeZone)}`;
export const exactly = (instant: string, timeZone: string): string =>
  zoned(instant, timeZone).toLocaleString('en-US', { dateStyle: 'full', timeStyle: 'long' });

/** The instants between which a local day lies. */
export function dayRange(date: string, timeZone: string): { readonly from: string; readonly to: string } {
  const day = Temporal.PlainDate.from(date);
  const first = (on: Temporal.PlainDate) => on.toZonedDateTime(timeZone).toInstant().toString();
  return { from: first(day), to: first(day.add({ days: 1 })) };
}

export const shiftDay = (date: string, days: number): string => Temporal.PlainDate.from(date).add({ days }).toString();

/** "in 40 min", "2 h ago", "in 3 days". */
export function fromNow(instant: string, now: string): string {
  const minutes = Math.round((Date.parse(instant) - Date.parse(now)) / 60_000);
  const size = Math.abs(minutes);
  if (size < 1) return 'now';
  const amount = size < 60 ? `${size} min` : size < 48 * 60 ? `${Math.round(size / 60)} h` : `${Math.round(size / 1_440)} days`;
  return minutes > 0 ? `in ${amount}` : `${amount} ago`;
}

/** The instant of a local time of a day; where the clock jumps over it, the moment after the jump. */
export const instantAt = (date: string, minutes: number, timeZone: string): string =>
  new Date(
    Temporal.PlainDate.from(date)
      .toPlainDateTime({ hour: Math.floor(minutes / 60), minute: minutes % 60 })
      .toZonedDateTime(timeZone).epochMilliseconds,
  ).toISOString();
/** Minutes since midnight of a local time, as its clock shows them. */
export function minutesOf(instant: string, timeZone: string): number {
  const { hour, minute } = zoned(instant, timeZone);
  return hour * 60 + minute;
}
/** The Monday of a date's week. */
export const mondayOf = (date: string): string => shiftDay(date, 1 - Temporal.PlainDate.from(date).dayOfWeek);
export const minutesBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / 60_000);
/** Days from one local date to another. */
export const daysFrom = (from: string, to: string): number => Temporal.PlainDate.from(from).until(to, { largestUnit: 'days' }).days;
export const monthWord = (date: string): string => Temporal.PlainDate.from(date).toLocaleString('en-US', { month: 'short' });
export const yearsOld = (birthDate: string, today: string): number => Temporal.PlainDate.from(birthDate).until(today, { largestUnit: 'years' }).years;
