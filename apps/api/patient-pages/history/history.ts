import { z } from 'zod';
import { consultationsOf, loadConsultation } from '#consultation';
import type { RecordedEvent } from '#event-store';
import type { Patient } from '#patient';
import { deterministicId, inTransaction, type JsonObject, newId } from '#platform';
import { noFacts } from '#protocols';
import { listSessions } from '#treatment';
import type { Afterglow } from '../../../worker/afterglow.js';
import { todayIn } from '../../../worker/patient-picture.js';
import { sendFacts, source, type Told } from '../facts.js';
import { isLocked } from '../links.js';
import { type OwnPage, takeAnswer } from '../own-page.js';
import { type Answer, type Knowledge, noAnswer, type Question, questions, readAnswer, toldBy } from './questions.js';

const answeredType = 'patient.history-answered.v1';
const factTypes = ['patient.fact-recorded.v1', 'patient.registered.v1'];

/** What a patient answered so far, each question's newest word. */
export type Answers = ReadonlyMap<Question, Answer>;

export interface History {
  readonly answers: Answers;
  readonly knowledge: Knowledge;
  /** When what is said now is said: after everything that was said here before, however coarse the clock. */
  readonly at: Date;
}

const wasToldElsewhere = (events: readonly RecordedEvent[], code: string) =>
  events.some(({ type, meta, data }) => factTypes.includes(type) && meta['source'] !== source && JSON.stringify(data).includes(`"${code}"`));

/** Everything the form needs to know. Of what others recorded it shows nothing: it is only kept from being undone. */
export async function loadHistory({ db, store, clock }: Afterglow, { link, patient, clinic }: OwnPage): Promise<History> {
  const events = await store.readPatient(db, link.patient_id, [answeredType, ...factTypes]);
  const answered = events.filter(({ type }) => type === answeredType);
  const answers = new Map(answered.map(({ data }) => [data['question'] as Question, readAnswer(data['answer'])]));
  const { givenName = '', familyName = '' } = patient.person;
  const knowledge: Knowledge = {
    facts: patient.facts,
    allergies: patient.allergies,
    names: { givenName, familyName },
    mayWithdraw: (code) => !wasToldElsewhere(events, code) && (code !== 'pregnancy' || !wasToldElsewhere(events, 'pregnant')),
    today: todayIn(clinic, clock),
  };
  const said = events.filter(({ meta }) => meta['source'] === source).map(({ occurredAt }) => occurredAt.getTime() + 1);
  return { answers, knowledge, at: new Date(Math.max(clock.now().getTime(), ...said)) };
}

/** The question to go on with after one was answered; null when all are. */
export function nextQuestion(answers: Answers, after: Question | null): Question | null {
  const from = after === null ? 0 : questions.indexOf(after) + 1;
  return [...questions.slice(from), ...questions.slice(0, from)].find((question) => !answers.has(question)) ?? null;
}

/** Who the patient is and where they may be written to. An address that has a word on consent already keeps it: a STOP is not undone by a form. */
function contactTold({ person, consents }: Patient, given: NonNullable<Answer['person']>, now: string): Told[] {
  const { mayWrite, ...told } = given;
  const changed = Object.entries(told).some(([field, value]) => person[field] !== value);
  const addresses = [
    ['sms', told.phone],
    ['email', told.email],
  ] as const;
  const granted = addresses.flatMap(([channel, address]): Told[] => {
    const spoken = consents.some((one) => one.channel === channel && one.scope === 'care' && one.address === address);
    if (address === undefined || !mayWrite || spoken) return [];
    return [{ type: 'patient.contact-consent-changed.v1', data: { channel, scope: 'care', granted: true, address, method: 'form', recordedOn: now } }];
  });
  return [...(changed ? [{ type: 'patient.registered.v1', data: { person: told } } as const] : []), ...granted];
}

/** The consultation that a fact names: whichever of the patient's it is, the fact is theirs. Null when they have none. */
const consultationFor = async ({ db }: Afterglow, { link }: OwnPage): Promise<string | null> =>
  (await consultationsOf(db, [link.patient_id])).at(-1)?.consultationId ?? null;

/**
 * Keeps an answer: first the facts that it tells, then that it was given. Sent twice it is kept once; what broke off between the
 * two is sent again with the same ids. False when a fact was refused.
 */
export async function saveAnswer(afterglow: Afterglow, own: OwnPage, question: Question, { answers, knowledge, at }: History, given: Answer, once: string) {
  const { store } = afterglow;
  const before = answers.get(question) ?? noAnswer;
  const told =
    question === 'you'
      ? contactTold(own.patient, given.person ?? { givenName: '', familyName: '', mayWrite: false }, at.toISOString().slice(0, 10))
      : toldBy(question, given, before, knowledge);
  const consultationId = await consultationFor(afterglow, own);
  if (consultationId === null || !(await sendFacts(afterglow, own, told, { once, at, consultationId }))) return false;
  const patientId = own.link.patient_id;
  const id = deterministicId(answeredType, patientId, question, once, JSON.stringify(given));
  const event = { id, type: answeredType, data: { patientId, question }, personal: { answer: given as JsonObject }, patientId, occurredAt: at };
  const append = [{ stream: `patient/${patientId}`, expected: 'any' as const, events: [{ ...event, meta: { source } }] }];
  await inTransaction(afterglow.db, (trx) => store.append(trx, append));
  // What no tick can say is read by a person, like any message.
  if (given.note !== '' && given.note !== before.note) await takeAnswer(afterglow, own, { body: given.note, once: `history-${question}-${once}` });
  afterglow.wake();
  return true;
}

/**
 * May whoever holds this link say when the patient was born? Only while nobody has recorded it, and while nothing is known that
 * the birth date would open.
 */
async function mayTellBirthDate({ db, store, clock }: Afterglow, { link, patient }: OwnPage): Promise<boolean> {
  const { birthDate, ...facts } = patient.facts;
  if (link.purpose !== 'history' || birthDate !== undefined || patient.allergies.length > 0) return false;
  if (JSON.stringify(facts) !== JSON.stringify({ ...noFacts })) return false;
  for (const { consultationId } of await consultationsOf(db, [link.patient_id])) {
    const state = (await loadConsultation(db, store, consultationId))?.state;
    if (state !== undefined && (state.plan !== null || state.consents.length > 0)) return false;
  }
  const from = new Date(clock.now().getTime() - 10 * 365 * 86_400_000).toISOString();
  return (await listSessions(db, { patientId: link.patient_id, from, limit: 1 })).items.length === 0;
}

/** Records the birth date of a patient who has none yet; false when it is known, may not be told here, or cannot be one. */
export async function tellBirthDate(afterglow: Afterglow, own: OwnPage, birthDate: string): Promise<boolean> {
  if (isLocked(own.link) || !z.iso.date().safeParse(birthDate).success) return false;
  if (!(await mayTellBirthDate(afterglow, own)) || birthDate >= todayIn(own.clinic, afterglow.clock)) return false;
  const { givenName = '', familyName = '' } = own.patient.person;
  const told: Told = { type: 'patient.registered.v1', data: { person: { givenName, familyName, birthDate } } };
  const at = afterglow.clock.now();
  const consultationId = await consultationFor(afterglow, own);
  return consultationId !== null && sendFacts(afterglow, own, [told], { once: newId(at), at, consultationId });
}
