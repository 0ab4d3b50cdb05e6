import type { PlannedSession, Reason, Scheduled, SessionWindow } from './answer.js';
import { localDate, minuteFloor } from './civil.js';
import { type Item, type Problem, problemOf, startOfDay } from './problem.js';
import type { PlanRequest } from './request.js';
import { permittedStarts } from './slots.js';

/** A session of the course, planned or fixed, with its day counted from the local date of `notBefore`. */
interface Placed {
  readonly item: number;
  readonly start: number;
  readonly day: number;
}

/** A bound of the window, as the day on which it lies, and the rule behind it. */
interface Bound extends Reason {
  readonly day: number;
}

/**
 * For each session of a schedule the first and last local date on which the rules would let it lie, given the sessions
 * before it (those after it would follow), and every constraint that set or narrowed that window. Opening hours and
 * busy resources are not named: they choose within the window.
 */
export function explainSessions(request: PlanRequest, { sessions }: Pick<Scheduled, 'sessions'>): SessionWindow[] {
  const problem = problemOf(request);
  const fixed = problem.items.flatMap((item) => [...item.fixed.values()]);
  const planned = sessions.map((session) => placedOf(problem, session));
  return sessions.map((session, index) => {
    const place = planned[index]!;
    const before = [...fixed, ...planned].filter(({ start }) => start < place.start);
    return windowOf(problem, session, place, before);
  });
}

function placedOf({ civil, firstDay }: Problem, { item, start }: PlannedSession): Placed {
  const minute = minuteFloor(start);
  return { item, start: minute, day: civil.dayAt(minute) - firstDay };
}

function windowOf(problem: Problem, { item: index, number }: PlannedSession, place: Placed, before: readonly Placed[]): SessionWindow {
  const item = problem.items[index]!;
  // A rule that the session escapes, by coming before a treatment still to come, sets no bound for it.
  const lower = lowerBounds(problem, item, before).filter(({ day }) => day <= place.day);
  const upper = upperBounds(problem, item, before).filter(({ day }) => day >= place.day);
  const first = Math.max(...lower.map(({ day }) => day));
  const last = Math.min(...upper.map(({ day }) => day));
  const earliest = openDay(problem, item, first, place.day);
  const latest = openDay(problem, item, last, place.day);
  const setters = [...lower.filter(({ day }) => day === first), ...upper.filter(({ day }) => day === last)];
  const because = distinct([...setters, ...narrowing(problem, item, first, place.day), ...narrowing(problem, item, last, latest)]);
  return { item: index, number, earliest: localDate(problem.firstDay + earliest), latest: localDate(problem.firstDay + latest), because };
}

function lowerBounds({ items, spacing, firstDay }: Problem, item: Item, before: readonly Placed[]): Bound[] {
  const bounds: Bound[] = [{ constraint: 'horizon', detail: `not before ${localDate(firstDay)}, where planning begins`, day: 0 }];
  for (const { constraint, detail, earliest } of item.shadows) if (earliest !== undefined) bounds.push({ constraint, detail, day: earliest });
  const previous = lastOf(before.filter((other) => other.item === item.index));
  if (previous) {
    const detail = `at least ${item.minGap} days after the session on ${localDate(firstDay + previous.day)}`;
    bounds.push({ constraint: 'interval', detail, day: previous.day + item.minGap });
  }
  for (const other of before.filter((session) => session.item !== item.index)) {
    const days = spacing[other.item]![item.index]!;
    const detail = `at least ${days} days after ${items[other.item]!.protocolId} on ${localDate(firstDay + other.day)}`;
    if (days > 0) bounds.push({ constraint: 'spacing', detail, day: other.day + days });
  }
  return bounds;
}

function upperBounds({ horizon, firstDay }: Problem, item: Item, before: readonly Placed[]): Bound[] {
  const bounds: Bound[] = [{ constraint: 'horizon', detail: `planning ends on ${localDate(firstDay + horizon - 1)}`, day: horizon - 1 }];
  const licensed = Math.max(...(item.providers ?? []).map(({ validUntil }) => validUntil));
  if (Number.isFinite(licensed)) {
    bounds.push({ constraint: 'licence', detail: `certified for ${item.protocolId} until ${localDate(firstDay + licensed)}`, day: licensed });
  }
  for (const { constraint, detail, latest } of item.shadows) if (latest !== undefined) bounds.push({ constraint, detail, day: latest });
  const previous = lastOf(before.filter((other) => other.item === item.index));
  if (previous) {
    const detail = `at most ${item.maxGap} days after the session on ${localDate(firstDay + previous.day)}`;
    bounds.push({ constraint: 'interval', detail, day: previous.day + item.maxGap });
  }
  return bounds;
}

function lastOf(sessions: readonly Placed[]): Placed | undefined {
  return sessions.reduce<Placed | undefined>((last, session) => (last && last.start > session.start ? last : session), undefined);
}

/** The day nearest to a bound, towards the session's own, on which the patient and the rules leave any start. */
function openDay(problem: Problem, item: Item, bound: number, own: number): number {
  const step = Math.sign(own - bound);
  let day = bound;
  while (day !== own && isShut(problem, item, day)) day += step;
  return day;
}

function isShut(problem: Problem, item: Item, day: number): boolean {
  return permittedStarts(problem, item, [startOfDay(problem, day), startOfDay(problem, day + 1)]).length === 0;
}

/** What forbids time between two days: past treatments, social events, fixed sessions, and the patient's own absences. */
function narrowing(problem: Problem, item: Item, one: number, other: number): Reason[] {
  const [from, to] = [Math.min(one, other), Math.max(one, other)].map((day) => startOfDay(problem, day)) as [number, number];
  const shadows = item.shadows.filter((shadow) => shadow.from < to && from < shadow.to);
  const away = problem.unavailable.some((begin, at) => at % 2 === 0 && begin < to && from < problem.unavailable[at + 1]!);
  return [...shadows, ...(away ? [{ constraint: 'unavailable' as const, detail: 'the patient is away' }] : [])];
}

function distinct(reasons: readonly Reason[]): Reason[] {
  const byText = new Map(reasons.map(({ constraint, detail }) => [`${constraint} ${detail}`, { constraint, detail }]));
  return [...byText.values()];
}
