import type { FreeStart } from './answer.js';
import type { AvailabilityRequest } from './request.js';

/**
 * Free starts of a protocol with `from <= start < to` (instants), by start then provider; one entry for each
 * provider who is free, with the smallest free room and device. The patient's windows bind when the request has them.
 */
export function freeStarts(_request: AvailabilityRequest, _protocolId: string, _from: string, _to: string, _limit = Infinity): FreeStart[] {
  throw new Error('not built yet');
}
