import { type Part, startsClear, startsDuring } from './holds.js';
import type { DayRanges, Hours } from './hours.js';
import { type Item, type Problem, type Provider, type Resource, startOfDay, weekday } from './problem.js';
import { covers, earliestInAll, EMPTY, intersection, joined, type Spans, startsOutside, startsWithin, union } from './spans.js';

/** What a session outside every preferred window costs. */
const OUTSIDE_PREFERRED_COST = 2;

/** A start with its share of the cost, and the resources that were chosen for it. */
export interface Slot {
  readonly start: number;
  readonly cost: number;
  readonly provider?: Provider;
  readonly room?: Resource;
  readonly device?: Resource;
}

/** A room or device that an earlier session of the course keeps until a minute. */
export interface Hold {
  readonly resource: Resource;
  readonly until: number;
}

/** The starts of one item on one day, for each role that must be free; no role knows of the course's own sessions. */
interface DayStarts {
  readonly opens: number;
  /** By provider, and the union; undefined: none is needed. */
  readonly byProvider: readonly Spans[] | undefined;
  readonly providers: Spans;
  /** Undefined: none is needed. */
  readonly rooms: readonly Spans[] | undefined;
  readonly devices: readonly Spans[] | undefined;
  /** Every role that is needed, each the union over its pool. */
  readonly roles: readonly Spans[];
  /** Starts wholly inside one preferred window; undefined: none was asked. */
  readonly preferred: Spans | undefined;
}

/** Free starts by item and day, worked out when first asked for. */
export class Slots {
  private readonly days: (DayStarts | null)[][];
  private readonly bests: (Slot | null)[][];
  /** Opening hours by day: the same for every item and for all who keep them. */
  private readonly opening = new Map<Hours | undefined, Spans[]>();

  constructor(private readonly problem: Problem) {
    this.days = problem.items.map(() => []);
    this.bests = problem.items.map(() => []);
  }

  /** The cheapest start of a day, the earliest among equals, as if the item were alone; null: none. */
  best(item: Item, day: number): Slot | null {
    const known = this.bests[item.index]![day];
    if (known !== undefined) return known;
    const starts = this.on(item, day);
    const slots = starts ? this.earliest(starts, starts.roles, starts.opens) : [];
    return (this.bests[item.index]![day] = slots[slots.length - 1] ?? null);
  }

  /**
   * The starts of a day worth trying from `from` on, when rooms and devices may still be held: for each room and
   * device the earliest, and the earliest inside a preferred window. Any other start is later and no better.
   */
  choices(item: Item, day: number, from: number, holds: readonly Hold[]): Slot[] {
    const starts = this.on(item, day);
    if (!starts) return [];
    const choices: Slot[] = [];
    for (const [r, room] of (item.rooms ?? [undefined]).entries()) {
      for (const [d, device] of (item.devices ?? [undefined]).entries()) {
        const sets = [starts.providers, ...(starts.rooms ? [starts.rooms[r]!] : []), ...(starts.devices ? [starts.devices[d]!] : [])];
        const free = Math.max(starts.opens, from, heldUntil(holds, room) - firstUse(item.holds.room), heldUntil(holds, device) - firstUse(item.holds.device));
        for (const slot of this.earliest(starts, sets, free)) choices.push({ ...slot, room, device });
      }
    }
    return choices;
  }

  /** The cost of a start of the item: nothing inside a preferred window or when none was asked. */
  preferenceCost(item: Item, day: number, start: number): number {
    const preferred = this.preferredStarts(item, day);
    return !preferred || covers(preferred, start) ? 0 : OUTSIDE_PREFERRED_COST;
  }

  /** Everything free for the item at one start; empty lists where nothing is. */
  freeAt(item: Item, day: number, start: number): { providers: Provider[]; rooms: Resource[]; devices: Resource[] } {
    const starts = this.on(item, day);
    const free = <R>(pool: readonly R[] | undefined, open: readonly Spans[] | undefined): R[] =>
      (pool ?? []).filter((_resource, index) => covers(open?.[index] ?? EMPTY, start));
    return {
      providers: free(item.providers, starts?.byProvider),
      rooms: free(item.rooms, starts?.rooms),
      devices: free(item.devices, starts?.devices),
    };
  }

  /** Every start of a day, on the grid, at which all roles are free. */
  *freeStarts(item: Item, day: number): Generator<number> {
    const starts = this.on(item, day);
    if (!starts) return;
    const { grid } = this.problem;
    for (let from = starts.opens; ;) {
      const start = earliestInAll(starts.roles, from, starts.opens, grid);
      if (start === undefined) return;
      yield start;
      from = start + grid;
    }
  }

