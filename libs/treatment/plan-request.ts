import { type ClinicDocument, closedDays, type Location, locationOf, type LocationResources, resourcesAt } from '#clinic';
import { type ActiveProtocol, addDays, clearDates, type LocalDate, type PatientFacts, spacing } from '#protocols';
import { type AvailabilityRequest, type PlanRequest, unitId } from '#scheduling';
import type { Session } from './decider.js';
import type { Blackout } from './events.js';
import { dayBegins, dayEnds, localDate } from './recovery.js';

/** What is known of a patient that bears on when they can be treated. */
export interface PatientPicture {
  readonly facts: PatientFacts;
  readonly availability: {
    readonly unavailable: readonly { readonly from: string; readonly to: string }[];
    readonly socialEvents: readonly { readonly on: LocalDate }[];
    readonly preferred: readonly { readonly weekday: number; readonly from: string; readonly to: string }[];
  };
  /** Waits that come from the consultation, such as the time between a patch test and the treatment. */
  readonly waits: readonly { readonly protocolId: string; readonly notBefore: LocalDate; readonly because: string }[];
  /** The instant at which the last gate was met; no session starts before it. */
  readonly gatesMetAt: string | null;
}

/** A stretch in which a resource is held by a session, turnover included. */
export interface Busy {
  readonly sessionId: string;
  readonly kind: 'provider' | 'room' | 'device' | 'patient';
  readonly resourceId: string;
  readonly from: string;
  readonly to: string;
  /** Of a provider: the location, and the local date there. */
  readonly place?: string | null;
  readonly onDay?: string | null;
}

/** Everything a course is planned among, read at one moment. */
export interface Scene {
  readonly now: Date;
  readonly clinic: ClinicDocument;
  readonly protocols: ReadonlyMap<string, ActiveProtocol>;
  readonly patient: PatientPicture;
  readonly busy: readonly Busy[];
  /** Sessions of the patient in other courses. */
  readonly others: readonly Session[];
}

/** Which sessions get a time, around which, and whether the longest interval binds. */
export interface Wanted {
  readonly toPlan: readonly Session[];
  /** Sessions of the course that stay where they are. */
  readonly kept: readonly Session[];
  readonly blackouts: readonly Blackout[];
  readonly treated: readonly { readonly protocolId: string; readonly on: LocalDate }[];
  readonly bindLongestInterval: boolean;
}

export interface PlanningTask {
  readonly request: PlanRequest;
  readonly place: LocationResources;
  /** The sessions of each item of the request by number: what an answer's `item` and `number` mean. */
  readonly lines: readonly (readonly Session[])[];
}

const longestGapDays = 3_653;
const shortestHorizonDays = 365;
const spareDays = 180;

/** Local days in which a protocol may not be treated because of facts that are no session of ours, each with its reason. */
export function blackoutsOf(scene: Scene, protocolIds: readonly string[], timeZone: string, before: readonly Blackout[]): Blackout[] {
  const { facts, availability, waits } = scene.patient;
  const today = localDate(scene.now.toISOString(), timeZone);
  return protocolIds.flatMap((protocolId) => {
    const protocol = scene.protocols.get(protocolId);
    if (protocol === undefined) return [];
    const range = (from: LocalDate | null, until: LocalDate, constraint: string, detail: string): Blackout => ({
      protocolId,
      from: from === null ? null : dayBegins(from, timeZone),
      until: dayBegins(until, timeZone),
      constraint,
      detail,
    });
    const washouts = clearDates(facts, protocol, today).map(({ date, because }) => sinceFirstTold(range(null, date, 'clear', because), before));
    const own = waits.filter((wait) => wait.protocolId === protocolId).map(({ notBefore, because }) => range(null, notBefore, 'clear', because));
    const elsewhere = facts.treatments.flatMap((treated) => {
      const same = treated.protocolId === protocolId;
      const days = same ? protocol.intervalDays.min : (spacing(treated.protocolId, protocolId)?.days ?? 0);
      const detail = `at least ${days} days from ${treated.protocolId} on ${treated.on} to ${protocolId}`;
      return days === 0 ? [] : [range(treated.on, addDays(treated.on, days), same ? 'interval' : 'spacing', detail)];
    });
    const social = availability.socialEvents.map(({ on }) =>
      range(
        addDays(on, -protocol.downtimeDays),
        addDays(on, 1),
        'social_event',
        `${protocol.downtimeDays} days of downtime would reach the social event on ${on}`,
      ),
    );
    return [...washouts, ...own, ...elsewhere, ...social];
  });
}

