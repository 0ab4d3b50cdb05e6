import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clinicProjection, parseClinic } from '#clinic';
import { EventStore, type Projection } from '#event-store';
import { type Database, projectRoot, SimulatedClock } from '#platform';
import { activate, noFacts, sampleFigures, sampleProtocols } from '#protocols';
import { type Actor, openCourse, type OpenCourse, type PatientPicture, type TreatmentContext, treatmentProjection } from '#treatment';

export const sampleClinic = parseClinic(JSON.parse(readFileSync(join(projectRoot, 'libs/clinic/data/sample-clinic.json'), 'utf8')));
export const protocols = new Map(sampleProtocols.map((id) => [id, activate(id, sampleFigures(id), 1)]));
export const desk: Actor = { id: 'desk-tan', roles: ['front_desk'] };
export const director: Actor = { id: 'dr-okafor', roles: ['provider', 'medical_director'] };

export const plainPicture: PatientPicture = {
  facts: noFacts,
  availability: { unavailable: [], socialEvents: [], preferred: [] },
  waits: [],
  gatesMetAt: null,
};

/** A clinic on a clock of its own, whose patients' facts a test can change. */
export class BookingDesk {
  readonly clock = new SimulatedClock(new Date('2026-11-29T14:00:00Z'));
  readonly pictures = new Map<string, PatientPicture>();
  readonly store: EventStore;
  clinic = sampleClinic;

  /** `more`: read models beside those of clinic and treatment. */
  constructor(
    readonly db: Database,
    more: readonly Projection[] = [],
  ) {
    this.store = new EventStore({ masterKey: new Uint8Array(32).fill(7), clock: this.clock, inline: [clinicProjection, treatmentProjection, ...more] });
  }

  get context(): TreatmentContext {
    const { db, store, clock, clinic } = this;
    return { db, store, clock, clinic, protocols, pictureOf: async (_db, patientId) => this.pictures.get(patientId) ?? plainPicture };
  }

  know(patientId: string, change: (picture: PatientPicture) => PatientPicture): void {
    this.pictures.set(patientId, change(this.pictures.get(patientId) ?? plainPicture));
  }

  open(patientId: string, items: OpenCourse['items'], more: Partial<OpenCourse> = {}) {
    return openCourse(this.context, { consultationId: `c-${patientId}`, patientId, planId: 'plan-1', locationId: 'nyc', items, ...more });
  }
}
