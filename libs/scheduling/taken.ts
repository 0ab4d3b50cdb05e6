import { minuteCeil, minuteFloor } from './civil.js';
import type { PlanRequest } from './request.js';
import { joined, type Spans } from './spans.js';

export const NOTHING_TAKEN: ReadonlyMap<string, Spans> = new Map();

const remembered = new WeakMap<PlanRequest['busy'], ReadonlyMap<string, Spans>>();

/**
 * The minutes in which each resource is taken. A request that cannot be met is asked many questions that differ in
 * something else, so a list is read once, for as long as its owner keeps it; by its type it does not change.
 */
export function takenTimes(busy: PlanRequest['busy']): ReadonlyMap<string, Spans> {
  const known = remembered.get(busy);
  if (known) return known;
  const ranges = new Map<string, [number, number][]>();
  for (const range of busy) {
    const taken = ranges.get(range.resource);
    if (taken) taken.push(minuteRange(range));
    else ranges.set(range.resource, [minuteRange(range)]);
  }
  const times = new Map([...ranges].map(([id, taken]) => [id, joined(taken)]));
  remembered.set(busy, times);
  return times;
}

/** A stretch of time in whole minutes: parts of a minute are taken too. */
export function minuteRange({ from, to }: { readonly from: string; readonly to: string }): [number, number] {
  return [minuteFloor(from), minuteCeil(to)];
}