  private earliest(starts: DayStarts, sets: readonly Spans[], from: number): Slot[] {
    const { grid } = this.problem;
    const start = earliestInAll(sets, from, starts.opens, grid);
    if (start === undefined) return [];
    if (!starts.preferred || covers(starts.preferred, start)) return [{ start, cost: 0 }];
    const slots = [{ start, cost: OUTSIDE_PREFERRED_COST }];
    const preferred = earliestInAll([starts.preferred, ...sets], start, starts.opens, grid);
    return preferred === undefined ? slots : [...slots, { start: preferred, cost: 0 }];
  }

  private on(item: Item, day: number): DayStarts | null {
    return (this.days[item.index]![day] ??= this.work(item, day));
  }

  private work(item: Item, day: number): DayStarts | null {
    const open = this.openStarts(item, day);
    if (open.length === 0) return null;
    const byProvider = item.providers?.map((provider) => this.providerStarts(item, provider, day, open));
    const providers = byProvider ? byProvider.reduce(union, EMPTY) : open;
    if (providers.length === 0) return null;
    // Only starts at which some provider is free matter, so rooms and devices are looked at there alone.
    const free = (pool: readonly Resource[] | undefined, parts: readonly Part[]): Spans[] | undefined =>
      pool?.map(({ busy }) => startsClear(providers, busy, parts));
    const [rooms, devices] = [free(item.rooms, item.holds.room), free(item.devices, item.holds.device)];
    const pools = [rooms, devices].filter((pool) => pool !== undefined).map((pool) => pool.reduce(union, EMPTY));
    if (pools.some((pool) => pool.length === 0)) return null;
    const preferred = this.preferredStarts(item, day);
    return { opens: startOfDay(this.problem, day), byProvider, providers, rooms, devices, roles: [providers, ...pools], preferred };
  }

  /** Starts at which clinic and patient are free and no shadow lies. */
  private openStarts(item: Item, day: number): Spans {
    const { problem } = this;
    if (day < 0 || day >= problem.horizon) return EMPTY;
    const within = startsWithin(this.hoursOn(problem.clinicHours, day), item.duration);
    const permitted = intersection(within, [problem.notBefore, Number.POSITIVE_INFINITY]);
    return permittedStarts(problem, item, permitted);
  }

  private hoursOn(hours: Hours | undefined, day: number): Spans {
    let days = this.opening.get(hours);
    if (!days) this.opening.set(hours, (days = []));
    return (days[day] ??= openHours(this.problem, hours, day));
  }

  private providerStarts(item: Item, provider: Provider, day: number, open: Spans): Spans {
    if (day > provider.validUntil) return EMPTY;
    const working = startsDuring(this.hoursOn(provider.hours, day), item.holds.provider);
    return startsClear(intersection(open, working), provider.busy, item.holds.provider);
  }

  private preferredStarts(item: Item, day: number): Spans | undefined {
    const { problem } = this;
    if (problem.preferred.length === 0) return undefined;
    const today = problem.preferred.filter((window) => window.weekday === weekday(problem, day));
    // Windows are not joined before the session is fitted: it must lie inside one of them.
    return today.map(({ from, to }) => startsWithin(openRanges(problem, [[from, to]], day), item.duration)).reduce(union, EMPTY);
  }
}

/** The minute until which the course's own sessions keep a resource. */
export function heldUntil(holds: readonly Hold[], resource: Resource | undefined): number {
  let until = Number.NEGATIVE_INFINITY;
  for (const hold of holds) if (hold.resource.id === resource?.id) until = Math.max(until, hold.until);
  return until;
}

/** Opening hours of a day in minutes since 1970, less what is not to be had of them; without hours the whole day. */
export function openHours(problem: Problem, hours: Hours | undefined, day: number): Spans {
  return hours ? startsOutside(usualHours(problem, hours, day), hours.away, 1) : [startOfDay(problem, day), startOfDay(problem, day + 1)];
}

/** Opening hours of a day in minutes since 1970, whether or not they are to be had. */
export function usualHours(problem: Problem, hours: Hours, day: number): Spans {
  return openRanges(problem, hours.on(day), day);
}

/** How many minutes after its start a session first needs a resource. */
export function firstUse(parts: readonly Part[]): number {
  return parts[0]?.[0] ?? 0;
}

/** Those of some starts at which the patient is free and no rule forbids the item. */
export function permittedStarts(problem: Problem, item: Item, starts: Spans): Spans {
  return startsOutside(startsOutside(starts, item.forbiddenStarts, 1), problem.unavailable, item.duration);
}

function openRanges(problem: Problem, ranges: DayRanges, day: number): Spans {
  if (ranges.length === 0) return EMPTY;
  const date = problem.firstDay + day;
  return joined(ranges.map(([from, to]) => [problem.civil.instant(date, from), problem.civil.instant(date, to)] as const));
}
