import type { Constraint } from './answer.js';
import { CivilTime, clockMinutes, dayNumber, minuteCeil, minuteFloor, weekdayOf } from './civil.js';
import { type Holds, holdsOf, type Part } from './holds.js';
import { Hours, type HoursText } from './hours.js';
import { openingsOf } from './openings.js';
import type { PlanRequest } from './request.js';
import { type FixedPlace, type Shadow, shadowsOf, spacingDays } from './shadows.js';
import { EMPTY, joined, type Spans, union } from './spans.js';
import { minuteRange, NOTHING_TAKEN, takenTimes } from './taken.js';
import { takenByUnit, type Unit, unitsOf } from './units.js';

const LONGEST_EXTENSION_DAYS = 1461;
const SPARE_DAYS = 35;

/** A room or a unit of a device, with the minutes in which it is taken, by a session or because it is out of use. */
export interface Resource {
  readonly id: string;
  readonly busy: Spans;
  /** When it is out of use. */
  readonly out: Spans;
}

export interface Provider {
  readonly id: string;
  readonly busy: Spans;
  /** Undefined: all day. */
  readonly hours: Hours | undefined;
  /** The last day (day number) on which the provider may perform the item's protocol. */
  readonly validUntil: number;
}

/** One item of the course. Days are counted from the local date of `notBefore` = 0. */
export interface Item {
  readonly index: number;
  readonly protocolId: string;
  readonly sessions: number;
  readonly duration: number;
  readonly turnover: number;
  /** When the session holds each role, turnover included. */
  readonly holds: Holds;
  readonly minGap: number;
  readonly idealGap: number;
  readonly maxGap: number;
  /** Days of downtime after the day of a session. */
  readonly downtime: number;
  /** Sorted by id; undefined: none is needed. */
  readonly providers: readonly Provider[] | undefined;
  readonly rooms: readonly Resource[] | undefined;
  readonly devices: readonly Resource[] | undefined;
  /** Minutes in which no session of the item may start, with what forbids them. */
  readonly shadows: readonly Shadow[];
  /** The shadows and the fixed sessions' own time, joined. */
  readonly forbiddenStarts: Spans;
  /** The item's earliest permitted day, from which the cost counts. */
  readonly earliest: number;
  /** The sessions that stay, by number. */
  readonly fixed: ReadonlyMap<number, FixedPlace>;
}

/** The day before which all that is planned must have healed, and the items that are to end near it. */
export interface BestDay {
  readonly day: number;
  readonly items: ReadonlySet<number>;
}

/** A plan request in integers: minutes since 1970, and days counted from the local date of `notBefore`. */
export interface Problem {
  readonly items: readonly Item[];
  /** Least days from a session of item [i] to a later one of item [j]; 0 when no rule says. */
  readonly spacing: readonly (readonly number[])[];
  readonly civil: CivilTime;
  /** Day number of day 0. */
  readonly firstDay: number;
  readonly horizon: number;
  readonly notBefore: number;
  readonly grid: number;
  /** Undefined: all day. */
  readonly clinicHours: Hours | undefined;
  readonly unavailable: Spans;
  readonly preferred: readonly { readonly weekday: number; readonly from: number; readonly to: number }[];
  /** Undefined: the course begins as soon as it can. */
  readonly best: BestDay | undefined;
  /** What is known already of the clinic's free time. */
  readonly openings: ReturnType<typeof openingsOf>;
}

/**
 * Settles civil time once and turns the request into integers. Constraints in `dropped` are left out, which is how an
 * infeasible request is asked what stands in its way.
 */
