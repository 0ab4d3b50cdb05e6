import { type ClinicDocument, staffOf, wordings } from '#clinic';
import { loadConsultation } from '#consultation';
import type { EventStore } from '#event-store';
import { narrowedBy, nextPermitted, type OutgoingMessage, permittedUntil, shippedVersion, type TemplateKey } from '#messaging';
import { loadPatients, type Patient } from '#patient';
import type { Transaction } from '#platform';
import { findSessions, type SessionView } from '#treatment';
import { calendarFor } from './calendar.js';
import { aroundConsultation } from './around-consultation.js';
import { type ClaimContext, isExempt, isPlanManaged, type Outreach } from './decider.js';
import { isLetterOnly, purposeOf, scopeOf } from './kinds.js';
import { addressOf, clinicZone, consultationNow, reachableBy, statesOf, zonesOf } from './knowledge.js';
import type { FollowUpContext } from './ledger.js';
import { type MessageContext, messageOf } from './message.js';
import { type CountedText, countedTexts } from './queries.js';
import { spread, spreadMillis } from './spread.js';

const carrierOf = ({ channel }: Outreach): 'sms' | 'email' => (channel === 'email' ? 'email' : 'sms');

/** What claims of several rows read at once. */
interface Read {
  readonly patients: ReadonlyMap<string, Patient>;
  readonly sessions: ReadonlyMap<string, SessionView>;
  readonly texts: readonly CountedText[];
  readonly unheard: ReadonlySet<string>;
}

/** What must hold of the session for a touchpoint still to be true: it stands at the time that is spoken of, or it took place. */
const standing: Readonly<Record<string, readonly string[]>> = {
  preparation: ['booked', 'confirmed'],
  instructions: ['booked', 'confirmed'],
  reminder: ['booked', 'confirmed'],
  arrival: ['booked', 'confirmed'],
  rescheduled: ['booked', 'confirmed'],
  'slot-offer': ['booked', 'confirmed', 'unscheduled', 'held'],
  aftercare: ['completed'],
  'check-in': ['completed'],
  'session-cancelled': ['cancelled'],
  'cancelled-as-asked': ['cancelled'],
  'no-show': ['no_show'],
  'next-session': ['unscheduled'],
  overdue: ['unscheduled'],
  'photo-request': ['completed'],
  satisfaction: ['completed'],
  'result-review': ['completed'],
  'maintenance-recall': ['completed'],
};

/** Of a consultation's own touchpoints: it still asks for this very one. */
async function consultationOvertaken(trx: Transaction, store: EventStore, consultationId: string, occasion: string, zone: string): Promise<string | null> {
  const facts = await consultationNow(trx, store, consultationId);
  const stands = facts !== null && aroundConsultation(facts, zone).some((draft) => draft.occasion === occasion);
  return stands ? null : 'the consultation does not call for it any more';
}

async function overtaken(trx: Transaction, { store, clinic }: FollowUpContext, row: Outreach, sessions: Read['sessions']): Promise<string | null> {
  const { sessionId, consultationId, courseId, touchpoint, locals, occasion } = row;
  if (sessionId === undefined && courseId === undefined && consultationId !== undefined && isPlanManaged(row))
    return consultationOvertaken(trx, store, consultationId, occasion, clinicZone(clinic));
  const expected = standing[touchpoint];
  if (sessionId === undefined || expected === undefined) return null;
  const session = sessions.get(sessionId);
  if (session === undefined) return 'there is no such session any more';
  if (!expected.includes(session.status)) return `the session is ${session.status.replace('_', ' ')}`;
  if (touchpoint === 'slot-offer') return session.held?.start === locals.start ? null : 'the time is not kept for the patient any more';
  return locals.start !== undefined && session.start !== locals.start ? 'the session has another time' : null;
}

function consentOf({ consents }: Patient, channel: 'sms' | 'email', scope: 'care' | 'marketing', address: string | null): ClaimContext['consent'] {
  const same = (other: string) => other.toLowerCase() === address?.toLowerCase();
  const word = consents.find((consent) => consent.channel === channel && consent.scope === scope && same(consent.address));
  return word === undefined ? 'unknown' : word.granted ? 'granted' : 'withdrawn';
}

const staffAddress = (clinic: ClinicDocument, staffId: string, channel: 'sms' | 'email') =>
  (channel === 'sms' ? staffOf(clinic, staffId)?.phone : staffOf(clinic, staffId)?.email) ?? null;

/** The clinic's hours as far as the states concerned allow them for such a row. */
const hoursFor = (row: Outreach, patient: Patient, clinic: ClinicDocument) => narrowedBy(statesOf(patient, clinic), clinic.contactHours, purposeOf(row));

/** When the row may go: now, or when the hours open, and then with the patient's own delay unless it is safety. */
function permittedAt(row: Outreach, patient: Patient, clinic: ClinicDocument, now: Date): string | null {
  const [zones, hours, purpose] = [zonesOf(patient, clinic), hoursFor(row, patient, clinic), purposeOf(row)];
  const next = nextPermitted(now, zones, hours, purpose);
  if (next === null || next <= now || row.category === 'safety') return next?.toISOString() ?? null;
  const closes = permittedUntil(next, zones, hours, purpose)?.toISOString() ?? row.expiresAt;
  return spread(next.toISOString(), spreadMillis(row.patientId ?? ''), closes < row.expiresAt ? closes : row.expiresAt);
}

const bare = { patient: null, otherChannel: null, overtaken: null, texts: [], unheard: false } as const;
/** What waits longer than this to be read is parked, and somebody looks after it; it holds nothing up any more. */
const unheardWithinMillis = 15 * 60_000;

