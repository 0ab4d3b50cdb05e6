/**
 * Sorted, disjoint, half-open ranges of minutes, flat: [from, to, from, to, …]. Touching ranges are joined, so that a
 * session may cross the seam.
 */
export type Spans = readonly number[];

export const EMPTY: Spans = [];

/** Joins ranges given in any order, overlapping or not; empty and reversed ones fall away. */
export function joined(ranges: readonly (readonly [from: number, to: number])[]): Spans {
  const sorted = ranges.filter(([from, to]) => from < to).sort((a, b) => a[0] - b[0]);
  const spans: number[] = [];
  for (const [from, to] of sorted) append(spans, from, to);
  return spans;
}

/** What lies in either of two. */
export function union(a: Spans, b: Spans): Spans {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const spans: number[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length;) {
    const fromA = j >= b.length || (i < a.length && a[i]! <= b[j]!);
    if (fromA) append(spans, a[i]!, a[i + 1]!);
    else append(spans, b[j]!, b[j + 1]!);
    if (fromA) i += 2;
    else j += 2;
  }
  return spans;
}

/** What lies in both. */
export function intersection(a: Spans, b: Spans): Spans {
  const spans: number[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const from = Math.max(a[i]!, b[j]!);
    const to = Math.min(a[i + 1]!, b[j + 1]!);
    if (from < to) spans.push(from, to);
    if (a[i + 1]! < b[j + 1]!) i += 2;
    else j += 2;
  }
  return spans;
}

/** The starts at which a session of `minutes` lies wholly within one range of `open`. */
export function startsWithin(open: Spans, minutes: number): Spans {
  const spans: number[] = [];
  for (let i = 0; i < open.length; i += 2) {
    const end = open[i + 1]! - minutes + 1;
    if (end > open[i]!) spans.push(open[i]!, end);
  }
  return spans;
}

/** The starts of `starts` at which a hold of `minutes` touches no range of `taken`. */
export function startsOutside(starts: Spans, taken: Spans, minutes: number): Spans {
  if (starts.length === 0 || taken.length === 0) return starts;
  let t = firstEndingAfter(taken, starts[0]!);
  if (t >= taken.length || taken[t]! - minutes >= starts[starts.length - 1]!) return starts;
  const spans: number[] = [];
  for (let i = 0; i < starts.length; i += 2) {
    let from = starts[i]!;
    const to = starts[i + 1]!;
    while (t < taken.length && taken[t + 1]! <= from) t += 2;
    for (let u = t; u < taken.length && taken[u]! - minutes + 1 < to; u += 2) {
      const blockedFrom = taken[u]! - minutes + 1;
      if (blockedFrom > from) spans.push(from, blockedFrom);
      from = Math.max(from, taken[u + 1]!);
    }
    if (from < to) spans.push(from, to);
  }
  return spans;
}

/** Whether a minute lies in the ranges. */
export function covers(spans: Spans, minute: number): boolean {
  const at = firstEndingAfter(spans, minute);
  return at < spans.length && spans[at]! <= minute;
}

/** The first minute from `from` on that lies in every set and is `origin` plus a multiple of `grid`; or undefined. */
export function earliestInAll(sets: readonly Spans[], from: number, origin: number, grid: number): number | undefined {
  let minute = nextOnGrid(from, origin, grid);
  for (let agreed = 0, s = 0; agreed < sets.length; s = (s + 1) % sets.length) {
    const set = sets[s]!;
    const at = firstEndingAfter(set, minute);
    if (at >= set.length) return undefined;
    if (set[at]! <= minute) agreed++;
    else {
      minute = nextOnGrid(set[at]!, origin, grid);
      agreed = 0;
    }
  }
  return minute;
}

/** The minutes of the ranges that are `origin` plus a multiple of `grid`. */
export function onGrid(spans: Spans, origin: number, grid: number): number[] {
  const minutes: number[] = [];
  for (let at = 0; at < spans.length; at += 2) {
    for (let minute = nextOnGrid(spans[at]!, origin, grid); minute < spans[at + 1]!; minute += grid) minutes.push(minute);
  }
  return minutes;
}

function nextOnGrid(minute: number, origin: number, grid: number): number {
  return origin + Math.ceil((minute - origin) / grid) * grid;
}

/** Index of the first range whose end lies after a minute. */
function firstEndingAfter(spans: Spans, minute: number): number {
  let low = 0;
  let high = spans.length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[2 * middle + 1]! > minute) high = middle;
    else low = middle + 1;
  }
  return 2 * low;
}

/** Adds a range that begins no earlier than the last one. */
export function append(spans: number[], from: number, to: number): void {
  const last = spans.length - 1;
  if (last > 0 && from <= spans[last]!) spans[last] = Math.max(spans[last]!, to);
  else spans.push(from, to);
}