export function problemOf(request: PlanRequest, dropped: ReadonlySet<Constraint> = new Set()): Problem {
  const { civil, firstDay, horizon } = calendarOf(request, dropped);
  const places = request.fixed.map((session) => fixedPlace(request, session, civil, firstDay));
  const busy = busyById(request, places, dropped);
  const free = dropped.has('hours');
  const hoursFrom = (text: HoursText): Hours => new Hours(text, firstDay);
  const hours = new Map(free ? [] : request.providers.map((provider) => [provider.id, hoursFrom({ ...provider, away: provider.absences })]));
  const units = unitsOf(request);
  const items = request.course.items.map((_item, index) => itemOf({ request, dropped, civil, firstDay, places, busy, hours, units }, index));
  return {
    items,
    spacing: items.map((from) => items.map((to) => (dropped.has('spacing') ? 0 : spacingDays(request, from.protocolId, to.protocolId)))),
    civil,
    firstDay,
    horizon,
    notBefore: minuteCeil(request.notBefore),
    grid: request.clinic.gridMinutes,
    clinicHours: free ? undefined : hoursFrom({ ...request.clinic, away: request.clinic.closures }),
    unavailable: dropped.has('unavailable') ? EMPTY : joined(request.patient.unavailable.map(minuteRange)),
    preferred: request.patient.preferred.map(({ weekday, from, to }) => ({ weekday, from: clockMinutes(from), to: clockMinutes(to) })),
    best: dropped.has('social_event') ? undefined : bestDay(request, firstDay),
    openings: openingsOf(request, dropped),
  };
}

/** First minute of a day of the horizon; day `horizon` is its end. */
export function startOfDay({ civil, firstDay }: Problem, day: number): number {
  return civil.firstInstant(firstDay + day);
}

/** The ISO weekday of a day of the horizon. */
export function weekday({ firstDay }: Problem, day: number): number {
  return weekdayOf(firstDay + day);
}

function bestDay({ bestOn, bestItems, course }: PlanRequest, firstDay: number): BestDay | undefined {
  return bestOn === undefined ? undefined : { day: dayNumber(bestOn) - firstDay, items: new Set(bestItems ?? course.items.keys()) };
}

function calendarOf(request: PlanRequest, dropped: ReadonlySet<Constraint>) {
  const from = minuteFloor(request.notBefore);
  const earliest = Math.min(from, ...request.fixed.map(({ start }) => minuteFloor(start)));
  const horizon = dropped.has('horizon') ? ampleHorizon(request) : request.horizonDays;
  const span = { from: Math.floor(earliest / 1440) - 1, to: Math.floor(from / 1440) + horizon + 1 };
  const civil = CivilTime.of(request.clinic.timeZone, span.from, span.to);
  return { civil, firstDay: civil.dayAt(from), horizon };
}

/** A horizon long enough that only the other constraints can stand in the way. */
export function ampleHorizon(request: PlanRequest): number {
  const start = Math.floor(minuteFloor(request.notBefore) / 1440);
  const dates = [...request.patient.clear.map(({ notBefore }) => notBefore), ...request.patient.treated.map(({ on }) => on)];
  const away = joined(request.patient.unavailable.map(minuteRange));
  const ends = [away, outOfUse(request), ...takenTimes(request.busy).values()].map((spans) => (spans[spans.length - 1] ?? 0) / 1440);
  const latest = Math.ceil(Math.max(start, ...dates.map(dayNumber), ...ends));
  const longestRule = Math.max(0, ...request.spacing.map(({ minDays }) => minDays));
  const course = request.course.items.map(({ protocolId, sessions }) => sessions * ((request.protocols[protocolId]?.intervalDays.max ?? 0) + longestRule));
  const needed = latest - start + SPARE_DAYS + course.reduce((sum, days) => sum + days, 0);
  return Math.max(request.horizonDays, Math.min(needed, request.horizonDays + LONGEST_EXTENSION_DAYS));
}

/** When anything of the clinic is out of use. */
function outOfUse({ clinic, providers, rooms, devices }: PlanRequest): Spans {
  const lists = [
    clinic.closures,
    ...providers.map(({ absences }) => absences),
    ...rooms.map(({ closed }) => closed),
    ...devices.map(({ downtime }) => downtime),
  ];
  return joined(lists.flatMap((ranges = []) => ranges.map(minuteRange)));
}

function fixedPlace(request: PlanRequest, session: PlanRequest['fixed'][number], civil: CivilTime, firstDay: number): FixedPlace {
  const protocol = request.protocols[request.course.items[session.item]?.protocolId ?? ''];
  const start = minuteFloor(session.start);
  const end = start + (protocol?.durationMinutes ?? 0);
  const { item, number, providerId, roomId, deviceId } = session;
  return { item, number, start, end, day: civil.dayAt(start) - firstDay, providerId, roomId, deviceId };
}

