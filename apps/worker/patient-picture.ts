import type { ClinicDocument } from '#clinic';
import { decideCourse, type Gate, judgeGates, loadConsultation, patchWaits } from '#consultation';
import type { EventStore } from '#event-store';
import { loadPatient } from '#patient';
import type { Clock, Reader } from '#platform';
import type { ActiveProtocol } from '#protocols';
import { Temporal } from 'temporal-polyfill';
import type { PatientPicture } from '#treatment';

export interface Surroundings {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly clinic: ClinicDocument;
  readonly protocols: ReadonlyMap<string, ActiveProtocol>;
}

const dayIn = (zone: string) => (instant: string) => Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toPlainDate().toString();

/** Today where the clinic stands (its first location). */
export const todayIn = (clinic: ClinicDocument, clock: Clock): string => dayIn(clinic.locations[0]?.timeZone ?? 'UTC')(clock.now().toISOString());

/** A patient needs a day to prepare and to arrange to come: no session starts sooner after its last gate. */
const leadMillis = 24 * 3_600_000;
/** The first instant at which a session may start when the last gate was met at this one. */
export const afterLead = (instant: string) => new Date(Date.parse(instant) + leadMillis).toISOString();

/** A consultation with its patient and the verdict of every gate; null for one that is unknown. */
export async function judgedConsultation({ store, clock, clinic, protocols }: Surroundings, db: Reader, consultationId: string) {
  const found = await loadConsultation(db, store, consultationId);
  if (found === null) return null;
  const patient = await loadPatient(db, store, found.patientId);
  const gates: Gate[] = judgeGates(found.state, { facts: patient.facts, protocols, today: todayIn(clinic, clock), patchTests: clinic.patchTests });
  return { ...found, patient, gates, decision: decideCourse(found.state, gates) };
}

/** What bears on when a patient can be treated in the course that came of a consultation. */
export async function pictureOf(surroundings: Surroundings, db: Reader, patientId: string, consultationId: string | null): Promise<PatientPicture> {
  const judged = consultationId === null ? null : await judgedConsultation(surroundings, db, consultationId);
  const patient = judged?.patient ?? (await loadPatient(db, surroundings.store, patientId));
  const zone = surroundings.clinic.locations[0]?.timeZone ?? 'UTC';
  return {
    facts: patient.facts,
    availability: patient.availability,
    waits: judged === null ? [] : patchWaits(judged.state, surroundings.protocols, dayIn(zone)),
    gatesMetAt: judged?.decision.kind === 'open' ? afterLead(judged.decision.notBefore) : null,
  };
}
