import { Rejected } from '#platform';
import type { FreeStart } from './answer.js';
import { instantText, minuteCeil } from './civil.js';
import { problemOf } from './problem.js';
import type { AvailabilityRequest } from './request.js';
import { Slots } from './slots.js';

const DAY_MILLIS = 86_400_000;
const LONGEST_RANGE_DAYS = 3653;

/**
 * Free starts of one protocol with `from <= start < to` (RFC 3339 instants), by start, then by provider id: an entry
 * for each provider who is free, with the smallest free room and device. What is known of the patient binds when the
 * request tells it.
 * @throws Rejected `invalid_request` when the protocol is not in the request, or the range is reversed or over ten years
 */
export function freeStarts(request: AvailabilityRequest, protocolId: string, from: string, to: string, limit = Number.POSITIVE_INFINITY): FreeStart[] {
  const days = Math.ceil((Date.parse(to) - Date.parse(from)) / DAY_MILLIS);
  if (!(days >= 0 && days <= LONGEST_RANGE_DAYS)) throw new Rejected('invalid_request', 'to: must lie after "from", at most ten years', { path: 'to' });
  if (!Object.hasOwn(request.protocols, protocolId)) {
    throw new Rejected('invalid_request', `protocolId: "${protocolId}" is not in "protocols"`, { path: 'protocolId' });
  }
  // Two more days, since a range of whole days can touch one date more, and a date can be an hour short.
  const problem = problemOf({ ...request, course: { items: [{ protocolId, sessions: 1 }] }, fixed: [], notBefore: from, horizonDays: days + 2 });
  const slots = new Slots(problem);
  const item = problem.items[0]!;
  const end = minuteCeil(to);
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
