import { Rejected } from '#platform';
import type { FreeStart } from './answer.js';
import { instantText, minuteCeil } from './civil.js';
import { type Item, type Problem, problemOf } from './problem.js';
import type { AvailabilityRequest } from './request.js';
import { Slots } from './slots.js';

const DAY_MILLIS = 86_400_000;
const LONGEST_RANGE_DAYS = 3653;

/** Free starts of one provider, as minutes since 1970, in order. */
export interface ProviderStarts {
  readonly providerId: string;
  readonly starts: readonly number[];
}

/**
 * Free starts of one protocol with `from <= start < to` (RFC 3339 instants), by start, then by provider id: an entry
 * for each provider who is free, with the smallest free room and device. What is known of the patient binds when the
 * request tells it.
 * @throws Rejected `invalid_request` when the protocol is not in the request, or the range is reversed or over ten years
 */
export function freeStarts(request: AvailabilityRequest, protocolId: string, from: string, to: string, limit = Number.POSITIVE_INFINITY): FreeStart[] {
  const { problem, item, slots, end } = rangeOf(request, protocolId, from, to);
  const found: FreeStart[] = [];
  for (let day = 0; day < problem.horizon; day++) {
    for (const start of slots.freeStarts(item, day)) {
      if (start >= end) return found;
      const { providers, rooms, devices } = slots.freeAt(item, day, start);
      const times = { start: instantText(start), end: instantText(start + item.duration) };
      for (const { id } of providers) {
        if (found.length >= limit) return found;
        found.push({ ...times, providerId: id, roomId: rooms[0]!.id, deviceId: devices[0]?.id ?? null });
      }
    }
  }
  return found;
}

/**
 * The same starts by provider, in minutes, without the room and the device: what a calendar is drawn from.
 * @throws Rejected as `freeStarts` does
 */
export function freeStartsByProvider(request: AvailabilityRequest, protocolId: string, from: string, to: string): ProviderStarts[] {
  const { problem, item, slots, end } = rangeOf(request, protocolId, from, to);
  const found = (item.providers ?? []).map(({ id }) => ({ providerId: id, starts: [] as number[] }));
  for (let day = 0; day < problem.horizon; day++) {
    for (const [index, starts] of slots.byProvider(item, day).entries()) {
      const list = found[index]!.starts;
      for (const start of starts) if (start < end) list.push(start);
    }
  }
  return found;
}

interface Range {
  readonly problem: Problem;
  readonly item: Item;
  readonly slots: Slots;
  /** The minute before which a start must lie. */
  readonly end: number;
}

/** Two more days than asked for, since a range of whole days can touch one date more, and a date can be an hour short. */
function rangeOf(request: AvailabilityRequest, protocolId: string, from: string, to: string): Range {
  const days = Math.ceil((Date.parse(to) - Date.parse(from)) / DAY_MILLIS);
  if (!(days >= 0 && days <= LONGEST_RANGE_DAYS)) throw new Rejected('invalid_request', 'to: must lie after "from", at most ten years', { path: 'to' });
  if (!Object.hasOwn(request.protocols, protocolId)) {
    throw new Rejected('invalid_request', `protocolId: "${protocolId}" is not in "protocols"`, { path: 'protocolId' });
  }
  const problem = problemOf({ ...request, course: { items: [{ protocolId, sessions: 1 }] }, fixed: [], notBefore: from, horizonDays: days + 2 });
  return { problem, item: problem.items[0]!, slots: new Slots(problem), end: minuteCeil(to) };
}
