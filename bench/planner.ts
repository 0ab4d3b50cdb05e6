import { performance } from 'node:perf_hooks';
import { freeStarts, parsePlanRequest, planCourse, type PlanRequest } from '#scheduling';
import { exhaustivePlan, sessionsAlone } from '../test/support/exhaustive-planner.js';
import { integerOptimum, type OpenDays } from '../test/support/integer-program.js';
import type { BenchRow } from './event-store.js';
import { timeRows, timesOf } from './timing.js';

const [rounds, monthDays, providers] = [5, 30, 20];
const weekdays = ['1', '2', '3', '4', '5'];

/** A clinic of some providers with three appointments each a day, and a course of peels. */
function request(providerCount: number, sessions: number, horizonDays: number, gridMinutes: number): PlanRequest {
  const hours = Object.fromEntries(weekdays.map((day) => [day, [['09:00', '17:00']]]));
  const ids = Array.from({ length: providerCount }, (_provider, index) => `p${String(index).padStart(2, '0')}`);
  const start = Date.parse('2026-12-01T05:00:00Z');
  const busy = ids.flatMap((resource, p) =>
    Array.from({ length: horizonDays * 3 }, (_appointment, index) => {
      const from = start + Math.floor(index / 3) * 86_400_000 + (9.5 + (index % 3) * 2.5 + (p % 4) / 4) * 3_600_000;
      return { resource, from: new Date(from).toISOString(), to: new Date(from + 5_400_000).toISOString() };
    }),
  );
  return parsePlanRequest({
    clinic: { timeZone: 'America/New_York', gridMinutes, hours },
    providers: ids.map((id) => ({ id, protocols: ['peel'], hours })),
    rooms: [{ id: 'r1', protocols: ['peel'] }],
    busy,
    protocols: { peel: { durationMinutes: 60, turnoverMinutes: 15, intervalDays: { min: 2, ideal: 3, max: 4 }, downtimeDays: 0 } },
    course: { items: [{ protocolId: 'peel', sessions }] },
    notBefore: '2026-12-01T05:00:00Z',
    horizonDays,
  });
}

/** How often a second something can be done: the median of the rounds. */
function perSecond(work: () => unknown): number {
  const rates = Array.from({ length: rounds }, () => {
    const began = performance.now();
    let times = 0;
    while (performance.now() - began < 200) {
      work();
      times++;
    }
    return (times * 1000) / (performance.now() - began);
  });
  return rates.sort((a, b) => a - b)[rounds >> 1]!;
}

function row(name: string, ours: () => unknown, reference: () => unknown): BenchRow {
  if (JSON.stringify(ours()) !== JSON.stringify(reference())) throw new Error(`${name}: the answers differ`);
  const [mine, theirs] = [perSecond(ours), perSecond(reference)];
  return { name, ours: mine, reference: theirs, ratio: mine / theirs };
}

interface Calendar {
  readonly items: readonly number[];
  readonly horizonDays: number;
  readonly appointmentsADay: number;
}

/** Five providers, rooms and devices on a grid of five minutes, each with some appointments a day; items a week apart. */
function wideRequest({ items, horizonDays, appointmentsADay }: Calendar): PlanRequest {
  const hours = Object.fromEntries(weekdays.map((day) => [day, [['09:00', '17:00']]]));
  const ids = items.map((_sessions, index) => `treatment ${index}`);
  const five = (prefix: string) => [1, 2, 3, 4, 5].map((index) => ({ id: `${prefix}${index}`, protocols: ids }));
  const start = Date.parse('2026-12-01T05:00:00Z');
  const resources = [...five('p'), ...five('r'), ...five('d')];
  const busy = resources.flatMap(({ id }, which) =>
    Array.from({ length: horizonDays * appointmentsADay }, (_appointment, index) => {
      const [day, turn] = [Math.floor(index / appointmentsADay), index % appointmentsADay];
      // No two calendars alike, and none the same two days running.
      const minutes = 540 + ((turn * 480) / appointmentsADay + ((which * 37 + day * 53) % 16) * 5);
      const from = start + (day * 1440 + minutes) * 60_000;
      return { resource: id, from: new Date(from).toISOString(), to: new Date(from + 5_400_000).toISOString() };
    }),
  );
  const protocol = { durationMinutes: 60, turnoverMinutes: 15, intervalDays: { min: 28, ideal: 30, max: 42 }, downtimeDays: 3 };
  return parsePlanRequest({
    clinic: { timeZone: 'America/New_York', gridMinutes: 5, hours },
    providers: five('p').map((provider) => ({ ...provider, hours })),
    rooms: five('r'),
    devices: five('d'),
    busy,
    protocols: Object.fromEntries(ids.map((id) => [id, protocol])),
    spacing: ids.flatMap((from) => ids.filter((to) => to !== from).map((to) => ({ from, to, minDays: 7 }))),
    course: { items: items.map((sessions, index) => ({ protocolId: ids[index]!, sessions })) },
    notBefore: '2026-12-01T05:00:00Z',
    horizonDays,
  });
}

