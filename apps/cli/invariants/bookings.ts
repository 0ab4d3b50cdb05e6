/*
 * Invariants 1 to 4, over the sessions as they were seen while the story went on and as they are at its end.
 */
import { Temporal } from 'temporal-polyfill';
import { locationOf, staffOf, validUntil } from '#clinic';
import { spacing } from '#protocols';
import type { SessionRow } from '../clinic-client.js';
import { type Check, millis, type Person, type Sighting, standing, type Violation, type World } from './world.js';

/** The end of the story is a sighting too. */
const sightingsOf = ({ sightings, now, sessions }: World): Sighting[] => [...sightings, { at: now.toISOString(), sessions, openGates: new Map() }];

interface Hold {
  readonly who: string;
  readonly from: number;
  readonly to: number;
  readonly session: SessionRow;
}

function holdsOf(session: SessionRow): Hold[] {
  const [from, to] = [millis(session.start), millis(session.end)];
  const turned = to + session.turnoverMinutes * 60_000;
  return [
    { who: session.providerId, from, to, session },
    { who: session.roomId, from, to: turned, session },
    { who: `patient ${session.patientId}`, from, to, session },
    ...(session.deviceId === null ? [] : [{ who: session.deviceId, from, to: turned, session }]),
  ];
}

/** Each hold against the one among those before it that lasts longest: the neighbour alone would hide a long one. */
function clashesIn(sessions: readonly SessionRow[], at: string): { readonly checks: number; readonly violations: Violation[] } {
  const holds = sessions
    .filter(({ status }) => standing.includes(status))
    .flatMap(holdsOf)
    .sort((a, b) => a.from - b.from);
  const longest = new Map<string, Hold>();
  const violations = holds.flatMap((hold): Violation[] => {
    const before = longest.get(hold.who);
    if (before === undefined || hold.to > before.to) longest.set(hold.who, hold);
    if (before === undefined || before.to <= hold.from) return [];
    return [{ says: `${hold.who} is in two sessions at ${hold.session.start}`, patientId: hold.session.patientId, at }];
  });
  return { checks: holds.length, violations };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

/** Invariant 1. */
export function nobodyTwice(world: World): Check {
  const looks = sightingsOf(world).map(({ sessions, at }) => clashesIn(sessions, at));
  return {
    invariant: 1,
    what: 'nobody and nothing is in two sessions at once',
    checks: sum(looks.map(({ checks }) => checks)),
    violations: looks.flatMap(({ violations }) => violations),
  };
}

/** Statuses of a session that is still to come. */
export const upcoming: readonly string[] = ['booked', 'confirmed'];

/** Invariant 2: gates as the product tells them, and a pregnancy as the patient told it. */
export function gatesHold(world: World): Check {
  const seen = sightingsOf(world).flatMap((sighting) =>
    sighting.sessions.filter(({ status }) => upcoming.includes(status)).map((session) => ({ session, sighting })),
  );
  const pregnant = new Map(world.people.flatMap(({ patientId, pregnantSince }) => (pregnantSince === null ? [] : [[patientId, pregnantSince] as const])));
  const violations = seen.flatMap(({ session, sighting: { at, openGates } }): Violation[] => {
    const open = openGates.get(session.courseId) ?? [];
    const since = pregnant.get(session.patientId);
    return [
      ...(open.length === 0 ? [] : [`session ${session.number} stands while its gates are not met: ${open.join(', ')}`]),
      ...(since === undefined || at < since ? [] : [`session ${session.number} stands, and the patient has been pregnant since ${since}`]),
    ].map((says) => ({ says, patientId: session.patientId, at }));
  });
  const flagged = new Set(world.tasks.flatMap(({ patientId }) => patientId ?? []));
  const unseen = world.sessions.filter(({ status, patientId }) => status === 'on_hold' && !flagged.has(patientId));
  return {
    invariant: 2,
    what: 'no session stands before its gates are met or after one has closed',
    checks: seen.length,
    violations: [...violations, ...unseen.map(({ patientId, number }) => ({ says: `session ${number} is on hold and nobody was told`, patientId }))],
  };
}

interface Treatment {
  readonly protocolId: string;
  readonly on: Temporal.PlainDate;
  readonly session?: SessionRow;
  /** Since when the clinic could know of it. */
  readonly knownAt: string;
}

const days = (from: Temporal.PlainDate, to: Temporal.PlainDate) => from.until(to, { largestUnit: 'days' }).days;

interface Rule {
  readonly intervals: World['intervals'];
  readonly judged: readonly string[];
}

function gapsOf(treatments: readonly Treatment[], { intervals, judged }: Rule, at: string): { readonly checks: number; readonly violations: Violation[] } {
  const pairs = treatments.flatMap((later) =>
    later.session === undefined || later.session.override !== null || !judged.includes(later.session.status)
      ? []
      : treatments.filter((earlier) => earlier !== later && days(earlier.on, later.on) >= 0).map((earlier) => ({ earlier, later })),
  );
  const violations = pairs.flatMap(({ earlier, later }): Violation[] => {
    const session = later.session;
    // Nobody could keep a distance to what was told only after the treatment.
    if (session === undefined || earlier.knownAt > session.start) return [];
    const needed =
      earlier.protocolId === later.protocolId ? (intervals.get(later.protocolId) ?? 0) : (spacing(earlier.protocolId, later.protocolId)?.days ?? 0);
    const gap = days(earlier.on, later.on);
    if (gap >= needed || (gap === 0 && earlier.session !== undefined && earlier.session.start > session.start)) return [];
    const says = `${later.protocolId} of ${later.on.toString()} comes ${gap} days after ${earlier.protocolId}, ${needed} are needed`;
    return [{ says, patientId: session.patientId, at }];
  });
  return { checks: pairs.length, violations };
}

/**
 * Invariant 3, of sessions in one of the statuses `judged` against everything before them. A session that somebody put there by
 * name and with a reason is theirs to answer for.
 */
export function gapsAreKept(world: World, judged: readonly string[] = standing): Check {
  const elsewhere = new Map(world.people.map((person) => [person.patientId, treatedElsewhereOf(person)]));
  const looks = sightingsOf(world).flatMap(({ at, sessions }) => {
    const own = new Map<string, Treatment[]>();
    for (const session of sessions) {
      if (!standing.includes(session.status)) continue;
      const on = Temporal.Instant.from(session.start).toZonedDateTimeISO(zoneOf(world)).toPlainDate();
      own.set(session.patientId, [...(own.get(session.patientId) ?? []), { protocolId: session.protocolId, on, session, knownAt: '' }]);
    }
    return [...own].map(([patientId, treatments]) =>
      gapsOf([...treatments, ...(elsewhere.get(patientId) ?? []).filter(({ knownAt }) => knownAt <= at)], { intervals: world.intervals, judged }, at),
    );
  });
  return {
    invariant: 3,
    what: 'between two treatments of a patient every interval and spacing rule is kept',
    checks: sum(looks.map(({ checks }) => checks)),
    violations: looks.flatMap(({ violations }) => violations),
  };
}

const treatedElsewhereOf = ({ treatedElsewhere }: Person): Treatment[] =>
  treatedElsewhere.map(({ protocolId, on, toldAt }) => ({ protocolId, on: Temporal.PlainDate.from(on), knownAt: toldAt }));

const zoneOf = ({ clinic }: World): string => clinic.locations[0]?.timeZone ?? 'UTC';

/** Invariant 4, of sessions in one of the statuses `judged`. */
export function providersMay(world: World, judged: readonly string[] = standing): Check {
  const seen = new Map(
    sightingsOf(world)
      .flatMap(({ sessions }) => sessions.filter(({ status }) => judged.includes(status)))
      .map((session) => [`${session.id}/${session.start}/${session.providerId}`, session]),
  );
  const violations = [...seen.values()].flatMap((session): Violation[] => {
    const [person, location] = [staffOf(world.clinic, session.providerId), locationOf(world.clinic, session.locationId)];
    const until = person === undefined || location === undefined ? null : validUntil(person, session.protocolId, location.state);
    const on = Temporal.Instant.from(session.start).toZonedDateTimeISO(zoneOf(world)).toPlainDate().toString();
    if (until !== null && on <= until) return [];
    return [{ says: `${session.providerId} may not perform ${session.protocolId} on ${on}`, patientId: session.patientId, at: session.start }];
  });
  return { invariant: 4, what: 'only who is certified and licensed on that day is booked', checks: seen.size, violations };
}
