import { matchesAny } from '#protocols';
import { validUntil } from './credentials.js';
import type { ClinicDocument, Location, StaffMember } from './document.js';
import { type DayHours, instantsOf, type Stretch, type WeeklyHours } from './times.js';

/** A provider as the planner sees one at a location: what they may perform there, until when, and their hours. */
export interface BookableProvider {
  readonly id: string;
  readonly protocols: string[];
  readonly hours: WeeklyHours;
  readonly extraHours: DayHours[];
  /** Instants between which they are away. */
  readonly absences: Stretch[];
  /** Last valid day by protocol: the earlier of certification and licence. */
  readonly validUntil: Record<string, string>;
}

export interface BookableResource {
  readonly id: string;
  readonly protocols: string[];
}

export interface BookableRoom extends BookableResource {
  readonly closed: Stretch[];
}

export interface BookableDevice extends BookableResource {
  readonly units: number;
  readonly downtime: (Stretch & { readonly unit?: number | undefined })[];
}

/** What a location offers for a set of protocols, in the form of a plan request: what is out of use, and when, in instants. */
export interface LocationResources {
  readonly location: Location;
  readonly closures: Stretch[];
  readonly providers: BookableProvider[];
  readonly rooms: BookableRoom[];
  readonly devices: BookableDevice[];
}

export const locationOf = (clinic: ClinicDocument, id: string): Location | undefined => clinic.locations.find((location) => location.id === id);
export const staffOf = (clinic: ClinicDocument, id: string): StaffMember | undefined => clinic.staff.find((person) => person.id === id);
export const staffInRole = (clinic: ClinicDocument, role: string): StaffMember[] => clinic.staff.filter(({ roles }) => roles.includes(role));

function providerAt(person: StaffMember, location: Location, protocolIds: readonly string[]): BookableProvider[] {
  const extraHours = person.extraShifts.filter((shift) => shift.location === location.id);
  const hours = person.hours[location.id] ?? {};
  if ((Object.keys(hours).length === 0 && extraHours.length === 0) || !person.roles.includes('provider')) return [];
  const valid = protocolIds.flatMap((protocolId) => {
    const until = validUntil(person, protocolId, location.state);
    return until === null ? [] : [[protocolId, until] as const];
  });
  if (valid.length === 0) return [];
  const absences = person.absences.map((absence) => instantsOf(absence, location.timeZone));
  return [{ id: person.id, protocols: valid.map(([id]) => id), hours, extraHours, absences, validUntil: Object.fromEntries(valid) }];
}

const offering = <R extends BookableResource & { readonly location: string }>(list: readonly R[], location: string, protocolIds: readonly string[]): R[] =>
  list
    .filter((item) => item.location === location)
    .map((item) => ({ ...item, protocols: protocolIds.filter((protocolId) => matchesAny(protocolId, item.protocols)) }))
    .filter(({ protocols }) => protocols.length > 0);

/** Needs a device somewhere in the clinic: then a location without one cannot perform it. */
const needsDevice = (clinic: ClinicDocument, protocolId: string) => clinic.devices.some(({ protocols }) => matchesAny(protocolId, protocols));

/** The people, rooms and devices of one location for these protocols; null when the location cannot perform one of them. */
export function resourcesAt(clinic: ClinicDocument, locationId: string, protocolIds: readonly string[]): LocationResources | null {
  const location = locationOf(clinic, locationId);
  if (location === undefined) return null;
  const { timeZone } = location;
  const devices = offering(clinic.devices, locationId, protocolIds).map(({ id, protocols, units, downtime }): BookableDevice => ({
    ...{ id, protocols, units },
    downtime: downtime.map(({ unit, ...down }) => ({ ...instantsOf(down, timeZone), unit })),
  }));
  const rooms = offering(clinic.rooms, locationId, protocolIds).map(({ id, protocols, closed }): BookableRoom => ({
    ...{ id, protocols },
    closed: closed.map((range) => instantsOf(range, timeZone)),
  }));
  const providers = clinic.staff.flatMap((person) => providerAt(person, location, protocolIds));
  const offered = (list: readonly BookableResource[], protocolId: string) => list.some(({ protocols }) => protocols.includes(protocolId));
  const able = protocolIds.every(
    (id) => offered(rooms, id) && providers.some(({ protocols }) => protocols.includes(id)) && (!needsDevice(clinic, id) || offered(devices, id)),
  );
  return able ? { location, closures: location.closures.map((closure) => instantsOf(closure, timeZone)), providers, rooms, devices } : null;
}