/** The days that have a free start; the integer program is given them and finds none by itself. Clinic hours lie within one UTC date. */
function openDays(request: PlanRequest): OpenDays[] {
  const first = Date.parse(request.notBefore.slice(0, 10));
  const until = new Date(Date.parse(request.notBefore) + request.horizonDays * 86_400_000).toISOString();
  return request.course.items.map(({ protocolId }) => {
    const days = freeStarts(request, protocolId, request.notBefore, until).map(({ start }) => (Date.parse(start.slice(0, 10)) - first) / 86_400_000);
    return [...new Set(days)].map((day) => [day, 0] as const);
  });
}

/** A whole answer, busy times read anew each time, beside an integer program that is given the open days; the costs are compared. */
function againstIntegerProgram(name: string, calendar: Calendar): BenchRow[] {
  const wide = wideRequest(calendar);
  const plan = () => planCourse({ ...wide, busy: [...wide.busy] });
  const days = openDays(wide);
  const answer = plan();
  const began = performance.now();
  const least = integerOptimum(wide, days);
  const reference = performance.now() - began;
  if (answer.status !== 'scheduled' || !answer.optimal || answer.cost !== least) throw new Error(`${name}: the answers differ`);
  return [
    ...timeRows(`${name}, busy times read anew`, timesOf(60, plan), 'one run of highs', [reference]),
    ...timeRows(
      `${name}, busy times kept`,
      timesOf(60, () => planCourse(wide)),
      'the same run',
      [reference],
    ),
  ];
}

/** The planner beside the plain reading of the same rules, start by start with a calendar library, and beside an integer program. */
export function benchPlanner(): BenchRow[] {
  const month = request(providers, 1, monthDays, 15);
  const until = '2026-12-31T05:00:00Z';
  const free = () => freeStarts(month, 'peel', month.notBefore, until).map(({ start, providerId }) => `${start} ${providerId}`);
  const read = () => [...sessionsAlone(month, 0)].map(({ start, providerId }) => `${start} ${providerId}`);
  const small = request(1, 3, 10, 60);
  const planned = () => planCourse(small);
  const tried = () => {
    const all = exhaustivePlan(small, 1e9);
    return all === 'too many to try' || !all.best ? undefined : { status: 'scheduled', cost: all.best.cost, sessions: all.best.sessions, optimal: true };
  };
  return [
    row(`free starts of a month, ${providers} providers (a second)`, free, read),
    row('best of three sessions in ten days (a second)', planned, tried),
    ...againstIntegerProgram('6 sessions, 365 days, 15 resources, light', { items: [6], horizonDays: 365, appointmentsADay: 1 }),
    ...againstIntegerProgram('6 sessions, 365 days, 15 resources, heavy', { items: [6], horizonDays: 365, appointmentsADay: 4 }),
    ...againstIntegerProgram('3 + 4 + 3 sessions, 120 days, 15 resources', { items: [3, 4, 3], horizonDays: 120, appointmentsADay: 2 }),
  ];
}
