import type { Item } from './problem.js';
import type { Move, Search } from './search.js';
import { firstUse, heldUntil, type Slot } from './slots.js';
import { keyOf, type State, stateAfter } from './state.js';

/** The first sessions of a schedule, and what the rest may cost. */
interface Prefix {
  readonly state: State;
  readonly budget: number;
}

interface Step {
  readonly move: Move;
  readonly after: Prefix;
}

type Order = (a: Move, b: Move) => number;

/**
 * Among all schedules of one cost the first by the public order: the earlier starts, then the smaller ids, then the
 * item listed first, each session by session in time order. Every pass keeps all beginnings that agree so far,
 * because the ids of the first session are compared only after the start of the last.
 * @throws BudgetSpent
 */
export function firstOfCost(search: Search, cost: number): Move[] {
  const byStart: Order = (a, b) => a.slot.start - b.slot.start;
  const starts = walk(
    search,
    cost,
    (prefix) => movesOnFirstDay(search, prefix),
    ({ state, budget }) => search.canFinish(state, budget),
    byStart,
  ).map(({ slot }) => slot.start);
  return namedSchedule(search, cost, starts);
}

/**
 * The schedule with the given starts whose ids, then items, are the smallest, for at most `cost`. With `items` given,
 * position by position, only the ids are chosen.
 * @throws BudgetSpent
 */
export function namedSchedule(search: Search, cost: number, starts: readonly number[], items?: readonly Item[]): Move[] {
  const atStart = ({ state, budget }: Prefix, position: number): Move[] =>
    movesAt(search, state, starts[position]!, items ? [items[position]!] : search.problem.items).filter(({ least }) => least <= budget);
  const named = walk(search, cost, atStart, finisher(search, atStart), byIds);
  const asNamed = (prefix: Prefix, position: number): Move[] => atStart(prefix, position).filter((move) => byIds(move, named[position]!) === 0);
  return walk(search, cost, asNamed, finisher(search, asNamed), (a, b) => a.item.index - b.item.index);
}

function walk(
  search: Search,
  cost: number,
  movesFrom: (prefix: Prefix, position: number) => Move[],
  canFinish: (prefix: Prefix, position: number) => boolean,
  order: Order,
): Move[] {
  const chosen: Move[] = [];
  let layer: Prefix[] = [{ state: search.root, budget: cost }];
  while (layer[0] && !search.isComplete(layer[0].state)) {
    const position = chosen.length;
    const steps = layer
      .flatMap((prefix) => movesFrom(prefix, position).map((move) => ({ move, after: { state: move.after, budget: prefix.budget - move.cost } })))
      .sort((a, b) => order(a.move, b.move));
    const first = steps.find(({ after }) => canFinish(after, position + 1));
    if (!first) throw new Error('a schedule of this cost was promised and is not there');
    chosen.push(first.move);
    layer = distinct(steps.filter(({ move }) => order(move, first.move) === 0)).filter((prefix) => canFinish(prefix, position + 1));
  }
  return chosen;
}

function distinct(steps: readonly Step[]): Prefix[] {
  const byKey = new Map<string, Prefix>();
  for (const { after } of steps) {
    const key = keyOf(after.state);
    const known = byKey.get(key);
    if (!known || known.budget < after.budget) byKey.set(key, after);
  }
  return [...byKey.values()];
}

/** Whether a beginning can be finished by the moves allowed at each position. */
function finisher(search: Search, movesFrom: (prefix: Prefix, position: number) => Move[]) {
  const known = new Map<string, boolean>();
  const canFinish = (prefix: Prefix, position: number): boolean => {
    if (search.isComplete(prefix.state)) return prefix.budget >= 0;
    const key = `${prefix.budget} ${keyOf(prefix.state)}`;
    const answer = known.get(key);
    if (answer !== undefined) return answer;
    const can = movesFrom(prefix, position).some((move) => canFinish({ state: move.after, budget: prefix.budget - move.cost }, position + 1));
    known.set(key, can);
    return can;
  };
  return canFinish;
}

/** The next sessions that can lead to a schedule within the budget, all on the first day that has one. */
function movesOnFirstDay(search: Search, { state, budget }: Prefix): Move[] {
  const { first, last } = search.span(state);
  for (let day = first; day <= last; day++) {
    const moves = search
      .choicesOn(state, day)
      .filter(({ least }) => least <= budget)
      .flatMap((choice) => search.moves(state, choice))
      .filter(({ after, cost, least }) => least <= budget && search.canFinish(after, budget - cost));
    if (moves.length > 0) return moves;
  }
  return [];
}

/** Every session that may begin at exactly this start, with each room and device that is free for it. */
function movesAt(search: Search, state: State, start: number, items: readonly Item[]): Move[] {
  const { problem } = search;
  const day = problem.civil.dayAt(start) - problem.firstDay;
  search.spend(items.length);
  return items.flatMap((item) => {
    const number = state.placed[item.index]! + 1;
    const fixed = item.fixed.get(number);
    if (number > item.sessions || (fixed && fixed.start !== start)) return [];
    if (!fixed && (start < state.freeFrom || day < state.next[item.index]!)) return [];
    const preference = search.slots.preferenceCost(item, day, start);
    const cost = search.costs.step(state, item, day, preference);
    if (cost === Number.POSITIVE_INFINITY) return [];
    const slots = fixed ? [{ start, cost: preference }] : namedSlots(search, state, item, day, { start, cost: preference });
    const least = cost + search.costs.leastAfter(state, item, day);
    return slots.map((slot) => ({ item, slot, cost, least, after: stateAfter(search.problem, state, item, day, slot) }));
  });
}

function namedSlots(search: Search, state: State, item: Item, day: number, slot: Slot): Slot[] {
  const free = search.slots.freeAt(item, day, slot.start);
  const released = free.rooms.filter((room) => heldUntil(state.holds, room) <= slot.start + firstUse(item.holds.room));
  const rooms = item.rooms ? released : [undefined];
  const devices = item.devices ? free.devices.filter((device) => heldUntil(state.holds, device) <= slot.start + firstUse(item.holds.device)) : [undefined];
  // A provider is free again as soon as the patient is, so the choice never binds a later session.
  const provider = free.providers[0];
  if ((item.providers && !provider) || rooms.length === 0 || devices.length === 0) return [];
  const smallest = { ...slot, provider, room: rooms[0], device: devices[0] };
  // What binds no later session is as good as any other with larger ids.
  if (stateAfter(search.problem, state, item, day, smallest).holds.length === 0) return [smallest];
  return rooms.flatMap((room) => devices.map((device) => ({ ...slot, provider, room, device })));
}

function byIds(a: Move, b: Move): number {
  return (
    byCodeUnits(a.slot.provider?.id, b.slot.provider?.id) || byCodeUnits(a.slot.room?.id, b.slot.room?.id) || byCodeUnits(a.slot.device?.id, b.slot.device?.id)
  );
}

/** None before any. */
function byCodeUnits(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  return a === undefined || (b !== undefined && a < b) ? -1 : 1;
}
