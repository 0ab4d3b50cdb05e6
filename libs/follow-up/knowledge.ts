import { Temporal } from 'temporal-polyfill';
import { type ClinicDocument, protocolVersion } from '#clinic';
import { type Consultation, consultationEventTypes, foldConsultation, loadConsultation } from '#consultation';
import type { EventStore, RecordedEvent } from '#event-store';
import { stateOfPhone } from '#messaging';
import { foldPatient, hasConsent, type Patient } from '#patient';
import type { Reader } from '#platform';
import { type ActiveProtocol, preparationSteps } from '#protocols';
import { courseIdOfConsultation, patientCourses, readTreatmentEvent, type Session, type TreatmentEvent } from '#treatment';
import type { Rules } from './arrange.js';
import type { ConsultationFacts, PatchTestFacts, SessionFacts } from './draft.js';

/** What outreach to one patient depends on, read at one moment. */
export interface Knowledge {
  readonly patient: Patient;
  readonly sessions: readonly SessionFacts[];
  readonly consultations: readonly ConsultationFacts[];
}

type Times = Pick<SessionFacts, 'setAt' | 'moved' | 'cancelledAt' | 'cancelledBy' | 'noShowAt'> & { readonly heldAt?: string };
const noTimes: Times = { setAt: null, moved: false, cancelledAt: null, cancelledBy: null, noShowAt: null };

function timesAfter(times: Times, event: TreatmentEvent, at: string): Times {
  switch (event.type) {
    case 'session.booked.v1':
      return { ...times, setAt: at, moved: false };
    case 'session.rescheduled.v1':
      return event.data.start === event.data.previousStart ? times : { ...times, setAt: at, moved: true };
    case 'session.held.v1':
      return { ...times, heldAt: at };
    case 'session.cancelled.v1':
      return { ...times, cancelledAt: at, cancelledBy: event.data.by };
    case 'session.no-show.v1':
      return { ...times, noShowAt: at };
    default:
      return times;
  }
}

/** When each session got its start, was called off or was missed. */
function timesBySession(events: readonly RecordedEvent[]): Map<string, Times> {
  const found = new Map<string, Times>();
  for (const event of events) {
    const own = readTreatmentEvent(event);
    if (own === null || !('sessionId' in own.data)) continue;
    const { sessionId } = own.data;
    found.set(sessionId, timesAfter(found.get(sessionId) ?? noTimes, own, event.occurredAt.toISOString()));
  }
  return found;
}

/** The figures under which each session was booked; a newer version does not change a course that is under way. */
async function pinnedProtocols(db: Reader, sessions: readonly Session[]): Promise<(session: Session) => ActiveProtocol | null> {
  const keyOf = ({ protocolId, protocolVersion: version }: Session) => `${protocolId}@${version}`;
  const different = [...new Map(sessions.map((session) => [keyOf(session), session])).values()];
  const found = await Promise.all(
    different.map(async (session) => [keyOf(session), await protocolVersion(db, session.protocolId, session.protocolVersion)] as const),
  );
  const byKey = new Map(found);
  return (session) => byKey.get(keyOf(session)) ?? null;
}

/** A series whose protocol says nothing of when it is overdue is so this long after its longest interval. */
const lateDays = 14;

function offerOf({ held }: Session, offeredAt: string | undefined): Pick<SessionFacts, 'offer'> {
  if (held?.reason !== 'offer' || offeredAt === undefined) return {};
  const { start, timeZone, locationId } = held.slot;
  return { offer: { holdId: held.holdId, start, timeZone, locationId, offeredAt, until: held.until } };
}

function sessionFacts(
  session: Session,
  consultationId: string,
  { heldAt, ...times }: Times,
  protocol: ActiveProtocol | null,
  patient: Patient,
  clinic: ClinicDocument,
  now: Date,
): SessionFacts {
  const { sessionId, courseId, status, item, number, protocolId, booking, completedAt } = session;
  const timeZone = booking?.timeZone ?? clinicZone(clinic);
  const today = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(timeZone).toPlainDate().toString();
  return {
    sessionId,
    courseId,
    consultationId,
    status,
    item,
    number,
    protocolId,
    ...times,
    start: booking?.start ?? null,
    timeZone,
    locationId: booking?.locationId ?? '',
    completedAt,
    ...offerOf(session, heldAt),
    checkInDays: protocol?.checkInDays ?? [],
    intervalMinDays: protocol?.intervalDays.min ?? 0,
    overdueDays: protocol?.intervalOverdueDays ?? (protocol?.intervalDays.max ?? 0) + lateDays,
    preparation: protocol === null ? [] : preparationSteps(patient.facts, protocol, today).map(({ code, daysBefore }) => ({ code, daysBefore })),
  };
}

