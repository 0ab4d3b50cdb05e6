import type { Protocol } from './request.js';
import { intersection, type Spans, startsOutside, startsWithin } from './spans.js';

/** A stretch of a session, in minutes after its start, half-open. */
export type Part = readonly [from: number, to: number];

/** What a session holds of each role; room and device hold theirs for the turnover besides. */
export interface Holds {
  readonly provider: readonly Part[];
  readonly room: readonly Part[];
  readonly device: readonly Part[];
}

/** From when to when a session holds its provider, room and device: all the time, unless it is made of segments. */
export function holdsOf({ durationMinutes, turnoverMinutes, segments }: Pick<Protocol, 'durationMinutes' | 'turnoverMinutes' | 'segments'>): Holds {
  if (!segments) {
    const cleared: Part[] = [[0, durationMinutes + turnoverMinutes]];
    return { provider: [[0, durationMinutes]], room: cleared, device: cleared };
  }
  const partsOf = (role: keyof Holds, turnover: number): Part[] => {
    const parts: [number, number][] = [];
    let from = 0;
    for (const { minutes, holds } of segments) {
      const last = parts[parts.length - 1];
      if (holds.includes(role) && last?.[1] === from) last[1] = from + minutes;
      else if (holds.includes(role)) parts.push([from, from + minutes]);
      from += minutes;
    }
    const last = parts[parts.length - 1];
    if (last) last[1] += turnover;
    return parts;
  };
  return { provider: partsOf('provider', 0), room: partsOf('room', turnoverMinutes), device: partsOf('device', turnoverMinutes) };
}

/** The starts of `starts` at which no part of a session touches a range of `taken`. */
export function startsClear(starts: Spans, taken: Spans, parts: readonly Part[]): Spans {
  let clear = starts;
  for (const [from, to] of parts) clear = shifted(startsOutside(shifted(clear, from), taken, to - from), -from);
  return clear;
}

/** The starts at which every part of a session lies wholly within one range of `open`. */
export function startsDuring(open: Spans, parts: readonly Part[]): Spans {
  const [first, ...rest] = parts.map(([from, to]) => shifted(startsWithin(open, to - from), -from));
  return rest.reduce(intersection, first ?? open);
}

function shifted(spans: Spans, minutes: number): Spans {
  return minutes === 0 ? spans : spans.map((minute) => minute + minutes);
}
