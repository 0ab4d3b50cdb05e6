import { protocolVersion, wordings } from '#clinic';
import { consultationsOf, loadConsultation } from '#consultation';
import { arrivalLines, listOutreach } from '#follow-up';
import { letterText, spokenTime, type TemplateKey, type Variables } from '#messaging';
import { addDays, aftercareOn, daysBetween, type LocalDate, preparationSteps } from '#protocols';
import { listSessions, type SessionView } from '#treatment';
import { Temporal } from 'temporal-polyfill';
import type { Afterglow } from '../../worker/afterglow.js';
import { checklist, type Step } from './checklist.js';
import { consentWords } from './consent/words.js';
import { type OwnPage, visitOf } from './own-page.js';

export interface CarePart {
  readonly title: string;
  readonly text: string;
  /** Steps to tick off, where the part has any. */
  readonly steps?: readonly Step[];
  /** Where more of it stands. */
  readonly more?: { readonly to: string; readonly label: string };
}

const dayMillis = 86_400_000;
const rememberedDays = 60;

const today = (now: Date, timeZone: string): LocalDate =>
  Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(timeZone).toPlainDate().toString();

const common = ({ clinic }: OwnPage): Variables => ({ clinic: clinic.name, phone: clinic.phone });

/** A letter's words as the clinic approved them last. */
const approved = async ({ db }: Afterglow, { language }: OwnPage, key: TemplateKey, variables: Variables): Promise<string> =>
  letterText((await wordings(db, key))[language], variables);

/** Care for today after everything that was done lately, by protocol and day; nothing once no treatment asks for any. */
async function afterVisits(afterglow: Afterglow, own: OwnPage): Promise<CarePart[]> {
  const { db, clock } = afterglow;
  const { link, language, words } = own;
  const now = clock.now();
  const since = new Date(now.getTime() - rememberedDays * dayMillis).toISOString();
  const { items } = await listSessions(db, { patientId: link.patient_id, from: since, status: 'completed', limit: 50 });
  const days = items.flatMap(({ protocolId, completedOn, timeZone }) =>
    completedOn === null ? [] : [{ protocolId, day: daysBetween(completedOn, today(now, timeZone ?? 'UTC')) }],
  );
  const care = [...new Set(days.sort((a, b) => a.day - b.day).flatMap(({ protocolId, day }) => aftercareOn(protocolId, day, language)))];
  if (care.length === 0) return [];
  const key = days[0]?.day === 0 ? 'aftercare' : 'aftercare.later';
  return [{ title: words.after, text: await approved(afterglow, own, key, { ...common(own), care }) }];
}

/** Codes of what this patient leaves off by now for the visit: what they use without prescription, once its days have begun. */
async function avoidedNow({ db, clock }: Afterglow, { patient }: OwnPage, session: SessionView, date: LocalDate): Promise<string[]> {
  const protocol = await protocolVersion(db, session.protocolId, session.protocolVersion);
  const day = today(clock.now(), session.timeZone ?? 'UTC');
  if (protocol === null) return [];
  const begun = preparationSteps(patient.facts, protocol, day).filter(({ daysBefore }) => addDays(date, -daysBefore - 1) <= day);
  return [...new Set(begun.map(({ code }) => code))];
}

/** What is to be ticked off for the next visit as of today; nothing when there is no visit or nothing to leave off. */
export async function stepsNow(afterglow: Afterglow, own: OwnPage): Promise<Step[]> {
  const visit = await visitOf(afterglow, own);
  if (visit === null || visit.session.start === null) return [];
  const date = today(new Date(visit.session.start), visit.session.timeZone ?? 'UTC');
  const codes = await avoidedNow(afterglow, own, visit.session, date);
  return checklist(afterglow, { patientId: own.link.patient_id, sessionId: visit.sessionId }, codes, own.language);
}

async function beforeVisit(afterglow: Afterglow, own: OwnPage): Promise<CarePart[]> {
  const visit = await visitOf(afterglow, own);
  if (visit === null || visit.session.start === null) return [];
  const { language, clinic, words } = own;
  const { start, timeZone, locationId } = visit.session;
  const when = spokenTime(start, timeZone ?? 'UTC', language, 'long');
  const variables = { ...common(own), ...when, place: visit.place, arrival: arrivalLines(clinic, locationId ?? undefined, language) };
  const steps = await stepsNow(afterglow, own);
  const avoid = steps.map(({ label }) => label);
  const preparation =
    avoid.length === 0 ? [] : [{ title: words.getReady, text: await approved(afterglow, own, 'preparation', { ...variables, avoid }), steps }];
  return [...preparation, { title: words.before, text: await approved(afterglow, own, 'instructions', variables) }];
}

/** Which documents the patient signed, and when: their copy. */
async function signed({ db, store }: Afterglow, { base, link, language, clinic, words }: OwnPage): Promise<CarePart[]> {
  const timeZone = clinic.locations[0]?.timeZone ?? 'UTC';
  const found = await Promise.all((await consultationsOf(db, [link.patient_id])).map(({ consultationId }) => loadConsultation(db, store, consultationId)));
  const consents = found.flatMap((consultation) => consultation?.state.consents ?? []).sort((a, b) => (a.signedAt > b.signedAt ? -1 : 1));
  const line = ({ documentVersion, signedAt }: { documentVersion: string; signedAt: string }) =>
    `${words.document} ${documentVersion}: ${spokenTime(signedAt, timeZone, language, 'long').date}, ${signedAt.slice(0, 4)}`;
  return consents.length === 0
    ? []
    : [{ title: words.signed, text: consents.map(line).join('\n'), more: { to: `${base}/consent`, label: consentWords[language].read } }];
}

export interface AfterAnswer {
  /** What is normal today and what is not, as the director approved it. */
  readonly care: readonly CarePart[];
  /** The day of our next question, as the patient says it; null when none is planned. */
  readonly nextOn: string | null;
}

/** What a patient wants to know once they told us how it is. */
export async function afterAnswer(afterglow: Afterglow, own: OwnPage): Promise<AfterAnswer> {
  const { db, clock } = afterglow;
  const planned = { patientId: own.link.patient_id, status: 'planned', from: clock.now().toISOString(), limit: 200 } as const;
  const due = (await listOutreach(db, planned)).items.flatMap(({ touchpoint, dueAt }) => (touchpoint === 'check-in' ? [dueAt] : []));
  const [next] = due.sort();
  const timeZone = own.clinic.locations[0]?.timeZone ?? 'UTC';
  return { care: await afterVisits(afterglow, own), nextOn: next === undefined ? null : spokenTime(next, timeZone, own.language, 'long').date };
}

/** What concerns the patient now: care after the last visits, how to get ready for and come to the next, what they signed. */
export const careParts = async (afterglow: Afterglow, own: OwnPage): Promise<CarePart[]> => [
  ...(await afterVisits(afterglow, own)),
  ...(await beforeVisit(afterglow, own)),
  ...(await signed(afterglow, own)),
];