/** What takes each resource: what the request says, and the sessions that stay. */
function busyById(request: PlanRequest, places: readonly FixedPlace[], dropped: ReadonlySet<Constraint>): ReadonlyMap<string, Spans> {
  const told = dropped.has('busy') ? NOTHING_TAKEN : takenByUnit(request);
  if (places.length === 0) return told;
  const all = new Map(told);
  const take = (id: string | null | undefined, start: number, parts: readonly Part[]): void => {
    if (id) all.set(id, union(all.get(id) ?? EMPTY, joined(parts.map(([from, to]) => [start + from, start + to] as const))));
  };
  for (const { item, start, providerId, roomId, deviceId } of places) {
    const protocol = request.protocols[request.course.items[item]?.protocolId ?? ''];
    if (!protocol) continue;
    const holds = holdsOf(protocol);
    take(providerId, start, holds.provider);
    take(roomId, start, holds.room);
    take(deviceId, start, holds.device);
  }
  return all;
}

interface Setting {
  readonly request: PlanRequest;
  readonly dropped: ReadonlySet<Constraint>;
  readonly civil: CivilTime;
  readonly firstDay: number;
  readonly places: readonly FixedPlace[];
  readonly busy: ReadonlyMap<string, Spans>;
  /** By provider; none when hours do not bind. */
  readonly hours: ReadonlyMap<string, Hours>;
  readonly units: readonly Unit[];
}

function itemOf(setting: Setting, index: number): Item {
  const { request, dropped, places } = setting;
  const { protocolId, sessions } = request.course.items[index]!;
  const { durationMinutes: duration, turnoverMinutes: turnover, intervalDays, downtimeDays } = request.protocols[protocolId]!;
  const shadows = shadowsOf(setting, index);
  // The patient cannot be in a fixed session and in another at once.
  const occupied = places.map(({ start, end }) => [start - duration + 1, end] as const);
  const forbidden = shadows.map(({ from, to }) => [from, to] as const);
  return {
    index,
    protocolId,
    sessions,
    duration,
    turnover,
    holds: holdsOf(request.protocols[protocolId]!),
    minGap: dropped.has('interval') ? 0 : intervalDays.min,
    idealGap: intervalDays.ideal,
    maxGap: dropped.has('interval') ? Number.POSITIVE_INFINITY : intervalDays.max,
    downtime: downtimeDays,
    ...resourcesOf(setting, protocolId),
    shadows,
    forbiddenStarts: joined([...forbidden, ...occupied]),
    earliest: Math.max(0, ...shadows.map(({ earliest }) => earliest ?? 0)),
    fixed: new Map(places.filter(({ item }) => item === index).map((place) => [place.number, place])),
  };
}

function resourcesOf({ request, dropped, firstDay, busy, hours, units }: Setting, protocolId: string): Pick<Item, 'providers' | 'rooms' | 'devices'> {
  const able = <R extends { readonly id: string; readonly protocols: readonly string[] }>(resources: readonly R[]): R[] =>
    resources.filter(({ protocols }) => protocols.includes(protocolId)).sort((a, b) => (a.id < b.id ? -1 : 1));
  const resource = (id: string, out: Spans): Resource => ({ id, busy: union(busy.get(id) ?? EMPTY, out), out });
  const providers = able(request.providers).map(({ id, validUntil }) => ({
    id,
    busy: busy.get(id) ?? EMPTY,
    hours: hours.get(id),
    validUntil: Object.hasOwn(validUntil, protocolId) && !dropped.has('licence') ? dayNumber(validUntil[protocolId]!) - firstDay : Number.POSITIVE_INFINITY,
  }));
  const devices = able(units).map(({ id, down }) => resource(id, down));
  const rooms = able(request.rooms).map(({ id, closed }) => resource(id, joined((closed ?? []).map(minuteRange))));
  return {
    providers: dropped.has('provider') ? undefined : providers,
    rooms: dropped.has('room') ? undefined : rooms,
    devices: dropped.has('device') || devices.length === 0 ? undefined : devices,
  };
}
