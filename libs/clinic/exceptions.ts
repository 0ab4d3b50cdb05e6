import { z } from 'zod';
import type { ClinicDocument } from './document.js';
import { dayHours, instantsOf, localDate, ranges, stretch, unitStretch } from './times.js';

const id = z.string().min(1).max(64);

/** What staff may record, by kind; days are those of the place that is concerned. */
const asks = {
  absence: stretch.safeExtend({ staffId: id }),
  extra_shift: dayHours.extend({ staffId: id, locationId: id }),
  downtime: unitStretch.safeExtend({ deviceId: id }),
  closure: stretch
    .safeExtend({ locationId: id.optional(), roomId: id.optional() })
    .refine(({ locationId, roomId }) => (locationId === undefined) !== (roomId === undefined), { path: ['locationId'], message: 'name a location or a room' }),
  extra_hours: dayHours.extend({ locationId: id }),
} as const;

export type ExceptionKind = keyof typeof asks;
export const exceptionKinds = Object.keys(asks) as ExceptionKind[];
/** The schema of what is recorded of a kind. */
export const exceptionAsk = (kind: ExceptionKind) => asks[kind];

/** An exception as its event holds it: the stretch in instants, whatever it was asked in. */
export const exceptionSchema = z.object({
  exceptionId: z.string(),
  kind: z.enum(exceptionKinds),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  staffId: id.optional(),
  locationId: id.optional(),
  roomId: id.optional(),
  deviceId: id.optional(),
  unit: z.int().min(1).optional(),
  on: localDate.optional(),
  hours: ranges.optional(),
  reason: z.string().optional(),
});
export type Exception = z.output<typeof exceptionSchema>;

const everything = z.object({
  ...exceptionSchema.omit({ exceptionId: true, kind: true, from: true, to: true }).shape,
  from: z.string().optional(),
  to: z.string().optional(),
});

/**
 * What was asked as an exception, with its stretch in instants. A person who works in several time zones is away from the
 * first beginning to the last end of the days named.
 */
export function exceptionOf(clinic: ClinicDocument, kind: ExceptionKind, input: unknown, exceptionId: string): Exception {
  const { from, to, ...asked } = everything.parse(asks[kind].parse(input));
  const days = { from: from ?? asked.on ?? '', to: to ?? asked.on ?? '' };
  const stretches = zonesOf(clinic, asked).map((zone) => instantsOf(days, zone));
  const begins = stretches.map((one) => one.from).sort()[0] ?? '';
  const ends =
    stretches
      .map((one) => one.to)
      .sort()
      .at(-1) ?? '';
  return { ...asked, exceptionId, kind, from: begins, to: ends };
}

function zonesOf({ locations, rooms, devices, staff }: ClinicDocument, { staffId, locationId, roomId, deviceId }: Partial<Exception>): string[] {
  const person = staff.find((one) => one.id === staffId);
  const places = [
    locationId,
    rooms.find((room) => room.id === roomId)?.location,
    devices.find((device) => device.id === deviceId)?.location,
    ...Object.keys(person?.hours ?? {}),
  ];
  const concerned = locations.filter((location) => places.includes(location.id));
  return [...new Set((concerned.length > 0 ? concerned : locations).map(({ timeZone }) => timeZone))];
}

/** The settings with what was recorded beside them; what concerns nobody any more changes nothing. */
export function withExceptions(clinic: ClinicDocument, exceptions: readonly Exception[]): ClinicDocument {
  if (exceptions.length === 0) return clinic;
  const of = (kind: ExceptionKind) => exceptions.filter((exception) => exception.kind === kind);
  const shifts = of('extra_shift').flatMap(({ staffId, locationId: location = '', on = '', hours = [] }) => [{ staffId, location, on, hours }]);
  const openings = of('extra_hours').flatMap(({ locationId, on = '', hours = [] }) => [{ locationId, on, hours }]);
  return {
    ...clinic,
    locations: clinic.locations.map((place) => ({
      ...place,
      closures: [...place.closures, ...of('closure').filter(({ locationId }) => locationId === place.id)],
      extraHours: [...place.extraHours, ...openings.filter(({ locationId }) => locationId === place.id)],
    })),
    staff: clinic.staff.map((person) => ({
      ...person,
      absences: [...person.absences, ...of('absence').filter(({ staffId }) => staffId === person.id)],
      extraShifts: [...person.extraShifts, ...shifts.filter(({ staffId }) => staffId === person.id)],
    })),
    rooms: clinic.rooms.map((room) => ({ ...room, closed: [...room.closed, ...of('closure').filter(({ roomId }) => roomId === room.id)] })),
    devices: clinic.devices.map((device) => ({
      ...device,
      downtime: [...device.downtime, ...of('downtime').filter(({ deviceId }) => deviceId === device.id)],
    })),
  };
}
