import type { PlanRequest } from './request.js';
import { EMPTY, joined, type Spans, union } from './spans.js';
import { minuteRange, takenTimes } from './taken.js';

/** The name of one unit of a device; the first bears the device's own. */
export function unitId(device: string, unit: number): string {
  return unit === 1 ? device : `${device}#${unit}`;
}

/** One unit of a device: a session holds one. */
export interface Unit {
  readonly id: string;
  readonly protocols: readonly string[];
  /** When the unit is down. */
  readonly down: Spans;
}

/** Every unit of the request's devices. */
export function unitsOf({ devices }: PlanRequest): Unit[] {
  return devices.flatMap(({ id, protocols, units = 1, downtime = [] }) =>
    Array.from({ length: units }, (_unit, index): Unit => {
      const own = downtime.filter(({ unit }) => unit === undefined || unit === index + 1);
      return { id: unitId(id, index + 1), protocols, down: joined(own.map(minuteRange)) };
    }),
  );
}

/**
 * What the request says is taken, by provider, room and unit. A range that names a device of several units takes one of
 * them: the first that is not taken then.
 */
export function takenByUnit(request: PlanRequest): ReadonlyMap<string, Spans> {
  const told = takenTimes(request.busy);
  const several = request.devices.filter(({ units = 1 }) => units > 1);
  if (several.length === 0) return told;
  const taken = new Map(told);
  for (const { id, units = 1 } of several) {
    const ids = Array.from({ length: units }, (_unit, index) => unitId(id, index + 1));
    taken.set(id, EMPTY);
    const ranges = request.busy.filter(({ resource }) => resource === id).map(minuteRange);
    for (const [from, to] of ranges.sort((a, b) => a[0] - b[0])) {
      const free = ids.find((unit) => !touches(taken.get(unit) ?? EMPTY, from, to)) ?? id;
      taken.set(free, union(taken.get(free) ?? EMPTY, joined([[from, to]])));
    }
  }
  return taken;
}

function touches(spans: Spans, from: number, to: number): boolean {
  return spans.some((begin, at) => at % 2 === 0 && begin < to && from < spans[at + 1]!);
}
