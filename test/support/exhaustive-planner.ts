import type { PlannedSession, PlanRequest } from '#scheduling';
import { ScheduleRules, unitsOf } from './schedule-rules.js';

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
  const possible: PlannedSession[][] = [];
  let size = 1;
  for (const [item, { sessions }] of request.course.items.entries()) {
    const alone: PlannedSession[] = [];
    for (const session of sessionsAlone(request, item, rules)) {
      alone.push(session);
      if (size * alone.length ** sessions > limit) return 'too many to try';
    }
    possible.push(alone);
    size *= Math.max(1, alone.length) ** sessions;
  }
  return { best: bestOf(request, rules, possible) };
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
        if (placed.every((earlier) => rules.brokenBetween(earlier, session).next().done)) extend([...placed, session]);
      }
    }
  };
  extend([]);
  return best;
}

/** Whether any schedule exists, by trying beginnings until one can be finished; 'too many to try' after `limit` of them. */
export function anySchedule(request: PlanRequest, limit: number): boolean | 'too many to try' {
  const rules = new ScheduleRules(request);
  const possible = request.course.items.map((_item, index) => [...sessionsAlone(request, index, rules)]);
  const total = request.course.items.reduce((sum, { sessions }) => sum + sessions, 0);
  let tries = 0;
  const canFinish = (placed: readonly PlannedSession[]): boolean =>
    placed.length === total ||
    request.course.items.some(({ sessions }, item) => {
      const number = placed.filter((session) => session.item === item).length + 1;
      if (number > sessions) return false;
      return possible[item]!.some((alone) => {
        const session = { ...alone, number };
        if (++tries > limit || (placed.length > 0 && session.start <= placed[placed.length - 1]!.start)) return false;
        return placed.every((earlier) => rules.brokenBetween(earlier, session).next().done) && canFinish([...placed, session]);
      });
    });
  const found = canFinish([]);
  return found || tries <= limit ? found : 'too many to try';
}

function staysWhereFixed({ fixed }: PlanRequest, session: PlannedSession): boolean {
  const place = fixed.find(({ item, number }) => item === session.item && number === session.number);
  const { start, providerId, roomId, deviceId } = session;
  return !place || (place.start === start && place.providerId === providerId && place.roomId === roomId && place.deviceId === deviceId);
}

/** What the rules permit of an item's session when there is no other. */
export function* sessionsAlone(request: PlanRequest, item: number, rules = new ScheduleRules(request)): Generator<PlannedSession> {
  const { protocolId } = request.course.items[item]!;
  const devices = [null, ...request.devices.flatMap(unitsOf).map(({ id }) => id)];
  const milliseconds = request.protocols[protocolId]!.durationMinutes * 60_000;
  for (const at of rules.gridStarts()) {
    const [start, end] = [instantText(at), instantText(at + milliseconds)];
    for (const { id: providerId } of request.providers) {
      for (const { id: roomId } of request.rooms) {
        for (const deviceId of devices) {
          const session = { item, number: 1, protocolId, start, end, providerId, roomId, deviceId };
          if (rules.brokenAlone(session).next().done) yield session;
        }
      }
    }
  }
}

function instantText(at: number): string {
  return new Date(at).toISOString().replace('.000', '');
}
