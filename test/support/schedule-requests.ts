import type { PlanRequestInput } from '#scheduling';
import fc from 'fast-check';

/** Zones and days on which civil time is awkward, so that small calendars meet every kind of clock change. */
const AWKWARD_DAYS = [
  ['UTC', '2026-12-01T00:00:00Z'],
  ['America/New_York', '2027-03-12T05:00:00Z'],
  ['America/New_York', '2027-11-05T09:30:00Z'],
  ['Asia/Kathmandu', '2027-02-27T12:10:00Z'],
  ['Australia/Lord_Howe', '2027-04-01T20:00:00Z'],
  ['Australia/Lord_Howe', '2027-09-30T20:00:00Z'],
  ['America/Havana', '2027-03-12T12:00:00Z'],
  ['Africa/Cairo', '2027-04-28T12:00:00Z'],
] as const;
const PROTOCOLS = ['laser', 'peel', 'needling'] as const;
const DAY_MS = 86_400_000;

type Size = { readonly items: number; readonly sessions: number; readonly horizon: number };

const roles = ['provider', 'room', 'device'] as const;
/** Thirds of a session, each with what it holds; mostly none, which is one segment that holds all. */
const thirds = fc.oneof(
  { weight: 2, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.array(fc.subarray([...roles]), { minLength: 3, maxLength: 3 }) },
);

function segmentsOf(minutes: number, parts: (typeof roles)[number][][] | undefined) {
  if (!parts) return undefined;
  const missing = roles.filter((role) => !parts.some((holds) => holds.includes(role)));
  return parts.map((holds, index) => ({ minutes: minutes / 3, holds: index === 1 ? [...holds, ...missing] : holds }));
}

const protocol = fc
  .record({
    minutes: fc.constantFrom(30, 60, 90),
    turnover: fc.constantFrom(0, 0, 30, 90, 600),
    min: fc.integer({ min: 0, max: 3 }),
    more: fc.integer({ min: 0, max: 3 }),
    ideal: fc.nat(3),
    down: fc.nat(2),
    parts: thirds,
  })
  .map(({ minutes, turnover, min, more, ideal, down, parts }) => ({
    durationMinutes: minutes,
    turnoverMinutes: turnover,
    intervalDays: { min, ideal: min + Math.min(ideal, more), max: min + more },
    downtimeDays: down,
    segments: segmentsOf(minutes, parts),
  }));

const openings = fc.constantFrom<[string, string][]>(
  [['00:00', '03:00']],
  [['08:00', '13:00']],
  [['09:00', '12:00']],
  [['22:00', '24:00']],
  [
    ['00:00', '02:00'],
    ['02:00', '04:00'],
  ],
  [
    ['08:00', '09:30'],
    ['10:00', '11:30'],
  ],
  [],
);
type Hours = NonNullable<PlanRequestInput['clinic']['hours']>;
const weeklyHours = fc
  .array(openings, { minLength: 7, maxLength: 7 })
  .map((days): Hours => Object.fromEntries(days.map((ranges, index) => [String(index + 1), ranges])));
const allDay: [string, string][] = [['00:00', '24:00']];
const alwaysOpen = fc.constant<Hours>({ 1: allDay, 2: allDay, 3: allDay, 4: allDay, 5: allDay, 6: allDay, 7: allDay });
const capable = fc.subarray([...PROTOCOLS], { minLength: 1 });
const often = fc.oneof({ weight: 8, arbitrary: fc.constant<string[]>([...PROTOCOLS]) }, { weight: 1, arbitrary: capable });