/** A wait that counts "from today" began on the day it was first told: asking again must not push it on. */
function sinceFirstTold(range: Blackout, before: readonly Blackout[]): Blackout {
  return (
    before.find(({ protocolId, constraint, detail }) => protocolId === range.protocolId && constraint === range.constraint && detail === range.detail) ?? range
  );
}

/**
 * A plan request (public contract, section 7) for sessions of one course at one location.
 * Null when the location lacks a provider, a room or a device for one of the protocols.
 */
export function planningTask(scene: Scene, locationId: string, wanted: Wanted): PlanningTask | null {
  const own = [...wanted.kept, ...wanted.toPlan];
  const protocolIds = [...new Set(wanted.toPlan.map(({ protocolId }) => protocolId))];
  const place = resourcesAt(scene.clinic, locationId, protocolIds);
  if (place === null || protocolIds.some((id) => !scene.protocols.has(id))) return null;
  const standing = scene.others.filter(keepsItsDay);
  const lines = linesOf([...own, ...standing.filter(({ protocolId }) => !own.some((session) => session.protocolId === protocolId))]);
  // The request knows one line a protocol: a session of the same protocol in another course closes the days around it instead.
  const request = requestFor(
    scene,
    wanted,
    place,
    lines,
    standing.filter((session) => !lines.some((line) => line.includes(session))),
  );
  return { request, place, lines };
}

/** Has a day that others must keep their distance from. */
export const keepsItsDay = ({ status, booking }: Session): boolean =>
  booking !== null && (status === 'held' || status === 'booked' || status === 'confirmed' || status === 'arrived');

/** One line a protocol, its sessions in the order in which they must follow each other. */
function linesOf(sessions: readonly Session[]): Session[][] {
  const protocolIds = [...new Set(sessions.map(({ protocolId }) => protocolId))];
  const order = (one: Session, other: Session) =>
    one.courseId === other.courseId && one.item === other.item
      ? one.number - other.number
      : (one.booking?.start ?? '').localeCompare(other.booking?.start ?? '');
  return protocolIds.map((protocolId) => sessions.filter((session) => session.protocolId === protocolId).sort(order));
}

