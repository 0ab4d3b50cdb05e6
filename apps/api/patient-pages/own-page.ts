import { createHash } from 'node:crypto';
import type { ClinicDocument } from '#clinic';
import { keepPhotos, type Photo, photoPath, receiveMessage } from '#conversation';
import { addressReached } from '#follow-up';
import { type Language, languageOf, spokenTime } from '#messaging';
import { changeContactConsent, loadPatient, type Patient } from '#patient';
import { inTransaction, type Transaction } from '#platform';
import { listSessions, type SessionView } from '#treatment';
import type { Afterglow } from '../../worker/afterglow.js';
import { openLink, type PatientLink } from './links.js';
import type { Frame } from './page.js';
import type { Visit } from './views.js';
import { type Words, words } from './words.js';

/** Everything one patient's page is made of. */
export interface OwnPage {
  readonly token: string;
  readonly base: string;
  readonly link: PatientLink;
  readonly patient: Patient;
  readonly clinic: ClinicDocument;
  readonly language: Language;
  readonly words: Words;
  readonly frame: Frame;
}

const frameOf = ({ name, phone }: ClinicDocument, language: Language): Frame => ({ language, clinic: name, phone, call: words[language].call });

/** The page behind a token; null for an unknown or expired token and for a patient who was erased. */
export async function ownPage({ db, store, clock, clinic: settings }: Afterglow, token: string): Promise<OwnPage | null> {
  const link = await openLink(db, clock, token);
  if (link === null) return null;
  const [patient, clinic] = [await loadPatient(db, store, link.patient_id), await settings()];
  if (patient.erased || Object.keys(patient.person).length === 0) return null;
  const language = languageOf(patient.person.language);
  return { token, base: `/p/${token}`, link, patient, clinic, language, words: words[language], frame: frameOf(clinic, language) };
}

/** Of someone we do not know we know only what their browser says of languages. */
export const strangersFrame = async ({ clinic }: Afterglow, acceptLanguage: string | undefined): Promise<Frame> =>
  frameOf(await clinic(), languageOf(acceptLanguage));

const open: readonly SessionView['status'][] = ['booked', 'confirmed', 'on_hold'];

/** The visit that the link speaks of while it lies ahead, else the patient's next one; null when there is none. */
export async function visitOf(
  { db, clock }: Afterglow,
  { link, language, clinic }: OwnPage,
): Promise<(Visit & { readonly sessionId: string; readonly session: SessionView }) | null> {
  const { items } = await listSessions(db, { patientId: link.patient_id, from: clock.now().toISOString(), limit: 50 });
  const ahead = items.filter(({ status }) => open.includes(status));
  const session = ahead.find(({ id }) => id === link.session_id) ?? ahead[0];
  if (session === undefined || session.start === null) return null;
  const { date, time } = spokenTime(session.start, session.timeZone ?? 'UTC', language, 'long');
  const spoken = (at: string) => Object.values(spokenTime(at, session.timeZone ?? 'UTC', language, 'long')).join(', ');
  const { held } = session;
  const offer = held?.reason === 'offer' ? { offer: { when: spoken(held.start), until: spoken(held.until) } } : {};
  return { sessionId: session.id, session, status: session.status, when: `${date}, ${time}`, place: placeOf(session, clinic), ...offer };
}

const placeOf = ({ locationId }: SessionView, { locations, name }: ClinicDocument): string => locations.find(({ id }) => id === locationId)?.name ?? name;

/** What the log calls a link: the token itself would open it. */
const nameOf = ({ token_hash }: PatientLink): string => `link/${token_hash.toString('hex')}`;

/** Links that asked for something: what comes back through them answers it. */
const asking: readonly string[] = ['check-in', 'satisfaction', 'photo'];

export interface OwnAnswer {
  readonly body: string;
  /** Names the form that was filled in. */
  readonly once: string;
  readonly photos?: readonly Photo[];
  /** Only the first answer of this form counts, whatever a later one says. */
  readonly isFirstOnly?: boolean;
}

/** The same words and photos of the same form, sent twice, are one message; other words are another, whatever the form calls itself. */
function contentOf({ body, photos = [] }: OwnAnswer): string {
  const said = createHash('sha256').update(body);
  for (const { bytes } of photos) said.update(bytes);
  return said.digest('base64url').slice(0, 22);
}

/** Hands what the patient says on their own page to the thread, where it is judged like any text. */
export async function takeAnswer(afterglow: Afterglow, { link, patient }: OwnPage, answer: OwnAnswer): Promise<void> {
  const { body, once, photos = [], isFirstOnly = false } = answer;
  const { phone, email } = patient.person;
  const form = `${nameOf(link)}/${once}${isFirstOnly ? '' : `/${contentOf(answer)}`}`;
  const inbound = {
    channel: 'web',
    from: phone ?? email ?? 'web',
    body,
    media: photos.map(({ type }, place) => ({ url: photoPath(form, place), contentType: type })),
    providerMessageId: form,
    receivedAt: afterglow.clock.now(),
    patientId: link.patient_id,
    ...(asking.includes(link.purpose) ? { outreachId: link.outreach_id } : {}),
  } as const;
  await inTransaction(afterglow.db, async (trx) => {
    const { messageId, duplicate } = await receiveMessage(trx, afterglow, inbound, async () => []);
    if (!duplicate) await keepPhotos(trx, afterglow, { patientId: link.patient_id, form, messageId, photos });
  });
  afterglow.wake();
}

/** Withdraws e-mail, care and marketing, for the address that the letter with the link went to: it may not be the present one. */
export async function unsubscribe(trx: Transaction, context: Pick<Afterglow, 'store' | 'clock'>, { link, patient }: OwnPage): Promise<void> {
  const reached = { patientId: link.patient_id, outreachId: link.outreach_id, channel: 'email' as const };
  const email = (await addressReached(trx, context.store, reached)) ?? patient.person.email;
  if (email === undefined) return;
  for (const scope of ['care', 'marketing'] as const) {
    await changeContactConsent(trx, context, {
      patientId: link.patient_id,
      cause: `${nameOf(link)}/${context.clock.now().toISOString()}`,
      channel: 'email',
      scope,
      address: email,
      granted: false,
      method: 'link',
    });
  }
}
