/*
 * A patient, folded from their events in any order of arrival: events are sorted by (time, id) first, so that the later
 * `time` wins wherever one fact replaces another. It serves these invariants of the design:
 *   7. Nothing is sent after consent for that channel and scope is withdrawn: consent is per channel, scope and address.
 *  10. No message tells a patient to stop a prescribed medicine: `prescribed` is kept with every medicine.
 *  13. An erased patient has no personal part left: erased events fold into nothing.
 */
import type { RecordedEvent } from '#event-store';
import { type LocalDate, type Medication, noFacts, type PatientFacts } from '#protocols';
import type { AvailabilitySet, ConsentChanged, ContactChanged, FactRecorded, Person, Registered } from './events.js';

export interface Consent {
  readonly channel: 'sms' | 'email';
  readonly scope: 'care' | 'marketing';
  readonly address: string;
  readonly granted: boolean;
  readonly method: string;
  readonly at: string;
}

export interface Availability {
  readonly unavailable: readonly { readonly from: string; readonly to: string; readonly reason?: string | undefined }[];
  readonly socialEvents: readonly { readonly on: LocalDate; readonly name?: string | undefined }[];
  readonly preferred: readonly { readonly weekday: number; readonly from: string; readonly to: string }[];
}

export interface Patient {
  readonly person: Partial<Person>;
  readonly facts: PatientFacts;
  readonly allergies: readonly string[];
  readonly skinCareRoutine: readonly string[];
  readonly lifestyle: Registered['lifestyle'];
  readonly comfort: Registered['comfort'];
  readonly consents: readonly Consent[];
  readonly availability: Availability;
  readonly erased: boolean;
}

export const unknownPatient: Patient = {
  person: {}, facts: noFacts, allergies: [], skinCareRoutine: [], lifestyle: undefined, comfort: undefined, consents: [],
  availability: { unavailable: [], socialEvents: [], preferred: [] }, erased: false,
};

/** The order in which facts hold: by their own time, then by id, whatever order they arrived in. */
export const byTime = (a: RecordedEvent, b: RecordedEvent): number => a.occurredAt.getTime() - b.occurredAt.getTime() || (a.id < b.id ? -1 : 1);

const withPerson = (patient: Patient, person: Partial<Person>): Patient => ({
  ...patient,
  person: { ...patient.person, ...person },
  facts: { ...patient.facts, birthDate: person.birthDate ?? patient.facts.birthDate },
});

const sameMedicine = (a: Medication, b: Medication) => a.code === b.code && (a.name ?? '') === (b.name ?? '');
const withMedicines = (known: readonly Medication[], told: readonly Medication[]): Medication[] =>
  told.reduce<Medication[]>((list, one) => {
    const before = list.find((other) => sameMedicine(other, one));
    return [...list.filter((other) => other !== before), { ...before, ...one }];
  }, [...known]);

const union = <T>(known: readonly T[], told: readonly T[], same: (a: T, b: T) => boolean): T[] =>
  told.reduce<T[]>((list, one) => (list.some((other) => same(other, one)) ? list : [...list, one]), [...known]);

const sameDay = (a: { on: LocalDate; code?: string; protocolId?: string }, b: { on: LocalDate; code?: string; protocolId?: string }) =>
  a.on === b.on && a.code === b.code && a.protocolId === b.protocolId;

function registered(patient: Patient, data: Registered): Patient {
  const { facts } = patient;
  return {
    ...withPerson(patient, data.person),
    allergies: data.allergies ?? patient.allergies,
    skinCareRoutine: data.skinCareRoutine ?? patient.skinCareRoutine,
    lifestyle: data.lifestyle ?? patient.lifestyle,
    comfort: data.comfort ?? patient.comfort,
    facts: {
      ...facts,
      birthDate: data.person.birthDate ?? facts.birthDate,
      conditions: data.conditions === undefined ? facts.conditions : [...new Set([...facts.conditions, ...data.conditions])],
      medications: withMedicines(facts.medications, data.medications ?? []),
      exposures: union(facts.exposures, data.exposures ?? [], sameDay),
      treatments: union(facts.treatments, data.pastTreatments ?? [], sameDay),
      pregnant: data.pregnant ?? facts.pregnant,
      nursing: data.nursing ?? facts.nursing,
      smoking: data.lifestyle?.smoking ?? facts.smoking,
    },
  };
}

function factRecorded(facts: PatientFacts, { fact }: FactRecorded): PatientFacts {
  switch (fact.kind) {
    case 'medication':
      return { ...facts, medications: withMedicines(facts.medications, [fact]) };
    case 'exposure':
      return { ...facts, exposures: union(facts.exposures, [fact], sameDay) };
    case 'condition':
      return { ...facts, conditions: [...facts.conditions.filter((code) => code !== fact.code), ...(fact.present ? [fact.code] : [])] };
    case 'treatment':
      return { ...facts, treatments: union(facts.treatments, [fact], sameDay) };
    case 'pregnancy':
      return { ...facts, pregnant: fact.present };
  }
}

const isSameConsent = (a: Consent, b: Consent) => a.channel === b.channel && a.scope === b.scope && a.address === b.address;

function consentChanged(patient: Patient, data: ConsentChanged, at: string): Patient {
  const { channel, scope, granted, address, method } = data;
  const consent: Consent = { channel, scope, granted, address, method, at };
  return { ...patient, consents: [...patient.consents.filter((other) => !isSameConsent(other, consent)), consent] };
}

/** One event more. The data were parsed by their schema when they came in. */
export function evolve(patient: Patient, event: RecordedEvent): Patient {
  if (event.type === 'patient.erased.v1') return { ...unknownPatient, erased: true };
  if (event.erased) return { ...patient, erased: true };
  const data: unknown = event.data;
  switch (event.type) {
    case 'consultation.requested.v1':
      return withPerson(patient, (data as { person: Person }).person);
    case 'patient.registered.v1':
      return registered(patient, data as Registered);
    case 'patient.contact-changed.v1':
      return withPerson(patient, (data as ContactChanged).person);
    case 'patient.fact-recorded.v1':
      return { ...patient, facts: factRecorded(patient.facts, data as FactRecorded) };
    case 'patient.contact-consent-changed.v1':
      return consentChanged(patient, data as ConsentChanged, event.occurredAt.toISOString());
    case 'patient.availability-set.v1': {
      const { unavailable, socialEvents, preferred = [] } = data as AvailabilitySet;
      return { ...patient, availability: { unavailable, socialEvents, preferred } };
    }
    case 'consultation.skin-assessed.v1':
      return { ...patient, facts: { ...patient.facts, fitzpatrick: (data as { fitzpatrick: string }).fitzpatrick } };
    case 'consultation.clearance-recorded.v1': {
      const { code, protocolId, by, until } = data as { code: string; protocolId?: string; by: string; until?: string };
      return { ...patient, facts: { ...patient.facts, clearances: [...patient.facts.clearances, { code, protocolId, by, until: until?.slice(0, 10) }] } };
    }
    default:
      return patient;
  }
}

/** The patient as all their events tell it, in whatever order they are given. */
export const foldPatient = (events: readonly RecordedEvent[]): Patient => [...events].sort(byTime).reduce(evolve, unknownPatient);

/** May this address be written to on this channel, for this scope? Only the newest word for exactly this address counts. */
export const hasConsent = (consents: readonly Consent[], channel: Consent['channel'], scope: Consent['scope'], address: string | undefined): boolean =>
  address !== undefined && consents.some((consent) => consent.channel === channel && consent.scope === scope && consent.address.toLowerCase() === address.toLowerCase() && consent.granted);