function requestFor(scene: Scene, wanted: Wanted, place: LocationResources, lines: readonly Session[][], beside: readonly Session[]): PlanRequest {
  const { location, rooms, devices } = place;
  const providers = place.providers.map((provider) => ({ ...provider, absences: [...provider.absences, ...elsewhere(scene, wanted, provider.id, location)] }));
  const { availability, gatesMetAt } = scene.patient;
  const inLines = new Set(lines.flat().map(({ sessionId }) => sessionId));
  const units = devices.flatMap(({ id, units: count }) => Array.from({ length: count }, (_unit, index) => unitId(id, index + 1)));
  const known = new Set([...[...providers, ...rooms].map(({ id }) => id), ...units]);
  const held = scene.busy.filter(({ sessionId }) => !inLines.has(sessionId));
  const now = scene.now.toISOString();
  const horizonDays = horizonOf(scene, lines);
  const today = localDate(now, location.timeZone);
  const clinic = {
    ...{ timeZone: location.timeZone, gridMinutes: scene.clinic.gridMinutes, hours: location.hours, extraHours: location.extraHours },
    closed: closedDays(location, today, addDays(today, horizonDays)),
    closures: place.closures,
  };
  return {
    clinic,
    providers,
    rooms,
    devices,
    busy: held
      .filter(({ kind, resourceId }) => kind !== 'patient' && known.has(resourceId))
      .map(({ resourceId, from, to }) => ({ resource: resourceId, from, to })),
    patient: {
      unavailable: [
        ...availability.unavailable.map(({ from, to }) => ({ from, to })),
        ...held.filter(({ kind }) => kind === 'patient').map(({ from, to }) => ({ from, to })),
        ...beside.flatMap((session) => aroundOf(session, session.protocolId, scene)),
      ],
      socialEvents: availability.socialEvents.map(({ on }) => ({ on })),
      preferred: availability.preferred.map(({ weekday, from, to }) => ({ weekday, from, to })),
      treated: [...wanted.treated],
      clear: wanted.blackouts
        .filter(({ constraint }) => constraint === 'clear')
        .map(({ protocolId, until, detail }) => ({ protocolId, notBefore: localDate(until, location.timeZone), because: detail })),
    },
    protocols: Object.fromEntries(
      lines.flatMap(([session]) => (session === undefined ? [] : [[session.protocolId, figuresOf(scene, session, wanted.bindLongestInterval)]])),
    ),
    spacing: spacingRules([...new Set([...lines.flatMap(([session]) => session?.protocolId ?? []), ...wanted.treated.map(({ protocolId }) => protocolId)])]),
    course: { items: lines.map((line) => ({ protocolId: line[0]?.protocolId ?? '', sessions: line.length })) },
    fixed: lines.flatMap((line, item) => line.flatMap((session, index) => fixedOf(session, item, index + 1, wanted.toPlan))),
    notBefore: gatesMetAt !== null && gatesMetAt > now ? gatesMetAt : now,
    horizonDays,
  };
}

/** The days on which a provider has sessions at another location, theirs from midnight to midnight: nobody travels within a day. */
function elsewhere({ busy }: Scene, { toPlan }: Wanted, providerId: string, { id, timeZone }: Location): { from: string; to: string }[] {
  const moving = new Set(toPlan.map(({ sessionId }) => sessionId));
  const isElsewhere = ({ kind, resourceId, place, sessionId }: Busy) =>
    kind === 'provider' && resourceId === providerId && typeof place === 'string' && place !== id && !moving.has(sessionId);
  const days = new Set(busy.filter(isElsewhere).flatMap(({ onDay }) => onDay ?? []));
  return [...days].map((day) => ({ from: dayBegins(day, timeZone), to: dayEnds(day, timeZone) }));
}

function figuresOf({ clinic, protocols }: Scene, { protocolId, booking }: Session, bindLongest: boolean): PlanRequest['protocols'][string] {
  const protocol = protocols.get(protocolId);
  const minutes = booking === null ? 0 : (Date.parse(booking.end) - Date.parse(booking.start)) / 60_000;
  // A protocol out of force plans nothing new; its sessions that stand keep their figures.
  if (protocol === undefined)
    return { durationMinutes: minutes, turnoverMinutes: clinic.turnoverMinutes, intervalDays: { min: 0, ideal: 0, max: longestGapDays }, downtimeDays: 0 };
  const { min, ideal, max } = protocol.intervalDays;
  const recipe = clinic.recipes[protocolId];
  return {
    durationMinutes: recipe?.reduce((sum, segment) => sum + segment.minutes, 0) ?? protocol.durationMinutes,
    ...(recipe === undefined ? {} : { segments: recipe.map(({ minutes: long, holds }) => ({ minutes: long, holds })) }),
    turnoverMinutes: clinic.turnoverMinutes,
    intervalDays: { min, ideal, max: bindLongest ? max : longestGapDays },
    downtimeDays: protocol.downtimeDays,
  };
}