/** Senders write instants with offsets of their own. */
const instantOf = (given: string | null): string | null => (given === null ? null : new Date(given).toISOString());

/** Patch tests without a reading that counts: one that was done again after it is read again. */
function openPatchTests({ patchTests, steps }: Consultation): PatchTestFacts[] {
  return Object.entries(patchTests).flatMap(([protocolId, { need, performedAt, reading }]) => {
    const isRead = reading !== null && (performedAt === null || Date.parse(reading.at) >= Date.parse(performedAt));
    if (need === 'waived' || isRead) return [];
    return [
      { protocolId, requiredAt: need === 'required' ? (steps['consultation.patch-test-required.v1'] ?? null) : null, performedAt: instantOf(performedAt) },
    ];
  });
}

function factsOf(consultationId: string, state: Consultation, hasCourse: boolean): ConsultationFacts {
  const { steps, decision, consents } = state;
  const wasSeen = steps['consultation.started.v1'] !== undefined;
  return {
    consultationId,
    requestedAt: wasSeen ? null : (steps['consultation.requested.v1'] ?? null),
    finalizedAt: steps['consultation.finalized.v1'] ?? null,
    deferredAt: decision?.decision === 'deferred' ? decision.at : null,
    declined: decision?.decision === 'declined',
    estimateAt: steps['consultation.estimate-presented.v1'] ?? null,
    consentedAt: instantOf(consents.at(-1)?.signedAt ?? null),
    patchTests: openPatchTests(state),
    hasCourse,
  };
}

/** One consultation as it stands now; null when nothing is known of it. */
export async function consultationNow(db: Reader, store: EventStore, consultationId: string): Promise<ConsultationFacts | null> {
  const found = await loadConsultation(db, store, consultationId);
  return found === null ? null : factsOf(consultationId, found.state, (await courseIdOfConsultation(db, consultationId)) !== null);
}

function consultationFacts(events: readonly RecordedEvent[], withCourse: ReadonlySet<string>): ConsultationFacts[] {
  const own = events.filter(({ type }) => (consultationEventTypes as readonly string[]).includes(type));
  const idOf = ({ data }: RecordedEvent) => String(data['consultationId'] ?? '');
  return [...new Set(own.map(idOf))].map((consultationId) =>
    factsOf(consultationId, foldConsultation(own.filter((event) => idOf(event) === consultationId)), withCourse.has(consultationId)),
  );
}

/** The zone in which the clinic counts its hours: its first location's. */
export const clinicZone = (clinic: Pick<ClinicDocument, 'locations'>): string => clinic.locations[0]?.timeZone ?? 'UTC';

/** Zones whose permitted hours all bind: the patient's and the clinic's. */
export const zonesOf = (patient: Patient, clinic: Pick<ClinicDocument, 'locations'>): string[] => [
  patient.person.timeZone ?? clinicZone(clinic),
  clinicZone(clinic),
];

/** States whose hours bind: the clinic's, the patient's own where it is known, and the one that their area code points at. They only narrow. */
export const statesOf = ({ person }: Patient, clinic: Pick<ClinicDocument, 'locations'>): string[] =>
  [clinic.locations[0]?.state, person['state'], stateOfPhone(person.phone)].flatMap((state) => (typeof state === 'string' ? state.toUpperCase() : []));

export const addressOf = ({ person }: Patient, channel: 'sms' | 'email'): string | null => (channel === 'sms' ? person.phone : person.email) ?? null;

/** Which channels consent opens, for the addresses that hold now: a consent for a former number does not count. */
export const reachableBy = (patient: Patient, scope: 'care' | 'marketing' = 'care'): Rules['reachable'] => ({
  sms: hasConsent(patient.consents, 'sms', scope, patient.person.phone),
  email: hasConsent(patient.consents, 'email', scope, patient.person.email),
});

/** Everything that a plan of touchpoints needs to know of a patient. */
export async function knowledgeOf(db: Reader, store: EventStore, clinic: ClinicDocument, patientId: string, now: Date): Promise<Knowledge> {
  const events = await store.readPatient(db, patientId);
  const patient = foldPatient(events);
  if (patient.erased) return { patient, sessions: [], consultations: [] };
  const courses = await patientCourses(db, patientId);
  const sessions = courses.flatMap((course) => course.sessions);
  const [times, pinned] = [timesBySession(events), await pinnedProtocols(db, sessions)];
  return {
    patient,
    sessions: courses.flatMap(({ consultationId, sessions: own }) =>
      own.map((session) => sessionFacts(session, consultationId, times.get(session.sessionId) ?? noTimes, pinned(session), patient, clinic, now)),
    ),
    consultations: consultationFacts(events, new Set(courses.map(({ consultationId }) => consultationId))),
  };
}
