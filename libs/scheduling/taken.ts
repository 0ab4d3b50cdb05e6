import { minuteCeil, minuteFloor } from './civil.js';
import type { PlanRequest } from './request.js';
import { append, joined, type Spans, union } from './spans.js';

export const NOTHING_TAKEN: ReadonlyMap<string, Spans> = new Map();

const remembered = new WeakMap<PlanRequest['busy'], ReadonlyMap<string, Spans>>();

/**
 * The minutes in which each resource is taken. A request that cannot be met is asked many questions that differ in
 * something else, so a list is read once, for as long as its owner keeps it; by its type it does not change.
 */
export function takenTimes(busy: PlanRequest['busy']): ReadonlyMap<string, Spans> {
  const known = remembered.get(busy);
  if (known) return known;
  const taken = new Map<string, { readonly inOrder: number[]; readonly others: [number, number][] }>();
  for (const { resource, from, to } of busy) {
    const [begins, ends] = [minuteFloor(from), minuteCeil(to)];
    if (begins >= ends) continue;
    const known = taken.get(resource);
    if (!known) taken.set(resource, { inOrder: [begins, ends], others: [] });
    // Lists come mostly by start, and need no sorting then.
    else if (begins >= known.inOrder[known.inOrder.length - 2]!) append(known.inOrder, begins, ends);
    else known.others.push([begins, ends]);
  }
  const times = new Map([...taken].map(([id, { inOrder, others }]) => [id, union(inOrder, joined(others))]));
  remembered.set(busy, times);
  return times;
}

/** A stretch of time in whole minutes: parts of a minute are taken too. */
export function minuteRange({ from, to }: { readonly from: string; readonly to: string }): [number, number] {
  return [minuteFloor(from), minuteCeil(to)];
}
