import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type ClinicDocument, type ExceptionKind, recordException, supposeException } from '#clinic';
import { inTransaction, lockInOrder, Rejected, type Transaction } from '#platform';
import { patientsHolding, type Shortage } from './absence-queries.js';
import type { Session } from './decider.js';
import type { Booking } from './events.js';
import { appendTo, letGoOfOvertaken, openBook, type PatientBook, type TreatmentContext } from './patient-book.js';
import { lockPlanning } from './queries.js';
import { settleTogether, SharedTime } from './together.js';

/*
 * A person who falls ill, a room that is closed, a device that is down: what follows for everybody is planned together, shown
 * before anything is changed, and then done as it was shown or not at all.
 */

const id = z.string().min(1).max(64);
/** Who or what is not to be had: exactly one of the three, from and to as instants or as local dates, both included. */
export const absenceSchema = z
  .object({
    providerId: id.optional(),
    roomId: id.optional(),
    deviceId: id.optional(),
    unit: z.int().min(1).optional(),
    from: z.string().max(40),
    to: z.string().max(40),
    reason: z.string().max(200).optional(),
  })
  .refine(({ providerId, roomId, deviceId }) => [providerId, roomId, deviceId].filter((one) => one !== undefined).length === 1, {
    path: ['providerId'],
    message: 'name a provider, a room or a device, and one only',
  });
export type AbsenceAsk = z.output<typeof absenceSchema>;

type Place = Pick<Booking, 'start' | 'end' | 'timeZone' | 'locationId' | 'providerId' | 'roomId' | 'deviceId'>;

/** What becomes of one session. */
export interface SessionChange {
  readonly sessionId: string;
  readonly courseId: string;
  readonly patientId: string;
  readonly protocolId: string;
  readonly number: number;
  /** Before. */
  readonly status: Session['status'];
  /** `same_time`: somebody else, another room or device; `moved`: another time; `on_hold`: there is none, the desk calls. */
  readonly outcome: 'same_time' | 'moved' | 'on_hold';
  readonly before: Place;
  readonly after: Place | null;
  readonly why: string;
}

export interface AbsencePreview {
  /** Says what was asked and what was shown: what `applyAbsence` takes. */
  readonly previewId: string;
  readonly from: string;
  readonly to: string;
  /** By the time they have. */
  readonly changes: readonly SessionChange[];
}

interface Exceptional {
  readonly kind: ExceptionKind;
  readonly input: Record<string, unknown>;
}

function exceptional({ providerId, roomId, deviceId, unit, from, to, reason }: AbsenceAsk): Exceptional {
  const when = { from, to, ...(reason === undefined ? {} : { reason }) };
  if (providerId !== undefined) return { kind: 'absence', input: { ...when, staffId: providerId } };
  if (roomId !== undefined) return { kind: 'closure', input: { ...when, roomId } };
  return { kind: 'downtime', input: { ...when, deviceId, ...(unit === undefined ? {} : { unit }) } };
}

/** The resource that an exception takes away; null for one that takes none by itself. */
export function shortageOf(exception: { readonly [key: string]: unknown }): Shortage | null {
  const text = (key: string) => (typeof exception[key] === 'string' ? exception[key] : undefined);
  const [kind, from = '', to = ''] = [text('kind'), text('from'), text('to')];
  const unit = typeof exception['unit'] === 'number' ? exception['unit'] : undefined;
  const [staffId, roomId, deviceId] = [text('staffId'), text('roomId'), text('deviceId')];
  if (kind === 'absence' && staffId !== undefined) return { kind: 'provider', id: staffId, from, to };
  if (kind === 'closure' && roomId !== undefined) return { kind: 'room', id: roomId, from, to };
  return kind === 'downtime' && deviceId !== undefined ? { kind: 'device', id: deviceId, unit, from, to } : null;
}

/** The books of everybody concerned, settled together under the settings given. */
async function settled(context: TreatmentContext, trx: Transaction, clinic: ClinicDocument, patients: readonly string[]): Promise<readonly PatientBook[]> {
  const shared = new SharedTime();
  const books: PatientBook[] = [];
  for (const patientId of patients) books.push(await openBook({ ...context, clinic }, trx, { patientId, actor: '' }, shared.amid));
  const done = settleTogether(books, shared);
  for (const book of done) letGoOfOvertaken(book);
  return done;
}

const placeOf = ({ start, end, timeZone, locationId, providerId, roomId, deviceId }: Booking): Place => ({
  ...{ start, end, timeZone, locationId, providerId, roomId, deviceId },
});