/** Small, hostile plan requests: few starts, much that forbids them. */
export function planRequests({ items, sessions, horizon }: Size): fc.Arbitrary<PlanRequestInput> {
  return fc.constantFrom(...AWKWARD_DAYS).chain(([timeZone, notBefore]) => {
    const start = Date.parse(notBefore);
    const date = fc.integer({ min: -2, max: horizon + 1 }).map((day) => new Date(start + day * DAY_MS).toISOString().slice(0, 10));
    const range = fc
      .tuple(fc.integer({ min: 0, max: horizon * 24 }), fc.constantFrom(0.5, 1, 5, 24))
      .map(([hour, hours]) => ({ from: new Date(start + hour * 3_600_000).toISOString(), to: new Date(start + (hour + hours) * 3_600_000).toISOString() }));
    const rarely = <T>(ranges: fc.Arbitrary<T>) =>
      fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.array(ranges, { minLength: 1, maxLength: 2 }) });
    const extra = rarely(fc.record({ on: date, hours: openings }));
    const protocolId = fc.constantFrom(...PROTOCOLS, 'filler');
    // Many items of many sessions each find no room on a tiny calendar, so most items of a wide course have one.
    const several = fc.integer({ min: 1, max: sessions });
    const count = items < 3 ? several : fc.oneof({ weight: 4, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: several });
    const request: fc.Arbitrary<PlanRequestInput> = fc.record({
      clinic: fc.record({
        timeZone: fc.constant(timeZone),
        gridMinutes: fc.constantFrom(30, 45, 60, 60, 90),
        hours: fc.oneof(weeklyHours, alwaysOpen),
        closed: fc.array(date, { maxLength: 1 }),
        extraHours: extra,
        closures: rarely(range),
      }),
      providers: fc
        .array(
          fc.record({
            protocols: often,
            hours: fc.oneof(weeklyHours, alwaysOpen),
            validUntil: fc.dictionary(fc.constantFrom(...PROTOCOLS), date, { maxKeys: 1 }),
            extraHours: extra,
            absences: rarely(range),
          }),
          { minLength: 1, maxLength: 2 },
        )
        .map((all) => named('p', all)),
      rooms: fc.array(fc.record({ protocols: often, closed: rarely(range) }), { minLength: 1, maxLength: 2 }).map((all) => named('r', all)),
      devices: fc
        .array(fc.record({ protocols: capable, units: fc.constantFrom(undefined, undefined, 2), downtime: rarely(range) }), { maxLength: 2 })
        .map((all) => named('d', all)),
      busy: fc.array(fc.tuple(fc.constantFrom('p1', 'r1'), range), { maxLength: 4 }).map((all) => all.map(([resource, span]) => ({ resource, ...span }))),
      patient: fc.record({
        unavailable: fc.array(range, { maxLength: 2 }),
        socialEvents: fc.array(fc.record({ on: date }), { maxLength: 1 }),
        preferred: fc.array(
          fc.record({ weekday: fc.integer({ min: 1, max: 7 }), from: fc.constantFrom('00:00', '09:00'), to: fc.constantFrom('10:30', '24:00') }),
          { maxLength: 3 },
        ),
        treated: fc.array(fc.record({ protocolId, on: date }), { maxLength: 1 }),
        clear: fc.array(fc.record({ protocolId, notBefore: date, because: fc.constant('washout') }), { maxLength: 1 }),
      }),
      protocols: fc.record({ laser: protocol, peel: protocol, needling: protocol }),
      spacing: fc.array(fc.record({ from: protocolId, to: protocolId, minDays: fc.integer({ min: 0, max: 3 }) }), { maxLength: 3 }),
      course: fc
        .tuple(fc.shuffledSubarray([...PROTOCOLS], { minLength: items, maxLength: items }), fc.array(count, { minLength: items, maxLength: items }))
        .map(([ids, counts]) => ({
          items: ids.map((id, index) => ({ protocolId: id, sessions: counts[index]! })),
        })),
      notBefore: fc.constant(notBefore),
      horizonDays: fc.integer({ min: horizon >> 1, max: horizon }),
    });
    return request;
  });
}

/** Ids in an order that is not that of the list, so that the list's order cannot decide a tie. */
function named<T extends object>(prefix: string, all: readonly T[]): (T & { id: string })[] {
  return all.map((entry, index) => ({ ...entry, id: `${prefix}${all.length - index}` }));
}
