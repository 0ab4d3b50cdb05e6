import type { Constraint, Placement, PlacementAnswer, Reason } from './answer.js';
import { instantText, localDate, minuteFloor } from './civil.js';
import { type Part, startsClear, startsDuring } from './holds.js';
import { type Item, type Problem, problemOf, type Provider, type Resource, startOfDay } from './problem.js';
import type { PlanRequest } from './request.js';
import { openHours, usualHours } from './openings.js';
import { covers, type Spans, startsWithin } from './spans.js';

/** The session in question, in integers. */
interface Wish {
  readonly problem: Problem;
  readonly item: Item;
  readonly number: number;
  readonly start: number;
  readonly day: number;
}

/**
 * Whether one session may start at an instant while the request's `fixed` sessions stay, itself excepted; otherwise
 * every rule it breaks, each named once for every reason. What the session holds today must not be in `busy`.
 * The resources it would get are the ones asked for, else the smallest free ids.
 */
export function checkPlacement(request: PlanRequest, placement: Placement): PlacementAnswer {
  return placementIn(problemAround(request, placement), placement, minuteFloor(placement.start));
}

/** The problem in which one session of the course is the only one that moves. */
export function problemAround(request: PlanRequest, { item, number }: Pick<Placement, 'item' | 'number'>): Problem {
  return problemOf({ ...request, fixed: request.fixed.filter((session) => session.item !== item || session.number !== number) });
}

/** `checkPlacement` in a problem that has been set up already; `start` is in minutes since 1970. */
export function placementIn(problem: Problem, placement: Omit<Placement, 'start'>, start: number): PlacementAnswer {
  const item = problem.items[placement.item];
  if (!item) throw new RangeError(`the course has no item ${placement.item}`);
  const wish: Wish = { problem, item, number: placement.number, start, day: problem.civil.dayAt(start) - problem.firstDay };
  const violations = [...timeViolations(wish), ...patientViolations(wish), ...neighbourViolations(wish)];
  const provider = pickProvider(wish, placement.providerId, violations);
  const room = pick(wish, 'room', item.rooms, placement.roomId, violations);
  const device = pick(wish, 'device', item.devices, placement.deviceId, violations);
  if (violations.length > 0 || !provider || !room) return { allowed: false, violations };
  const times = { start: instantText(start), end: instantText(start + item.duration) };
  const ids = { providerId: provider.id, roomId: room.id, deviceId: device?.id ?? null };
  return { allowed: true, session: { item: item.index, number: placement.number, protocolId: item.protocolId, ...times, ...ids } };
}

/** The starts of a day within the hours of the clinic and of somebody who performs the item, on the grid. */
export function* openingStarts(problem: Problem, item: Item, day: number): Generator<number> {
  const [opens, closes] = [startOfDay(problem, day), startOfDay(problem, day + 1)];
  const clinic = startsWithin(openHours(problem, problem.clinicHours, day), item.duration);
  const providers = (item.providers ?? []).map(({ hours }) => startsDuring(openHours(problem, hours, day), item.holds.provider));
  for (let start = opens; start < closes; start += problem.grid) {
    if (covers(clinic, start) && (providers.length === 0 || providers.some((working) => covers(working, start)))) yield start;
  }
}

function* timeViolations({ problem, item, start, day }: Wish): Generator<Reason> {
  const outside = start < problem.notBefore || day >= problem.horizon;
  if (outside) yield { constraint: 'horizon', detail: `planning runs ${problem.horizon} days from ${instantText(problem.notBefore)}` };
  if ((start - startOfDay(problem, day)) % problem.grid !== 0) yield { constraint: 'hours', detail: `sessions start every ${problem.grid} minutes` };
  const { clinicHours: hours } = problem;
  if (hours?.isClosed(day)) yield { constraint: 'hours', detail: `the clinic is closed on ${dateOf(problem, day)}` };
  else if (hours && !covers(startsWithin(usualHours(problem, hours, day), item.duration), start))
    yield { constraint: 'hours', detail: 'outside the hours of the clinic' };
  else if (hours && !isFree(hours.away, start, item.duration)) yield { constraint: 'hours', detail: 'the clinic is closed at that time' };
}

