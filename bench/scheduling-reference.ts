import { DateTime, Interval } from 'luxon';
import type { PlanRequest } from '#scheduling';

/*
 * Free starts as they are usually written over a calendar library, in two ways. Busy times are read beforehand, as ours
 * are. Rooms are left out: the clinics of the bench have one for everybody.
 */

/** A request as the library's own objects. */
export interface LuxonClinic {
  readonly zone: string;
  readonly gridMinutes: number;
  readonly minutes: number;
  readonly hours: PlanRequest['clinic']['hours'];
  readonly providers: readonly { readonly id: string; readonly busy: readonly Interval[] }[];
}

export function luxonClinic({ clinic, providers, busy, protocols }: PlanRequest, protocolId: string): LuxonClinic {
  const zone = clinic.timeZone;
  const instant = (text: string) => DateTime.fromISO(text, { zone });
  return {
    zone,
    gridMinutes: clinic.gridMinutes,
    minutes: protocols[protocolId]!.durationMinutes,
    hours: clinic.hours,
    providers: providers.map(({ id }) => ({
      id,
      busy: busy.filter(({ resource }) => resource === id).map(({ from, to }) => Interval.fromDateTimes(instant(from), instant(to))),
    })),
  };
}

function* openings({ zone, hours }: LuxonClinic, from: string, to: string): Generator<Interval> {
  const until = DateTime.fromISO(to, { zone });
  for (let day = DateTime.fromISO(from, { zone }).startOf('day'); day < until; day = day.plus({ days: 1 })) {
    for (const [opens, closes] of hours[String(day.weekday) as keyof typeof hours] ?? []) {
      const at = (time: string) => day.set({ hour: Number(time.slice(0, 2)), minute: Number(time.slice(3, 5)) });
      yield Interval.fromDateTimes(at(opens), at(closes));
    }
  }
}

/** Every start of the grid, tried against every appointment of the provider. Gives minutes since 1970, by provider. */
export function byLoop(clinic: LuxonClinic, from: string, to: string): number[][] {
  const { minutes, gridMinutes } = clinic;
  return clinic.providers.map(({ busy }) => {
    const found: number[] = [];
    for (const { start, end } of openings(clinic, from, to)) {
      for (let at = start!; at.plus({ minutes }) <= end!; at = at.plus({ minutes: gridMinutes })) {
        const session = Interval.after(at, { minutes });
        if (!busy.some((taken) => taken.overlaps(session))) found.push(at.toMillis() / 60_000);
      }
    }
    return found;
  });
}

/** The hours of each day less that day's appointments, and the starts of the grid in what is left. */
export function byIntervals(clinic: LuxonClinic, from: string, to: string): number[][] {
  const { minutes, gridMinutes } = clinic;
  return clinic.providers.map(({ busy }) => {
    const found: number[] = [];
    let next = 0;
    for (const open of openings(clinic, from, to)) {
      const [opens, closes] = [open.start!, open.end!];
      while (busy[next] && busy[next]!.end! <= opens) next++;
      const today: Interval[] = [];
      for (let at = next; busy[at] && busy[at]!.start! < closes; at++) today.push(busy[at]!);
      // Within what is free the steps are plain numbers, as anybody would count them who has measured once.
      const [from, step, length] = [opens.toMillis(), gridMinutes * 60_000, minutes * 60_000];
      for (const free of open.difference(...today)) {
        const first = from + Math.ceil((free.start!.toMillis() - from) / step) * step;
        for (let at = first; at + length <= free.end!.toMillis(); at += step) found.push(at / 60_000);
      }
    }
    return found;
  });
}
