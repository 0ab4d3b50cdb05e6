import { performance } from 'node:perf_hooks';
import { freeStarts, parsePlanRequest, planCourse, type PlanRequest } from '#scheduling';
import { exhaustivePlan, sessionsAlone } from '../test/support/exhaustive-planner.js';
import type { BenchRow } from './event-store.js';

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

/** The planner beside the plain reading of the same rules, start by start with a calendar library; the answers are compared. */
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
  return [row(`free starts of a month, ${providers} providers (a second)`, free, read), row('best of three sessions in ten days (a second)', planned, tried)];
}
