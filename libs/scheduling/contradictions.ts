import type { PlanRequest, Protocol, WeeklyHours } from './request.js';
import { unitId } from './units.js';

export interface Contradiction {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

type Found = Generator<Contradiction>;

/** What a request of the right form says against itself, field by field in the order of the form. */
export function* contradictions(request: PlanRequest): Found {
  yield* hoursContradictions(request.clinic.hours, ['clinic', 'hours']);
  yield* extraContradictions(request.clinic.extraHours, ['clinic', 'extraHours']);
  yield* rangeContradictions(request.clinic.closures, ['clinic', 'closures']);
  for (const [index, provider] of request.providers.entries()) {
    yield* hoursContradictions(provider.hours, ['providers', index, 'hours']);
    yield* extraContradictions(provider.extraHours, ['providers', index, 'extraHours']);
    yield* rangeContradictions(provider.absences, ['providers', index, 'absences']);
  }
  for (const [index, room] of request.rooms.entries()) yield* rangeContradictions(room.closed, ['rooms', index, 'closed']);
  yield* deviceContradictions(request);
  yield* resourceContradictions(request);
  yield* rangeContradictions(request.busy, ['busy']);
  yield* rangeContradictions(request.patient.unavailable, ['patient', 'unavailable']);
  yield* preferredContradictions(request);
  for (const [id, protocol] of Object.entries(request.protocols)) {
    yield* intervalContradictions(id, protocol);
    yield* segmentContradictions(request, id, protocol);
  }
  yield* courseContradictions(request);
  yield* fixedContradictions(request);
  yield* bestDayContradictions(request);
}

function* hoursContradictions(hours: WeeklyHours, path: readonly PropertyKey[]): Found {
  for (const [weekday, ranges = []] of Object.entries(hours)) yield* dayContradictions(ranges, [...path, weekday]);
}

function* extraContradictions(extra: PlanRequest['clinic']['extraHours'], path: readonly PropertyKey[]): Found {
  for (const [index, { hours }] of (extra ?? []).entries()) yield* dayContradictions(hours, [...path, index, 'hours']);
}

function* dayContradictions(ranges: readonly (readonly [string, string])[], path: readonly PropertyKey[]): Found {
  for (const [index, [from, to]] of ranges.entries()) {
    // Times are fixed-width text, so comparing the text compares the times.
    if (from >= to) yield { path: [...path, index], message: `${from} to ${to} is empty or reversed` };
    const other = ranges.findIndex(([otherFrom, otherTo]) => otherFrom < to && from < otherTo);
    if (other !== index) yield { path: [...path, index], message: 'overlaps another range of the same day' };
  }
}

function* deviceContradictions({ devices }: PlanRequest): Found {
  for (const [index, { downtime, units = 1 }] of devices.entries()) {
    yield* rangeContradictions(downtime, ['devices', index, 'downtime']);
    for (const [at, { unit = 1 }] of (downtime ?? []).entries()) {
      if (unit > units) yield { path: ['devices', index, 'downtime', at, 'unit'], message: `there is no unit ${unit} of ${units}` };
    }
  }
}

/** A session names a provider and a room, and a device where one serves the protocol: it must need them at some time. */
function* segmentContradictions({ devices }: PlanRequest, id: string, { segments, durationMinutes }: Protocol): Found {
  if (!segments) return;
  const path = ['protocols', id, 'segments'];
  const minutes = segments.reduce((sum, segment) => sum + segment.minutes, 0);
  if (minutes !== durationMinutes) yield { path, message: `add up to ${minutes} minutes, not to the ${durationMinutes} of "durationMinutes"` };
  const needed = ['provider', 'room', ...(devices.some(({ protocols }) => protocols.includes(id)) ? ['device'] : [])];
  for (const role of needed) {
    if (!segments.some(({ holds }) => holds.some((held) => held === role))) yield { path, message: `none holds the ${role}` };
  }
}

function* resourceContradictions(request: PlanRequest): Found {
  const known = new Set<string>();
  for (const kind of ['providers', 'rooms', 'devices'] as const) {
    for (const [index, { id, ...resource }] of request[kind].entries()) {
      const units = 'units' in resource ? (resource.units ?? 1) : 1;
      for (const name of Array.from({ length: units }, (_unit, at) => unitId(id, at + 1))) {
        if (known.has(name)) yield { path: [kind, index, 'id'], message: `"${name}" names two resources` };
        known.add(name);
      }
    }
  }
  for (const [index, { resource }] of request.busy.entries()) {
    if (!known.has(resource)) yield { path: ['busy', index, 'resource'], message: `"${resource}" is no provider, room or device` };
  }
}

function* rangeContradictions(ranges: readonly { from: string; to: string }[] | undefined, path: readonly PropertyKey[]): Found {
  for (const [index, { from, to }] of (ranges ?? []).entries()) {
    if (Date.parse(from) >= Date.parse(to)) yield { path: [...path, index], message: '"from" must lie before "to"' };
  }
}

function* preferredContradictions({ patient }: PlanRequest): Found {
  for (const [index, { from, to }] of patient.preferred.entries()) {
    if (from >= to) yield { path: ['patient', 'preferred', index], message: `${from} to ${to} is empty or reversed` };
  }
}

function* intervalContradictions(id: string, { intervalDays: { min, ideal, max } }: Protocol): Found {
  const path = ['protocols', id, 'intervalDays'];
  if (min > max) yield { path: [...path, 'min'], message: `${min} is larger than the maximum of ${max}` };
  if (ideal < min || ideal > max) yield { path: [...path, 'ideal'], message: `${ideal} lies outside ${min} to ${max}` };
}

function* courseContradictions({ course, protocols }: PlanRequest): Found {
  const seen = new Set<string>();
  for (const [index, { protocolId }] of course.items.entries()) {
    const path = ['course', 'items', index, 'protocolId'];
    if (!Object.hasOwn(protocols, protocolId)) yield { path, message: `"${protocolId}" is not in "protocols"` };
    if (seen.has(protocolId)) yield { path, message: `"${protocolId}" is already the protocol of another item` };
    seen.add(protocolId);
  }
}

function* fixedContradictions({ fixed, course }: PlanRequest): Found {
  for (const [index, session] of fixed.entries()) {
    const path = ['fixed', index];
    const item = course.items[session.item];
    if (!item) yield { path: [...path, 'item'], message: `the course has no item ${session.item}` };
    if (item && session.number > item.sessions) {
      yield { path: [...path, 'number'], message: `item ${session.item} has ${item.sessions} sessions` };
    }
    if (Date.parse(session.start) % 60_000 !== 0) yield { path: [...path, 'start'], message: 'must be a whole minute' };
    for (const earlier of fixed.slice(0, index).filter((other) => other.item === session.item)) {
      const order = Math.sign(session.number - earlier.number);
      if (order === 0 || order !== Math.sign(Date.parse(session.start) - Date.parse(earlier.start))) {
        yield { path, message: 'sessions of an item are numbered once each, in the order of their starts' };
      }
    }
  }
}

function* bestDayContradictions({ bestOn, bestItems, course }: PlanRequest): Found {
  if (bestItems && bestOn === undefined) yield { path: ['bestItems'], message: 'says nothing without "bestOn"' };
  for (const [index, item] of (bestItems ?? []).entries()) {
    if (!course.items[item]) yield { path: ['bestItems', index], message: `the course has no item ${item}` };
  }
}