function fixedOf(session: Session, item: number, number: number, toPlan: readonly Session[]): PlanRequest['fixed'] {
  if (session.booking === null || toPlan.includes(session)) return [];
  const { start, providerId, roomId, deviceId } = session.booking;
  return [{ item, number, start, providerId, roomId, deviceId }];
}

const spacingRules = (protocolIds: readonly string[]): PlanRequest['spacing'] =>
  protocolIds.flatMap((from) =>
    protocolIds.flatMap((to) => {
      const days = from === to ? 0 : (spacing(from, to)?.days ?? 0);
      return days > 0 ? [{ from, to, minDays: days }] : [];
    }),
  );

/** The days around a session that stands on which `protocolId` may not be treated: spacing in both directions, or its interval. */
function aroundOf({ protocolId: standing, booking }: Session, protocolId: string, { protocols }: Scene): { from: string; to: string }[] {
  if (booking === null) return [];
  const min = protocols.get(protocolId)?.intervalDays.min ?? 0;
  const [before, after] = standing === protocolId ? [min, min] : [spacing(protocolId, standing)?.days ?? 0, spacing(standing, protocolId)?.days ?? 0];
  if (before + after === 0) return [];
  const on = localDate(booking.start, booking.timeZone);
  const from = before > 0 ? dayBegins(addDays(on, 1 - before), booking.timeZone) : booking.start;
  return [{ from, to: after > 0 ? dayBegins(addDays(on, after), booking.timeZone) : booking.end }];
}

/**
 * What free time of one protocol is looked for in; the patient's sessions in `others` close the days around them.
 * Null when the location cannot perform it.
 */
export function availabilityTask(scene: Scene, locationId: string, protocolId: string): AvailabilityRequest | null {
  const version = scene.protocols.get(protocolId)?.version ?? 0;
  const wanted: Session = {
    sessionId: '',
    courseId: '',
    patientId: '',
    item: 0,
    number: 1,
    protocolId,
    protocolVersion: version,
    status: 'unscheduled',
    booking: null,
    holds: [],
    override: null,
    completedAt: null,
    completedOn: null,
    deadlineTold: null,
    sequence: 0,
  };
  const { facts, availability } = scene.patient;
  const ours = scene.others.flatMap((session) => (session.completedOn === null ? [] : [{ protocolId: session.protocolId, on: session.completedOn }]));
  const around = scene.others.filter(keepsItsDay).flatMap((session) => aroundOf(session, protocolId, scene));
  const closed: Scene = {
    ...scene,
    others: [],
    patient: { ...scene.patient, availability: { ...availability, unavailable: [...availability.unavailable, ...around] } },
  };
  const timeZone = locationOf(scene.clinic, locationId)?.timeZone ?? 'UTC';
  const task = planningTask(closed, locationId, {
    toPlan: [wanted],
    kept: [],
    bindLongestInterval: false,
    blackouts: blackoutsOf(scene, [protocolId], timeZone, []),
    treated: [...facts.treatments.map(({ protocolId: id, on }) => ({ protocolId: id, on })), ...ours],
  });
  return task?.request ?? null;
}

/** Long enough for the longest line at its widest gaps, so that only real constraints stand in the way. */
function horizonOf({ protocols }: Scene, lines: readonly (readonly Session[])[]): number {
  const spans = lines.map((line) => (line.length - 1) * (protocols.get(line[0]?.protocolId ?? '')?.intervalDays.max ?? 0) + spareDays);
  return Math.min(longestGapDays, Math.max(shortestHorizonDays, ...spans));
}

/** Days after a session of this protocol before a treatment by each protocol of the clinic; its own is the least interval. */
export function spacingAfter(scene: Scene, protocol: ActiveProtocol): Record<string, number> {
  const after = [...scene.protocols.keys()].flatMap((to): [string, number][] => {
    const days = to === protocol.id ? protocol.intervalDays.min : (spacing(protocol.id, to)?.days ?? 0);
    return days > 0 ? [[to, days]] : [];
  });
  return Object.fromEntries(after);
}
