import type { PlannedSession, PlanRequest } from '#scheduling';
import { ScheduleRules } from './schedule-rules.js';

export interface BestSchedule {
  readonly cost: number;
  readonly sessions: readonly PlannedSession[];
}

export type Tried = { readonly best: BestSchedule | undefined } | 'too many to try';

/**
 * The best schedule by trying everything: every session at every start of the grid with every provider, room and
 * device. Only for tiny calendars: when more than `limit` schedules would come into question (were there no rules
 * between sessions), nothing is tried.
 */
export function exhaustivePlan(request: PlanRequest, limit: number): Tried {
  const rules = new ScheduleRules(request);
  const possible = request.course.items.map((_item, item) => sessionsAlone(request, item, rules));
  const size = request.course.items.reduce((product, { sessions }, item) => product * Math.max(1, possible[item]!.length) ** sessions, 1);
  return size > limit ? 'too many to try' : { best: bestOf(request, rules, possible) };
}

function bestOf(request: PlanRequest, rules: ScheduleRules, possible: readonly PlannedSession[][]): BestSchedule | undefined {
  const total = request.course.items.reduce((sum, { sessions }) => sum + sessions, 0);
  let best: BestSchedule | undefined;
  const extend = (placed: readonly PlannedSession[]): void => {
    // Later sessions never make a schedule cheaper.
    if (best && placed.length > 0 && rules.cost(placed) > best.cost) return;
    if (placed.length === total) {
      const found = { cost: rules.cost(placed), sessions: placed };
      if (!best || found.cost < best.cost || ScheduleRules.compare(found.sessions, best.sessions) < 0) best = found;
      return;
    }
    const last = placed[placed.length - 1];
    for (const [item, { sessions }] of request.course.items.entries()) {
      const number = placed.filter((session) => session.item === item).length + 1;
      if (number > sessions) continue;
      for (const alone of possible[item]!) {
        const session = { ...alone, number };
        if (!staysWhereFixed(request, session)) continue;
        if (last && session.start <= last.start) continue;
        if (placed.every((earlier) => rules.brokenBetween(earlier, session).length === 0)) extend([...placed, session]);
      }
    }
  };
  extend([]);
  return best;
}

function staysWhereFixed({ fixed }: PlanRequest, session: PlannedSession): boolean {
  const place = fixed.find(({ item, number }) => item === session.item && number === session.number);
  const { start, providerId, roomId, deviceId } = session;
  return !place || (place.start === start && place.providerId === providerId && place.roomId === roomId && place.deviceId === deviceId);
}

/** What the rules permit of an item's session when there is no other. */
export function sessionsAlone(request: PlanRequest, item: number, rules = new ScheduleRules(request)): PlannedSession[] {
  const { protocolId } = request.course.items[item]!;
  const devices = [null, ...request.devices.map(({ id }) => id)];
  const sessions: PlannedSession[] = [];
  for (const at of rules.gridStarts()) {
    const [start, end] = [at, at + request.protocols[protocolId]!.durationMinutes * 60_000].map((ms) => new Date(ms).toISOString().replace('.000', ''));
    for (const { id: providerId } of request.providers) {
      for (const { id: roomId } of request.rooms) {
        for (const deviceId of devices) {
          const session = { item, number: 1, protocolId, start: start!, end: end!, providerId, roomId, deviceId };
          if (rules.brokenAlone(session).length === 0) sessions.push(session);
        }
      }
    }
  }
  return sessions;
}
