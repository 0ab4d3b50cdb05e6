import { addDays } from '#protocols';
import { Temporal } from 'temporal-polyfill';
import { type Post, workingDay } from './clinic.js';

/*
 * A diary in which nobody is in two places.
 *   1. A post's day is cut into places of one length, turnover included, and a place is given away once: no provider, room or
 *      device is in two sessions at once (invariant 1).
 *   2. A visit is never laid before the day that was asked for: every interval of its course holds (invariant 3).
 */

export interface Seat {
  readonly post: Post;
  readonly start: string;
  readonly end: string;
  /** The local day. */
  readonly on: string;
}

/** Working days that are looked through for a free place before the diary counts as full. */
const patienceDays = 120;

const isWorkingDay = (date: string) => Temporal.PlainDate.from(date).dayOfWeek <= 5;

export class Diary {
  /** How many places of a kind of work at a location are given away on a day. */
  readonly #taken = new Map<string, number>();
  readonly #posts = new Map<string, readonly Post[]>();

  /** `durations`: minutes a session takes by protocol; `closed`: local dates on which nobody works. */
  constructor(
    posts: readonly Post[],
    private readonly durations: ReadonlyMap<string, number>,
    private readonly turnoverMinutes: number,
    private readonly closed: ReadonlySet<string>,
  ) {
    for (const post of posts) {
      const key = keyOf(post.locationId, post.protocolId);
      this.#posts.set(key, [...(this.#posts.get(key) ?? []), post]);
    }
  }

  /** Minutes from one place of a day to the next. */
  #pitch(protocolId: string): number {
    return (this.durations.get(protocolId) ?? 60) + this.turnoverMinutes;
  }

  placesADay(protocolId: string): number {
    return Math.floor((workingDay.last - workingDay.first + this.turnoverMinutes) / this.#pitch(protocolId));
  }

  offers(locationId: string, protocolId: string): boolean {
    return this.#posts.has(keyOf(locationId, protocolId));
  }

  /** The first free place on or after a day; null when the diary is full for long. */
  seat(locationId: string, protocolId: string, notBefore: string): Seat | null {
    const posts = this.#posts.get(keyOf(locationId, protocolId)) ?? [];
    const places = posts.length * this.placesADay(protocolId);
    for (let [date, left] = [notBefore, patienceDays]; left > 0; [date, left] = [addDays(date, 1), left - 1]) {
      const key = `${keyOf(locationId, protocolId)} ${date}`;
      const taken = this.#taken.get(key) ?? 0;
      if (taken >= places || this.closed.has(date) || !isWorkingDay(date)) continue;
      this.#taken.set(key, taken + 1);
      return this.#place(posts, protocolId, date, taken, places);
    }
    return null;
  }

  /** Places are given away over the whole day and all posts at once, as a desk fills its day: by a step that visits each once. */
  #place(posts: readonly Post[], protocolId: string, date: string, taken: number, places: number): Seat {
    const index = (taken * stepFor(places) + dayNumber(date)) % places;
    const post = posts[index % posts.length] as Post;
    const minutes = workingDay.first + Math.floor(index / posts.length) * this.#pitch(protocolId);
    const at = (minute: number) => instantAt(date, minute, post.timeZone);
    return { post, on: date, start: at(minutes), end: at(minutes + (this.durations.get(protocolId) ?? 60)) };
  }
}

const keyOf = (locationId: string, protocolId: string) => `${locationId} ${protocolId}`;
const dayNumber = (date: string) => Math.floor(Date.parse(date) / 86_400_000);
const divisor = (one: number, other: number): number => (other === 0 ? one : divisor(other, one % other));

/** A step near the golden section that has no divisor in common with `places`. */
function stepFor(places: number): number {
  let step = Math.max(1, Math.round(places * 0.618));
  while (divisor(step, places) !== 1) step += 1;
  return step;
}

const midnights = new Map<string, number>();

/** The instant of a minute of a local day; working hours lie in no change of the clock, which comes at night. */
export function instantAt(date: string, minute: number, timeZone: string): string {
  const key = `${timeZone} ${date}`;
  const noon = midnights.get(key) ?? Temporal.PlainDate.from(date).toZonedDateTime({ timeZone, plainTime: '12:00' }).epochMilliseconds;
  midnights.set(key, noon);
  return new Date(noon + (minute - 12 * 60) * 60_000).toISOString();
}
