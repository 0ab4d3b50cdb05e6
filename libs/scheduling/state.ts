import type { Part } from './holds.js';
import { type Item, type Problem, type Resource, startOfDay } from './problem.js';
import type { Hold, Slot } from './slots.js';

/** What of the sessions placed so far still matters to those to come. Sessions are placed in time order. */
export interface State {
  /** Sessions placed, by item. */
  readonly placed: readonly number[];
  /** Day of the item's last session, by item. */
  readonly last: readonly number[];
  /** Least day of the item's next session, by item: intervals, spacing and time order together. */
  readonly next: readonly number[];
  /** The minute until which the patient is in the last session, while another could still touch it. */
  readonly freeFrom: number;
  readonly holds: readonly Hold[];
  /** The fewest days between the end of an ended item's healing and the best day, while an item that bears on it is still to end. */
  readonly spare: number;
}

const NEVER = Number.POSITIVE_INFINITY;

/** Nothing placed yet. */
export function emptyState({ items }: Problem): State {
  const zeros = items.map(() => 0);
  return { placed: zeros, last: zeros, next: zeros, freeFrom: Number.NEGATIVE_INFINITY, holds: [], spare: NEVER };
}

/** The least day of an item's next session (`other`, by index) once a session of `item` lies on a day. */
export function nextDay({ spacing }: Problem, state: State, item: Item, day: number, other: number): number {
  const gap = other === item.index ? item.minGap : spacing[item.index]![other]!;
  return Math.max(state.next[other]!, day + gap);
}

/** The state after a session, reduced to what can still matter: states that differ in nothing else are then the same. */
export function stateAfter(problem: Problem, state: State, item: Item, day: number, { start, room, device }: Slot): State {
  const { items, horizon } = problem;
  const end = start + item.duration;
  const placed = replaced(state.placed, item.index, state.placed[item.index]! + 1);
  const last = replaced(state.last, item.index, day);
  const next = items.map(({ index }) => nextDay(problem, state, item, day, index));
  let earliest = NEVER;
  for (const { index, sessions } of items) {
    if (placed[index]! < sessions) earliest = Math.min(earliest, next[index]!);
    else last[index] = next[index] = 0;
  }
  const touches = earliest <= day;
  const nextStart = touches ? end : earliest < horizon ? startOfDay(problem, earliest) : NEVER;
  const kept = (resource: Resource | undefined, parts: readonly Part[]): Hold[] => (resource ? [{ resource, until: start + lastUse(parts) }] : []);
  const held = [...state.holds, ...kept(room, item.holds.room), ...kept(device, item.holds.device)];
  const isNeeded = ({ resource, until }: Hold): boolean =>
    until > nextStart && items.some((other) => placed[other.index]! < other.sessions && needs(other, resource));
  const spare = isHealedFor(problem, placed) ? NEVER : spareAfter(problem, state, item, day);
  return { placed, last, next, freeFrom: touches ? end : Number.NEGATIVE_INFINITY, holds: held.filter(isNeeded), spare };
}

/** The days that lie unused between healing and the best day once a session of `item` lies on a day; infinite while no item has ended. */
export function spareAfter({ best }: Problem, { placed, spare }: State, { index, sessions, downtime }: Item, day: number): number {
  if (!best?.items.has(index) || placed[index]! + 1 < sessions) return spare;
  // What stays where it is may lie beyond the day; it is not judged again.
  return Math.min(spare, Math.max(0, best.day - 1 - downtime - day));
}

/** Whether nothing is still to come that bears on the best day. */
export function isHealedFor({ best, items }: Problem, placed: readonly number[]): boolean {
  return !best || items.every(({ index, sessions }) => !best.items.has(index) || placed[index] === sessions);
}

/** Two states with the same key have the same rests: only what bears on later sessions is in it. */
export function keyOf({ placed, last, next, freeFrom, holds, spare }: State): string {
  const held = holds.map(({ resource, until }) => `${resource.id}@${until}`).sort();
  return [placed.join(), last.join(), next.join(), freeFrom, spare, ...held].join(' ');
}

/** How many minutes after its start a session gives a resource back. */
function lastUse(parts: readonly Part[]): number {
  return parts[parts.length - 1]?.[1] ?? 0;
}

function replaced(values: readonly number[], index: number, value: number): number[] {
  const copy = values.slice();
  copy[index] = value;
  return copy;
}

function needs({ rooms, devices }: Item, resource: { readonly id: string }): boolean {
  return [rooms, devices].some((pool) => pool?.some(({ id }) => id === resource.id));
}