async function readFor(trx: Transaction, { store, clock, unheard }: FollowUpContext, rows: readonly Outreach[]): Promise<Read> {
  const patientIds = [...new Set(rows.flatMap(({ patientId }) => patientId ?? []))];
  return {
    patients: await loadPatients(trx, store, patientIds),
    unheard: await unheard(trx, patientIds, new Date(clock.now().getTime() - unheardWithinMillis)),
    sessions: await findSessions(
      trx,
      rows.flatMap(({ sessionId, touchpoint }) => (sessionId === undefined || standing[touchpoint] === undefined ? [] : [sessionId])),
    ),
    texts: await countedTexts(trx, patientIds, clock.now()),
  };
}

/** What is known of a row at its claim, and of the patient that it is for. */
export interface Known extends ClaimContext {
  readonly patient: Patient | null;
}

/** Everything that bears on sending rows now, in their order, read in the transaction that claims them. */
export async function claimContexts(trx: Transaction, context: FollowUpContext, rows: readonly Outreach[]): Promise<Known[]> {
  const read = await readFor(trx, context, rows);
  return Promise.all(rows.map((row) => knownOf(trx, context, row, read)));
}

async function knownOf(trx: Transaction, context: FollowUpContext, row: Outreach, { patients, sessions, texts, unheard }: Read): Promise<Known> {
  const { clock, clinic } = context;
  const now = clock.now();
  const channel = carrierOf(row);
  const permitted = (zones: readonly string[]) => nextPermitted(now, zones, clinic.contactHours)?.toISOString() ?? null;
  const caps = clinic.messageCaps;
  if (row.staffId !== undefined) {
    const taken = row.taskId !== undefined && (await context.isAcknowledged(trx, row.taskId)) ? 'someone has acknowledged it' : null;
    return { ...bare, address: staffAddress(clinic, row.staffId, channel), overtaken: taken, consent: 'granted', permittedAt: now.toISOString(), caps };
  }
  const patient = row.patientId === null ? undefined : patients.get(row.patientId);
  if (patient === undefined) {
    const address = row.conversationId === undefined ? null : await context.strangerAddress(trx, row.conversationId);
    return { ...bare, address, consent: 'unknown', permittedAt: permitted([clinicZone(clinic)]), caps };
  }
  const other = channel === 'sms' ? 'email' : 'sms';
  const [address, scope] = [addressOf(patient, channel), scopeOf(row.touchpoint)];
  return {
    patient,
    address,
    consent: consentOf(patient, channel, scope, address),
    otherChannel: row.channel !== 'call' && !isLetterOnly(row.template) && reachableBy(patient, scope)[other] ? other : null,
    unheard: row.patientId !== null && unheard.has(row.patientId),
    overtaken: patient.erased ? 'the patient is erased' : await overtaken(trx, context, row, sessions),
    permittedAt: permittedAt(row, patient, clinic, now),
    texts: texts.filter(({ patientId, outreachId }) => patientId === row.patientId && outreachId !== row.outreachId).map(({ at }) => at),
    caps,
  };
}

/** What the plan costs, for the texts that speak of it: read now, because the ledger holds nothing personal. */
async function estimateFor(trx: Transaction, store: EventStore, { template, consultationId }: Outreach) {
  if (consultationId === undefined || (template !== 'plan-summary' && template !== 'plan-and-costs')) return null;
  return (await loadConsultation(trx, store, consultationId))?.state.estimate ?? null;
}

/** The texts that a message may be made of, of one version or those in force. */
export type Texts = (key: TemplateKey, version: number | null) => Promise<NonNullable<MessageContext['wordings']>>;

/** The approved texts (invariant 10), each read once for all messages of a transaction. */
export function approvedTexts(trx: Transaction): Texts {
  const read = new Map<string, ReturnType<typeof wordings>>();
  return (key, version) => {
    const name = `${key}/${version ?? 'in force'}`;
    const text = read.get(name) ?? wordings(trx, key, version);
    read.set(name, text);
    return text;
  };
}

/** A message with the version of the approved text that it was made of. */
export type MadeMessage = OutgoingMessage & { readonly textVersion: number };

/**
 * The message as it would leave now; of an attempt that may have left, as it left: the carrier's list is searched for it. It
 * may not be transmitted after the permitted hours end (invariant 6), nor after it has lost its sense.
 */
export async function messageFor(
  trx: Transaction,
  context: FollowUpContext,
  row: Outreach,
  { patient, address }: Pick<Known, 'patient' | 'address'>,
  texts: Texts,
): Promise<MadeMessage> {
  const { store, clock, clinic } = context;
  const to = address ?? '';
  const { messageId } = row.locals;
  const text = messageId === undefined || row.conversationId === undefined ? null : await context.writtenText(trx, row.conversationId, messageId);
  const hasPage = row.channel === 'email' || row.category === 'page';
  const { link, unsubscribeUrl } = hasPage ? await context.pageFor(trx, row) : { link: '' };
  const rendered = messageOf(row, {
    clinic,
    language: patient?.person.language,
    link,
    unsubscribeUrl,
    estimate: await estimateFor(trx, store, row),
    wordings: await texts(row.template, row.status === 'planned' ? null : (row.textVersion ?? shippedVersion)),
    ...(text === null ? {} : { text }),
  });
  const closes =
    patient === null || isExempt(row) ? null : permittedUntil(clock.now(), zonesOf(patient, clinic), hoursFor(row, patient, clinic), purposeOf(row));
  const expires = new Date(row.expiresAt);
  const calendar = await calendarFor(trx, context, row, { patientEmail: to, language: patient?.person.language });
  const email = rendered.email === undefined || calendar === null ? {} : { email: { ...rendered.email, calendar } };
  return { id: row.outreachId, to, ...rendered, ...email, validUntil: closes === null || closes > expires ? expires : closes };
}
