import { DateTime } from 'luxon';
import { Temporal } from 'temporal-polyfill';
import { freeStartsByProvider, parsePlanRequest, planCourse, type PlanRequest } from '#scheduling';
import { CivilTime, dayNumber } from '../libs/scheduling/civil.js';
import { benchBooking } from './booking.js';
import type { BenchRow } from './event-store.js';
import { byIntervals, byLoop, luxonClinic } from './scheduling-reference.js';
import { timeRows, timesOf } from './timing.js';

const [dayMinutes, appointments] = [1_440, 200];
const [from, to] = ['2026-12-01T05:00:00Z', '2026-12-31T05:00:00Z'];
const every = ['1', '2', '3', '4', '5', '6', '7'];

/** A month of a clinic whose providers have 200 appointments each, no two calendars alike. */
function month(providers: number): PlanRequest {
  const hours = Object.fromEntries(every.map((day) => [day, [['08:00', '18:00']]]));
  const ids = Array.from({ length: providers }, (_provider, index) => `p${String(index).padStart(2, '0')}`);
  const busy = ids.flatMap((resource, who) =>
    Array.from({ length: appointments }, (_appointment, index) => {
      const [day, turn] = [Math.floor(index / 7), index % 7];
      const begins = Date.parse(from) / 60_000 + day * dayMinutes + 480 + turn * 85 + ((who * 37 + day * 13 + turn * 7) % 11) * 5;
      return { resource, from: new Date(begins * 60_000).toISOString(), to: new Date((begins + 30) * 60_000).toISOString() };
    }),
  );
  return parsePlanRequest({
    clinic: { timeZone: 'America/New_York', gridMinutes: 15, hours },
    providers: ids.map((id) => ({ id, protocols: ['peel'], hours })),
    rooms: [{ id: 'r', protocols: ['peel'] }],
    busy,
    protocols: { peel: { durationMinutes: 30, turnoverMinutes: 0, intervalDays: { min: 28, ideal: 30, max: 42 }, downtimeDays: 3 } },
    course: { items: [{ protocolId: 'peel', sessions: 1 }] },
    notBefore: from,
    horizonDays: 30,
  });
}

/** The same starts by ours, warm and with the busy times read anew, and by the library's loop and its intervals. */
function freeTime(providers: number): BenchRow[] {
  const request = month(providers);
  const clinic = luxonClinic(request, 'peel');
  const warm = () => freeStartsByProvider(request, 'peel', from, to);
  const cold = () => freeStartsByProvider({ ...request, busy: [...request.busy] }, 'peel', from, to);
  const [loop, intervals] = [() => byLoop(clinic, from, to), () => byIntervals(clinic, from, to)];
  const answer = JSON.stringify(warm().map(({ starts }) => starts));
  if ([loop(), intervals()].some((other) => JSON.stringify(other) !== answer)) throw new Error('the free starts differ');
  const [own, slow, fair] = [timesOf(400, warm), timesOf(5, loop, 1), timesOf(15, intervals, 3)];
  const name = `free starts of a month, ${providers} provider${providers === 1 ? '' : 's'} of ${appointments} appointments`;
  return [
    ...timeRows(`${name}, warm`, own, 'a loop over the grid on luxon', slow),
    ...timeRows(`${name}, warm`, own, 'intervals on luxon', fair),
    ...timeRows(`${name}, busy times read anew`, timesOf(100, cold), 'intervals on luxon, which has read them', fair),
  ];
}

/** Ten thousand wall-clock times of three years of New York to instants. */
function conversion(): BenchRow[] {
  const timeZone = 'America/New_York';
  const first = dayNumber('2026-01-01');
  const civil = CivilTime.of(timeZone, first, first + 1_095);
  // Not in the hours that the clock skips or repeats, on which the libraries differ by design.
  const times = Array.from({ length: 10_000 }, (_time, index) => ({ day: first + ((index * 7) % 1_095), minute: 240 + ((index * 53) % 1_200) }));
  const dates = times.map(({ day, minute }) => {
    const date = new Date(day * 86_400_000);
    return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), hour: Math.floor(minute / 60), minute: minute % 60 };
  });
  const ours = () => times.map(({ day, minute }) => civil.instant(day, minute));
  const luxon = () => dates.map((date) => DateTime.fromObject(date, { zone: timeZone }).toMillis() / 60_000);
  const temporal = () => dates.map((date) => Temporal.ZonedDateTime.from({ ...date, timeZone }).epochMilliseconds / 60_000);
  const answer = JSON.stringify(ours());
  if ([luxon(), temporal()].some((other) => JSON.stringify(other) !== answer)) throw new Error('the instants differ');
  const own = timesOf(100, ours);
  return [
    ...timeRows('10,000 local times to instants', own, 'luxon', timesOf(10, luxon)),
    ...timeRows('10,000 local times to instants', own, 'temporal-polyfill', timesOf(10, temporal)),
  ];
}

/** A refusal with its smallest conflict and the prices of the ways out, beside the bare refusal. */
function refusal(): BenchRow[] {
  const wide = month(5);
  const ids = ['a', 'b', 'c', 'd'];
  const figures = { durationMinutes: 60, turnoverMinutes: 15, intervalDays: { min: 28, ideal: 30, max: 42 }, downtimeDays: 3 };
  const request = parsePlanRequest({
    ...wide,
    providers: wide.providers.map((provider) => ({ ...provider, protocols: ids })),
    rooms: ['r', 's', 't'].map((id) => ({ id, protocols: ids })),
    protocols: Object.fromEntries(ids.map((id) => [id, figures])),
    spacing: ids.flatMap((one) => ids.filter((other) => other !== one).map((other) => ({ from: one, to: other, minDays: 7 }))),
    course: { items: ids.map((protocolId) => ({ protocolId, sessions: 4 })) },
    patient: { unavailable: [{ from: '2027-03-01T00:00:00Z', to: '2027-08-01T00:00:00Z' }] },
    horizonDays: 280,
  });
  const anew = () => ({ ...request, busy: [...request.busy] });
  if (planCourse(request).status !== 'infeasible') throw new Error('the course can be planned');
  const [whole, bare] = [timesOf(15, () => planCourse(anew())), timesOf(15, () => planCourse(anew(), { explain: false }))];
  return timeRows('four items around five months away, refused with reasons and ways out', whole, 'the refusal alone', bare);
}

/** Scheduling beside calendar libraries; then the booking of what was planned on a server at `url`. */
export async function benchScheduling(url: string): Promise<BenchRow[]> {
  return [...freeTime(1), ...freeTime(20), ...conversion(), ...refusal(), ...(await benchBooking(url))];
}
