import type { Part } from './holds.js';
import { type DayStarts, ItemOpenings, openRanges, startsByProvider } from './openings.js';
import { type Item, type Problem, type Provider, type Resource, weekday } from './problem.js';
import { covers, earliestInAll, EMPTY, intersection, type Spans, startsOutside, startsWithin, union } from './spans.js';

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

/** The starts of one item on one day at which the patient can come and no rule forbids it. */
interface ItemStarts extends DayStarts {
  /** Starts wholly inside one preferred window; undefined: none was asked. */
  readonly preferred?: Spans | undefined;
}

/** Free starts by item and day, worked out when first asked for. */
export class Slots {
  private readonly openings: readonly ItemOpenings[];
  private readonly days: (ItemStarts | null)[][];
  private readonly bests: (Slot | null)[][];

  constructor(private readonly problem: Problem) {
    this.openings = problem.items.map((item) => new ItemOpenings(problem, item));
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

  /** The same starts by provider. */
  byProvider(item: Item, day: number): readonly (readonly number[])[] {
    const starts = this.on(item, day);
    return starts ? startsByProvider(starts, this.problem.grid) : [];
  }

  private earliest(starts: ItemStarts, sets: readonly Spans[], from: number): Slot[] {
    const { grid } = this.problem;
    const start = sets === starts.roles && from === starts.opens ? starts.first : earliestInAll(sets, from, starts.opens, grid);
    if (start === undefined) return [];
    if (!starts.preferred || covers(starts.preferred, start)) return [{ start, cost: 0 }];
    const slots = [{ start, cost: OUTSIDE_PREFERRED_COST }];
    const preferred = earliestInAll([starts.preferred, ...sets], start, starts.opens, grid);
    return preferred === undefined ? slots : [...slots, { start: preferred, cost: 0 }];
  }

  private on(item: Item, day: number): ItemStarts | null {
    return (this.days[item.index]![day] ??= this.work(item, day));
  }

  private work(item: Item, day: number): ItemStarts | null {
    const { problem } = this;
    if (day < 0 || day >= problem.horizon) return null;
    const clinic = this.openings[item.index]!.on(day);
    if (!clinic) return null;
    const since = clinic.opens < problem.notBefore ? intersection(clinic.open, [problem.notBefore, Number.POSITIVE_INFINITY]) : clinic.open;
    const permitted = permittedStarts(problem, item, since);
    if (permitted.length === 0) return null;
    const starts = permitted === clinic.open ? clinic : this.within(clinic, permitted);
    return problem.preferred.length === 0 ? starts : { ...starts, preferred: this.preferredStarts(item, day) };
  }

  private within(clinic: DayStarts, permitted: Spans): DayStarts {
    const narrowed = (starts: Spans): Spans => intersection(starts, permitted);
    const roles = clinic.roles.map(narrowed);
    return {
      opens: clinic.opens,
      open: permitted,
      byProvider: clinic.byProvider?.map(narrowed),
      providers: roles[0]!,
      rooms: clinic.rooms?.map(narrowed),
      devices: clinic.devices?.map(narrowed),
      roles,
      first: earliestInAll(roles, clinic.opens, clinic.opens, this.problem.grid),
    };
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

/** How many minutes after its start a session first needs a resource. */
export function firstUse(parts: readonly Part[]): number {
  return parts[0]?.[0] ?? 0;
}

/** Those of some starts at which the patient is free and no rule forbids the item. */
export function permittedStarts(problem: Problem, item: Item, starts: Spans): Spans {
  return startsOutside(startsOutside(starts, item.forbiddenStarts, 1), problem.unavailable, item.duration);
}