function* patientViolations({ problem, item, start }: Wish): Generator<Reason> {
  if (!isFree(problem.unavailable, start, item.duration)) yield { constraint: 'unavailable', detail: 'the patient is away' };
  for (const { constraint, detail, from, to } of item.shadows) if (from <= start && start < to) yield { constraint, detail };
  const clash = problem.items.flatMap(({ fixed }) => [...fixed.values()]).some((other) => start < other.end && other.start < start + item.duration);
  if (clash) yield { constraint: 'busy', detail: 'the patient has another session at that time' };
}

/** The sessions of the same item that stay: the one before and the one after bind by the interval, all by their order. */
function* neighbourViolations({ problem, item, number, start, day }: Wish): Generator<Reason> {
  for (const other of item.fixed.values()) {
    const gap = Math.sign(number - other.number) * (day - other.day);
    const between = `session ${other.number} on ${dateOf(problem, other.day)}`;
    if ((start - other.start) * (number - other.number) < 0) yield { constraint: 'interval', detail: `out of order with ${between}` };
    else if (Math.abs(number - other.number) > 1) continue;
    else if (gap < item.minGap) yield { constraint: 'interval', detail: `less than ${item.minGap} days from ${between}` };
    else if (gap > item.maxGap) yield { constraint: 'interval', detail: `more than ${item.maxGap} days from ${between}` };
  }
}

function pickProvider(wish: Wish, wanted: string | undefined, violations: Reason[]): Provider | undefined {
  const { problem, item, start, day } = wish;
  const parts = item.holds.provider;
  const works = ({ hours }: Provider): boolean => !hours || covers(startsDuring(usualHours(problem, hours, day), parts), start);
  return sieve(item.providers ?? [], violations, [
    [
      'provider',
      wanted ? `${wanted} does not perform ${item.protocolId}` : `nobody performs ${item.protocolId}`,
      ({ id }) => wanted === undefined || id === wanted,
    ],
    ['licence', `the certification for ${item.protocolId} has ended by ${dateOf(problem, day)}`, ({ validUntil }) => day <= validUntil],
    ['hours', 'outside the hours of the provider', works],
    ['hours', 'the provider is absent', ({ hours }) => !hours || isClear(hours.away, start, parts)],
    ['busy', 'the provider is taken', ({ busy }) => isClear(busy, start, parts)],
  ]);
}

function pick(
  wish: Wish,
  role: 'room' | 'device',
  pool: readonly Resource[] | undefined,
  wanted: string | null | undefined,
  violations: Reason[],
): Resource | undefined {
  const { item, start } = wish;
  if (!pool) return undefined;
  const parts = item.holds[role];
  return sieve(pool, violations, [
    [role, wanted ? `${wanted} does not serve ${item.protocolId}` : `no ${role} serves ${item.protocolId}`, ({ id }) => !wanted || id === wanted],
    [role, role === 'room' ? 'the room is closed' : 'the device is down', ({ out }) => isClear(out, start, parts)],
    ['busy', `the ${role} is taken, turnover included`, ({ busy }) => isClear(busy, start, parts)],
  ]);
}

/** The first resource that passes every test; the first test that leaves none is the violation. */
function sieve<R>(pool: readonly R[], violations: Reason[], tests: readonly [Constraint, string, (resource: R) => boolean][]): R | undefined {
  let left = pool;
  for (const [constraint, detail, passes] of tests) {
    left = left.filter(passes);
    if (left.length > 0) continue;
    violations.push({ constraint, detail });
    return undefined;
  }
  return left[0];
}

function isFree(taken: Spans, start: number, minutes: number): boolean {
  return isClear(taken, start, [[0, minutes]]);
}

function isClear(taken: Spans, start: number, parts: readonly Part[]): boolean {
  return startsClear([start, start + 1], taken, parts).length > 0;
}

function dateOf({ firstDay }: Problem, day: number): string {
  return localDate(firstDay + day);
}
