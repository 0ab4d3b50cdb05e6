/*
 * A patient, folded from their events in any order of arrival (`byOccurrence`: wherever one fact replaces another, the later
 * `time` wins). It serves these invariants of the design:
 *   7. Nothing is sent after consent for that channel and scope is withdrawn: consent is per channel, scope and address.
 *  10. No message tells a patient to stop a prescribed medicine: `prescribed` is kept with every medicine.
 *  13. An erased patient has no personal part left: erased events fold into nothing.
 */
import { byOccurrence, type RecordedEvent } from '#event-store';
import { type LocalDate, noFacts, type PatientFacts } from '#protocols';
import { withMedicines } from './medicines.js';
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
  person: {},
  facts: noFacts,
  allergies: [],
  skinCareRoutine: [],
  lifestyle: undefined,
  comfort: undefined,
  consents: [],
  availability: { unavailable: [], socialEvents: [], preferred: [] },
  erased: false,
};

const withPerson = (patient: Patient, person: Partial<Person>): Patient => ({
  ...patient,
  person: { ...patient.person, ...person },
  facts: { ...patient.facts, birthDate: person.birthDate ?? patient.facts.birthDate },
});

const union = <T>(known: readonly T[], told: readonly T[], same: (a: T, b: T) => boolean): T[] =>
  told.reduce<T[]>((list, one) => (list.some((other) => same(other, one)) ? list : [...list, one]), [...known]);

const sameDay = (a: { on: LocalDate; code?: string; protocolId?: string }, b: { on: LocalDate; code?: string; protocolId?: string }) =>
  a.on === b.on && a.code === b.code && a.protocolId === b.protocolId;

/** Conditions that are kept as a state of their own, whichever way they are told. */
const stateOfCondition: Readonly<Record<string, 'pregnant' | 'nursing' | 'smoking'>> = { pregnancy: 'pregnant', nursing: 'nursing', smoking: 'smoking' };

function withCondition(facts: PatientFacts, code: string, present: boolean): PatientFacts {
  const state = stateOfCondition[code];
  if (state !== undefined) return { ...facts, [state]: present };
  return { ...facts, conditions: [...facts.conditions.filter((other) => other !== code), ...(present ? [code] : [])] };
}

/** A registration adds to what is known: what it does not name is not thereby gone. */
function registered(patient: Patient, data: Registered): Patient {
  const known = withPerson(patient, data.person);
  const { facts } = known;
  const told: PatientFacts = {
    ...facts,
    medications: withMedicines(facts.medications, data.medications ?? []),
    exposures: union(facts.exposures, data.exposures ?? [], sameDay),
    treatments: union(facts.treatments, data.pastTreatments ?? [], sameDay),
    pregnant: data.pregnant ?? facts.pregnant,
    nursing: data.nursing ?? facts.nursing,
    smoking: data.lifestyle?.smoking ?? facts.smoking,
  };
  return {
    ...known,
    allergies: [...new Set([...patient.allergies, ...(data.allergies ?? [])])],
    skinCareRoutine: data.skinCareRoutine ?? patient.skinCareRoutine,
    lifestyle: data.lifestyle ?? patient.lifestyle,
    comfort: data.comfort ?? patient.comfort,
    facts: (data.conditions ?? []).reduce((all, code) => withCondition(all, code, true), told),
  };
}

function factRecorded(facts: PatientFacts, { fact }: FactRecorded): PatientFacts {
  switch (fact.kind) {
    case 'medication':
      return { ...facts, medications: withMedicines(facts.medications, [fact]) };
    case 'exposure':
      return { ...facts, exposures: union(facts.exposures, [fact], sameDay) };
    case 'condition':
      return withCondition(facts, fact.code, fact.present);
    case 'treatment':
      return { ...facts, treatments: union(facts.treatments, [fact], sameDay) };
    case 'pregnancy':
      return { ...facts, pregnant: fact.present };
  }
}

/** The same mailbox or number, however it is written. */
const sameAddress = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase();
type AboutContact = Pick<Consent, 'channel' | 'scope' | 'address'>;
export const isSameConsent = (a: AboutContact, b: AboutContact) => a.channel === b.channel && a.scope === b.scope && sameAddress(a.address, b.address);

function consentChanged(patient: Patient, data: ConsentChanged, at: string): Patient {
  const { channel, scope, granted, address, method } = data;
  const consent: Consent = { channel, scope, granted, address, method, at };
  return { ...patient, consents: [...patient.consents.filter((other) => !isSameConsent(other, consent)), consent] };
}

type Evolver = (patient: Patient, event: RecordedEvent) => Patient;

/** The data were parsed by their schema when they came in. */
const dataOf = <T>(event: RecordedEvent): T => event.data as T;

const evolvers: Readonly<Record<string, Evolver>> = {
  'consultation.requested.v1': (patient, event) => withPerson(patient, dataOf<{ person: Person }>(event).person),
  'patient.registered.v1': (patient, event) => registered(patient, dataOf<Registered>(event)),
  'patient.contact-changed.v1': (patient, event) => withPerson(patient, dataOf<ContactChanged>(event).person),
  'patient.fact-recorded.v1': (patient, event) => ({ ...patient, facts: factRecorded(patient.facts, dataOf<FactRecorded>(event)) }),
  'patient.contact-consent-changed.v1': (patient, event) => consentChanged(patient, dataOf<ConsentChanged>(event), event.occurredAt.toISOString()),
  'patient.availability-set.v1': (patient, event) => {
    const { unavailable, socialEvents, preferred = [] } = dataOf<AvailabilitySet>(event);
    return { ...patient, availability: { unavailable, socialEvents, preferred } };
  },
  'consultation.skin-assessed.v1': (patient, event) => ({
    ...patient,
    facts: { ...patient.facts, fitzpatrick: dataOf<{ fitzpatrick: string }>(event).fitzpatrick },
  }),
  'consultation.clearance-recorded.v1': (patient, event) => {
    const { code, protocolId, by, until } = dataOf<{ code: string; protocolId?: string; by: string; until?: string }>(event);
    return { ...patient, facts: { ...patient.facts, clearances: [...patient.facts.clearances, { code, protocolId, by, until: until?.slice(0, 10) }] } };
  },
};

/** Types of event that say something of the patient themselves. */
export const bearingTypes: readonly string[] = [...Object.keys(evolvers), 'patient.erased.v1'];

/** One event more; what was sealed for an erased patient says nothing. */
export const evolve: Evolver = (patient, event) => (event.erased ? patient : (evolvers[event.type]?.(patient, event) ?? patient));

/** The patient as all their events tell it, in whatever order they are given. Of an erased one nothing is left. */
export function foldPatient(events: readonly RecordedEvent[]): Patient {
  if (events.some(({ type, erased }) => erased || type === 'patient.erased.v1')) return { ...unknownPatient, erased: true };
  return [...events].sort(byOccurrence).reduce(evolve, unknownPatient);
}

/** May this address be written to on this channel, for this scope? Only the newest word for exactly this address counts. */
export const hasConsent = (consents: readonly Consent[], channel: Consent['channel'], scope: Consent['scope'], address: string | undefined): boolean =>
  address !== undefined &&
  consents.some((consent) => consent.channel === channel && consent.scope === scope && sameAddress(consent.address, address) && consent.granted);