function changesOf(book: PatientBook): SessionChange[] {
  const before = new Map(book.fresh().courses.flatMap(({ sessions }) => sessions.map((session) => [session.sessionId, session] as const)));
  const told = new Map<string, string>();
  for (const event of book.events) {
    if (event.type === 'session.rescheduled.v1') told.set(event.data.sessionId, event.data.reason);
    if (event.type === 'session.put-on-hold.v1') told.set(event.data.sessionId, event.data.why);
  }
  return book.courses.flatMap(({ sessions }) =>
    sessions.flatMap((session): SessionChange[] => {
      const { sessionId, courseId, patientId, protocolId, number, booking } = session;
      const [was, why] = [before.get(sessionId), told.get(sessionId)];
      if (was === undefined || was.booking === null || booking === null || why === undefined) return [];
      const outcome = session.status === 'on_hold' ? 'on_hold' : booking.start === was.booking.start ? 'same_time' : 'moved';
      const after = outcome === 'on_hold' ? null : placeOf(booking);
      return [{ sessionId, courseId, patientId, protocolId, number, status: was.status, outcome, before: placeOf(was.booking), after, why }];
    }),
  );
}

function previewOf(ask: AbsenceAsk, { from, to }: Pick<Shortage, 'from' | 'to'>, books: readonly PatientBook[]): AbsencePreview {
  const key = ({ before, sessionId }: SessionChange) => `${before.start} ${sessionId}`;
  const changes = books.flatMap(changesOf).sort((one, other) => (key(one) < key(other) ? -1 : 1));
  const shown = createHash('sha256').update(JSON.stringify(changes)).digest('base64url').slice(0, 22);
  return { previewId: `${Buffer.from(JSON.stringify(ask)).toString('base64url')}.${shown}`, from, to, changes };
}

/** What was asked, as a preview's id says it. @throws Rejected `no_preview` (404). */
function askOf(previewId: string): AbsenceAsk {
  try {
    return absenceSchema.parse(JSON.parse(Buffer.from(previewId.split('.')[0] ?? '', 'base64url').toString()));
  } catch {
    throw new Rejected('no_preview', 'There is no such preview.', { status: 404, path: 'previewId' });
  }
}

/** @throws Rejected `invalid_exception` naming the faulty field. */
function supposed({ clinic }: TreatmentContext, ask: AbsenceAsk): { clinic: ClinicDocument; shortage: Shortage } {
  const found = supposeException(clinic, exceptional(ask));
  const shortage = shortageOf(found.exception);
  if (shortage === null) throw new Error('an absence takes a resource away');
  return { clinic: found.clinic, shortage };
}

/**
 * What would follow for everybody if a provider, a room or a device were not to be had: each session that somebody else could
 * give at its time keeps it, the others move, together, and those with no other time are named. Nothing is changed.
 * @throws Rejected `invalid_exception` naming the faulty field.
 */
export async function previewAbsence(context: TreatmentContext, ask: AbsenceAsk): Promise<AbsencePreview> {
  const { clinic, shortage } = supposed(context, ask);
  return inTransaction(context.db, async (trx) => {
    const patients = await patientsHolding(trx, shortage, context.clock.now());
    return previewOf(ask, shortage, await settled(context, trx, clinic, patients));
  });
}

/** All of it in one append: sessions of different patients may change places. */
async function save(context: TreatmentContext, trx: Transaction, books: readonly PatientBook[], actor: string): Promise<void> {
  const appends = books.flatMap((book) => book.appends(actor)).sort((one, other) => (one.stream < other.stream ? -1 : 1));
  if (appends.length > 0) await appendTo(context, trx, appends);
}

/** Nobody else books meanwhile, and nobody concerned is acted on. */
async function lockedPatients(trx: Transaction, shortage: Shortage, now: Date): Promise<string[]> {
  await lockPlanning(trx, true);
  const patients = await patientsHolding(trx, shortage, now);
  await lockInOrder(
    trx,
    patients.map((patientId) => `patient ${patientId}`),
  );
  return patients;
}

/**
 * Records the absence and does what its preview showed, all of it in one transaction or nothing.
 * @returns what was done.
 * @throws Rejected `no_preview` (404); `world_changed` (409) with a fresh `preview` when something else would follow by now.
 */
export async function applyAbsence(context: TreatmentContext, previewId: string, by: string): Promise<AbsencePreview> {
  const ask = askOf(previewId);
  return inTransaction(context.db, async (trx) => {
    const { clinic, shortage } = supposed(context, ask);
    const patients = await lockedPatients(trx, shortage, context.clock.now());
    const books = await settled(context, trx, clinic, patients);
    const preview = previewOf(ask, shortage, books);
    if (preview.previewId !== previewId) throw new Rejected('world_changed', 'Something else would follow by now: look at it again.', { status: 409, preview });
    await recordException(trx, context, { ...exceptional(ask), by });
    await save(context, trx, books, by);
    return preview;
  });
}

/** What follows when a resource is gone by the settings already: the same, for everybody together, without a preview. */
export async function replanAround(context: TreatmentContext, shortage: Shortage): Promise<void> {
  await inTransaction(context.db, async (trx) => {
    const patients = await lockedPatients(trx, shortage, context.clock.now());
    await save(context, trx, await settled(context, trx, context.clinic, patients), 'schedule');
  });
}
