/*
 * Consent to a plan on the patient's own page. It serves these invariants:
 *   2. Signing is one gate of several: it opens none of the others, and comes after those that it rests on (design, section 4).
 *  10. The text is the clinic's own, or says that there is none; nothing clinical is made up here.
 *  14. What was read and acknowledged is in the log word for word, with its version.
 */
import { createHash } from 'node:crypto';
import type { ClinicDocument, ConsentWording } from '#clinic';
import { consultationsOf, type Gate, type Plan } from '#consultation';
import type { Language } from '#messaging';
import { matchesAny } from '#protocols';
import type { Afterglow } from '../../../worker/afterglow.js';
import { judgedConsultation } from '../../../worker/patient-picture.js';
import { sendFacts, source, type Told } from '../facts.js';
import type { OwnPage } from '../own-page.js';
import { consentWords, generalConsent, generalVersion } from './words.js';

/** Why a plan cannot be signed now; in the order of the gates. */
export type Missing = 'no_plan' | 'declined' | 'deferred' | 'assessment' | 'plan' | 'education' | 'questions';
const restsOn = ['assessment', 'plan', 'education', 'questions'] as const;

/** What was signed, as far as it was signed here. */
export interface Copy {
  readonly documentVersion: string;
  readonly signedAt: string;
  readonly name: string | null;
  readonly points: readonly string[];
  readonly documents: readonly ConsentWording[];
}

export interface Reading {
  readonly consultationId: string;
  readonly plan: Plan;
  readonly missing: Missing | null;
  readonly signed: Copy | null;
  readonly decided: boolean;
  readonly documents: readonly ConsentWording[];
  readonly version: string;
  /** Names what is read: a plan that changed meanwhile has another. */
  readonly mark: string;
}

const agreed = (plan: Plan, word: { planId: string; at: string } | null) =>
  word !== null && word.planId === plan.planId && (plan.changedAt === null || word.at >= plan.changedAt);

function missingOf(gates: readonly Gate[], decision: string | undefined): Missing | null {
  if (decision === 'declined' || decision === 'deferred') return decision;
  return restsOn.find((name) => gates.find(({ gate }) => gate === name)?.met === 'unmet') ?? null;
}

/** The clinic's documents for a plan, each once; the general one where the clinic has none for a treatment of it. */
export function documentsFor({ consentDocuments }: Pick<ClinicDocument, 'consentDocuments'>, plan: Plan, language: Language) {
  const own = consentDocuments.filter(({ protocols }) => plan.items.some(({ protocolId }) => matchesAny(protocolId, protocols)));
  const uncovered = plan.items.some(({ protocolId }) => !own.some(({ protocols }) => matchesAny(protocolId, protocols)));
  return {
    version: [...own.map(({ version }) => version), ...(uncovered ? [generalVersion] : [])].join('+').slice(0, 100),
    documents: [...own.map((document) => document[language] ?? document.en), ...(uncovered ? [generalConsent[language]] : [])],
  };
}

/** The newest signature under a plan, with what was read when it was given on this page. */
async function copyOf({ db, store }: Afterglow, consultationId: string, plan: Plan): Promise<Copy | null> {
  const events = await store.readStream(db, `consultation/${consultationId}`);
  const signatures = events
    .filter(({ type, data }) => type === 'consultation.consent-signed.v1' && data['planId'] === plan.planId)
    .filter(({ occurredAt }) => plan.changedAt === null || occurredAt.toISOString() >= plan.changedAt)
    .sort((a, b) => a.occurredAt.getTime() - b.occurredAt.getTime());
  const last = signatures.at(-1);
  if (last === undefined) return null;
  const { documentVersion, signedAt, typedName, acknowledged, documents } = last.data as Record<string, unknown>;
  const here = last.meta['source'] === source;
  return {
    documentVersion: String(documentVersion),
    signedAt: String(signedAt),
    name: typeof typedName === 'string' ? typedName : null,
    points: here ? (acknowledged as string[]) : [],
    documents: here ? (documents as ConsentWording[]) : [],
  };
}

/** What a patient reads and may sign: the plan that was proposed last; null when none was. */
export async function readConsent(afterglow: Afterglow, own: OwnPage): Promise<Reading | null> {
  const { db } = afterglow;
  const context = await afterglow.treatment();
  const bound = await consultationsOf(db, [own.link.patient_id]);
  const judged = await Promise.all(bound.map(({ consultationId }) => judgedConsultation(context, db, consultationId)));
  const planned = judged.flatMap((one) => (one === null || one.state.plan === null ? [] : [{ ...one, plan: one.state.plan }]));
  const newest = planned.sort((a, b) => (a.plan.proposedAt < b.plan.proposedAt ? -1 : 1)).at(-1);
  if (newest === undefined) return null;
  const { consultationId, plan, gates, state } = newest;
  const { version, documents } = documentsFor(own.clinic, plan, own.language);
  const decided = state.decision?.decision === 'proceed' && agreed(plan, state.decision);
  return {
    consultationId,
    plan,
    missing: missingOf(gates, state.decision?.decision),
    signed: await copyOf(afterglow, consultationId, plan),
    decided,
    version,
    documents,
    mark: createHash('sha256')
      .update(JSON.stringify([plan.planId, plan.items, documents]))
      .digest('base64url')
      .slice(0, 22),
  };
}

/** Every point that has to hold before a signature: the documents' own, and the wish to go ahead. */
export const pointsOf = ({ documents }: Pick<Reading, 'documents'>, language: Language): string[] => [
  ...new Set([...documents.flatMap(({ points }) => points), consentWords[language].goAhead]),
];

const plain = (text: string) =>
  text
    .normalize('NFD')
    .replaceAll(/[^\p{L}]+/gu, ' ')
    .trim()
    .toLowerCase();

/** Does a typed name name this patient? Accents, case and further names do not matter. */
export function namesPatient({ patient: { person } }: Pick<OwnPage, 'patient'>, typed: string): boolean {
  const words = plain(typed.normalize('NFD').replaceAll(/\p{M}/gu, '')).split(' ');
  const wanted = [person.givenName, person.familyName].map((name) => plain((name ?? '').normalize('NFD').replaceAll(/\p{M}/gu, '')).split(' '));
  return wanted.every((name) => name.some((word) => words.includes(word)));
}

/** Signs what was read: the decision for the plan, where it is not made yet, and the consent with every word of it. */
export async function signConsent(afterglow: Afterglow, own: OwnPage, reading: Reading, { name, once }: { name: string; once: string }): Promise<boolean> {
  const { consultationId, plan, documents, version, decided } = reading;
  const at = afterglow.clock.now();
  const signature = {
    planId: plan.planId,
    documentVersion: version,
    acknowledged: pointsOf(reading, own.language),
    signedAt: at.toISOString(),
    typedName: name,
    language: own.language,
    documents,
  };
  const told: Told[] = [
    ...(decided ? [] : [{ type: 'consultation.decision-made.v1', data: { decision: 'proceed', planId: plan.planId } } as const]),
    { type: 'consultation.consent-signed.v1', data: signature, name: reading.mark },
  ];
  return sendFacts(afterglow, own, told, { once, at, consultationId });
}
