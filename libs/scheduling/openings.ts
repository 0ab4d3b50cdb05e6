import type { Constraint } from './answer.js';
import { type Part, startsClear, startsDuring } from './holds.js';
import type { DayRanges, Hours } from './hours.js';
import type { Item, Problem, Provider, Resource } from './problem.js';
import type { PlanRequest } from './request.js';
import { earliestInAll, EMPTY, intersection, joined, onGrid, type Spans, startsOutside, startsWithin, union } from './spans.js';

/** The starts of one kind of session on one day, for each role that must be free; nothing in it knows of a patient. */
export interface DayStarts {
  readonly opens: number;
  /** Within the hours of the clinic. */
  readonly open: Spans;
  /** By provider, and the union; undefined: none is needed. */
  readonly byProvider: readonly Spans[] | undefined;
  readonly providers: Spans;
  /** Undefined: none is needed. */
  readonly rooms: readonly Spans[] | undefined;
  readonly devices: readonly Spans[] | undefined;
  /** Every role that is needed, each the union over its pool. */
  readonly roles: readonly Spans[];
  /** The first start on the grid at which every role is free. */
  readonly first: number | undefined;
}

const gridStarts = new WeakMap<DayStarts, readonly (readonly number[])[]>();

/** The starts on the grid at which a provider is free and all else is too, by provider; of one free day they are the same each time. */
export function startsByProvider(starts: DayStarts, grid: number): readonly (readonly number[])[] {
  const known = gridStarts.get(starts);
  if (known) return known;
  const [providers, ...pools] = starts.roles;
  const others = pools.reduce(intersection, providers ?? EMPTY);
  const found = (starts.byProvider ?? []).map((free) => onGrid(intersection(free, others), starts.opens, grid));
  gridStarts.set(starts, found);
  return found;
}

/** By kind of session, then by day since 1970. */
type Openings = Map<string, (DayStarts | null)[]>;

interface Kept {
  readonly of: readonly unknown[];
  readonly openings: Openings;
}

/** Constraints that say something of the clinic's own time. */
const OF_THE_CLINIC: readonly Constraint[] = ['provider', 'room', 'device', 'licence', 'hours', 'busy'];
const MOST_KEPT = 24;
const NO_FIXED: PlanRequest['fixed'] = [];
const kept = new WeakMap<PlanRequest['busy'], Kept[]>();

/**
 * What is known of the clinic's free time: the same for all requests with the same lists of what is taken and of who and
 * what there is, whoever the patient, for as long as their owner keeps the lists. By their types they do not change.
 */
export function openingsOf(request: PlanRequest, dropped: ReadonlySet<Constraint>): Openings {
  const { clinic, providers, rooms, devices, fixed, busy } = request;
  const without = OF_THE_CLINIC.filter((constraint) => dropped.has(constraint)).join();
  const of = [clinic, providers, rooms, devices, fixed.length > 0 ? fixed : NO_FIXED, fixed.length > 0 ? request.protocols : NO_FIXED, without];
  const all = kept.get(busy) ?? [];
  kept.set(busy, all);
  const known = all.find((other) => other.of.every((part, index) => part === of[index]));
  if (known) return known.openings;
  if (all.length >= MOST_KEPT) all.length = 0;
  const openings: Openings = new Map();
  all.push({ of, openings });
  return openings;
}

/** The free starts of one item by day, worked out when first asked for. */
export class ItemOpenings {
  private readonly days: (DayStarts | null)[];

  constructor(
    private readonly problem: Problem,
    private readonly item: Item,
  ) {
    const kind = kindOf(problem, item);
    const known = problem.openings.get(kind);
    this.days = known ?? [];
    if (!known) problem.openings.set(kind, this.days);
  }

  /** Null: on this day no start has all that it needs. Days are counted from the local date of `notBefore`. */
  on(day: number): DayStarts | null {
    return (this.days[this.problem.firstDay + day] ??= this.work(day));
  }

  private work(day: number): DayStarts | null {
    const { problem, item } = this;
    const open = startsWithin(openHours(problem, problem.clinicHours, day), item.duration);
    if (open.length === 0) return null;
    const byProvider = item.providers?.map((provider) => this.providerStarts(provider, day, open));
    const providers = byProvider ? byProvider.reduce(union, EMPTY) : open;
    if (providers.length === 0) return null;
    // Only starts at which some provider is free matter, so rooms and devices are looked at there alone.
    const free = (pool: readonly Resource[] | undefined, parts: readonly Part[]): Spans[] | undefined =>
      pool?.map(({ busy }) => startsClear(providers, busy, parts));
    const [rooms, devices] = [free(item.rooms, item.holds.room), free(item.devices, item.holds.device)];
    const pools = [rooms, devices].filter((pool) => pool !== undefined).map((pool) => pool.reduce(union, EMPTY));
    if (pools.some((pool) => pool.length === 0)) return null;
    const [opens, roles] = [problem.civil.firstInstant(problem.firstDay + day), [providers, ...pools]];
    return { opens, open, byProvider, providers, rooms, devices, roles, first: earliestInAll(roles, opens, opens, problem.grid) };
  }

  private providerStarts(provider: Provider, day: number, open: Spans): Spans {
    const { problem, item } = this;
    if (day > provider.validUntil) return EMPTY;
    const working = startsDuring(openHours(problem, provider.hours, day), item.holds.provider);
    return startsClear(intersection(open, working), provider.busy, item.holds.provider);
  }
}

/** Items of one kind need the same of the same people, rooms and devices. */
function kindOf({ firstDay }: Problem, { duration, holds, providers, rooms, devices }: Item): string {
  const able = providers?.map(({ id, validUntil }) => [id, firstDay + validUntil]);
  const ids = (pool: readonly Resource[] | undefined) => pool?.map(({ id }) => id);
  return JSON.stringify([duration, holds, able ?? 0, ids(rooms) ?? 0, ids(devices) ?? 0]);
}

/** Opening hours of a day in minutes since 1970, less what is not to be had of them; without hours the whole day. */
export function openHours(problem: Problem, hours: Hours | undefined, day: number): Spans {
  const date = problem.firstDay + day;
  return hours ? startsOutside(usualHours(problem, hours, day), hours.away, 1) : [problem.civil.firstInstant(date), problem.civil.firstInstant(date + 1)];
}

/** Opening hours of a day in minutes since 1970, whether or not they are to be had. */
export function usualHours(problem: Problem, hours: Hours, day: number): Spans {
  return openRanges(problem, hours.on(day), day);
}

/** Ranges of the wall clock of a day in minutes since 1970. */
export function openRanges({ civil, firstDay }: Problem, ranges: DayRanges, day: number): Spans {
  if (ranges.length === 0) return EMPTY;
  return joined(ranges.map(([from, to]) => [civil.instant(firstDay + day, from), civil.instant(firstDay + day, to)] as const));
}
