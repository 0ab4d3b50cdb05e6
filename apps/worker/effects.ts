import { completeTask, conversation, type Effect, type ExecuteEffects, isAcknowledged, openTask, recordAnswer, task, unheardPatients } from '#conversation';
import {
  addressReached,
  enqueueAnswer,
  enqueuePage,
  enqueueReminder,
  enqueueWritten,
  type FollowUpContext,
  type OutreachEffect,
  type WordOnAddress,
} from '#follow-up';
import { carrierKeyword, type Channel, type MediaAnswer, smtpChannel, twilioChannel, twilioMedia } from '#messaging';
import { changeContactConsent, loadPatient, suppressAddress } from '#patient';
import { newId, type Reader, Rejected, type Transaction } from '#platform';
import { confirmVisit, declineOffer, type OpenTask, requestReschedule, takeOffer } from '#treatment';
import type { Config } from '../../libs/platform/config.js';
import { issueLink, purposeOf } from '../api/patient-pages/links.js';
import type { Afterglow } from './afterglow.js';

type Outgoing = Parameters<FollowUpContext['pageFor']>[1];

/** A way out that is not set up: every message is refused and stays in the ledger, to be tried later. */
const missing = (name: 'sms' | 'email', variable: string): Channel => ({
  name,
  send: async () => ({ kind: 'refused', code: 'not-set-up', reason: 'away', retry: 'later', why: `${variable} is not set` }),
  evidence: async () => ({ kind: 'not-found' }),
  close: async () => undefined,
});

function senderOf({ TWILIO_FROM: from, TWILIO_MESSAGING_SERVICE_SID: messagingServiceSid, TWILIO_API_BASE_URL: apiBaseUrl }: Config) {
  return {
    ...(from === undefined ? {} : { from }),
    ...(messagingServiceSid === undefined ? {} : { messagingServiceSid }),
    ...(apiBaseUrl === undefined ? {} : { apiBaseUrl }),
  };
}

function mailSettings({ MAIL_FROM: from, SMTP_POOL, SMTP_RATE, DKIM_DOMAIN: domain, DKIM_SELECTOR: selector, DKIM_KEY_FILE: privateKey }: Config) {
  const signed = domain !== undefined && selector !== undefined && privateKey !== undefined;
  return { from, maxConnections: SMTP_POOL, messagesPerSecond: SMTP_RATE, ...(signed && { dkim: { domain, selector, privateKey } }) };
}

/** The ways out of the house, as the environment sets them. */
export function openChannels({ config, clock }: Pick<Afterglow, 'config' | 'clock'>): { readonly sms: Channel; readonly email: Channel } {
  const { TWILIO_ACCOUNT_SID: accountSid, TWILIO_AUTH_TOKEN: authToken, PUBLIC_URL } = config;
  const ready = accountSid !== undefined && authToken !== undefined;
  return {
    sms: ready
      ? twilioChannel({ accountSid, authToken, clock, ...senderOf(config), statusCallbackUrl: `${PUBLIC_URL}/webhooks/twilio/status` })
      : missing('sms', 'TWILIO_ACCOUNT_SID'),
    email: config.SMTP_URL === undefined ? missing('email', 'SMTP_URL') : smtpChannel({ url: config.SMTP_URL, clock, ...mailSettings(config) }),
  };
}

/** How photos are fetched from the carrier. */
export function mediaOf({ TWILIO_ACCOUNT_SID: accountSid, TWILIO_AUTH_TOKEN: authToken, TWILIO_API_BASE_URL: apiBaseUrl }: Config) {
  if (accountSid !== undefined && authToken !== undefined) return twilioMedia({ accountSid, authToken, apiBaseUrl });
  return async (): Promise<MediaAnswer> => ({ kind: 'later', why: 'TWILIO_ACCOUNT_SID is not set' });
}

/** The page behind a message: the console for a member of staff, else the patient's own. */
async function pageFor(afterglow: Afterglow, trx: Transaction, { outreachId, patientId, staffId, sessionId, touchpoint, channel, category }: Outgoing) {
  const { PUBLIC_URL } = afterglow.config;
  if (staffId !== undefined || patientId === null) return { link: `${PUBLIC_URL}/` };
  const about = { patientId, outreachId };
  const link = `${PUBLIC_URL}/p/${await issueLink(trx, afterglow, { ...about, purpose: purposeOf(touchpoint), sessionId: sessionId ?? null })}`;
  if (channel !== 'email' || category === 'answer') return { link };
  return { link, unsubscribeUrl: `${PUBLIC_URL}/p/${await issueLink(trx, afterglow, { ...about, purpose: 'unsubscribe' })}/unsubscribe` };
}

async function writtenText(db: Reader, conversationId: string, messageId: string): Promise<string | null> {
  return (await conversation(db, conversationId))?.messages.find(({ id }) => id === messageId)?.body ?? null;
}

/** What sending needs, as of now. */
export async function followUpOf(afterglow: Afterglow): Promise<FollowUpContext> {
  const { db, store, clock, channels, config } = afterglow;
  return {
    db,
    store,
    clock,
    channels,
    clinic: await afterglow.clinic(),
    organizer: /<([^>]+)>/.exec(config.MAIL_FROM)?.[1] ?? config.MAIL_FROM,
    pageFor: (trx, row) => pageFor(afterglow, trx, row),
    isAcknowledged,
    unheard: unheardPatients,
    strangerAddress: async (reader, conversationId) => (await conversation(reader, conversationId))?.address ?? null,
    writtenText: (reader, conversationId, messageId) => writtenText(reader, conversationId, messageId),
  };
}

const isOutreachCall = (effect: Effect | OutreachEffect | OpenTask): effect is OutreachEffect | OpenTask => 'effect' in effect;
type Consent = Extract<Effect, { type: 'withdraw-consent' | 'grant-consent' }>;

/** The patient's word on contact, for the address at which they were reached. */
async function changeConsent(trx: Transaction, afterglow: Afterglow, { patientId, channel, scopes, type, messageId }: Consent): Promise<void> {
  const { person } = await loadPatient(trx, afterglow.store, patientId);
  const address = channel === 'sms' ? person.phone : person.email;
  if (address === undefined) return;
  for (const scope of scopes)
    await changeContactConsent(trx, afterglow, { patientId, channel, scope, address, granted: type === 'grant-consent', method: 'keyword', cause: messageId });
}

/** A reply may come for a session that has gone: then the patient hears from a person, and nothing breaks. */
async function onSession(
  trx: Transaction,
  afterglow: Afterglow,
  { type, sessionId, patientId, messageId }: Extract<Effect, { type: 'confirm-session' | 'request-reschedule' }>,
): Promise<void> {
  const act = type === 'confirm-session' ? confirmVisit : requestReschedule;
  try {
    await act(await afterglow.treatment(trx), sessionId, 'patient');
  } catch (error) {
    if (!(error instanceof Rejected)) throw error;
    const dueAt = new Date(afterglow.clock.now().getTime() + 4 * 3_600_000);
    await openTask(trx, afterglow, {
      taskId: `${messageId}-session`,
      kind: 'desk',
      why: `the patient answered about a session: ${error.message}`,
      dueAt,
      role: 'front_desk',
      patientId,
      sessionId,
    });
  }
}

/** An offer may be over when the answer comes: then the patient hears so, and their visit stays. */
async function onOffer(
  trx: Transaction,
  afterglow: Afterglow,
  effect: Extract<Effect, { type: 'take-offer' | 'decline-offer' }>,
  receivedAt: Date,
): Promise<void> {
  const { type, sessionId, ...answer } = effect;
  const act = type === 'take-offer' ? takeOffer : declineOffer;
  try {
    await act(await afterglow.treatment(trx), sessionId, 'patient');
  } catch (error) {
    if (!(error instanceof Rejected)) throw error;
    if (type === 'decline-offer') return;
    const ledger = { ...afterglow, clinic: await afterglow.clinic(trx) };
    await enqueueAnswer(trx, ledger, { ...answer, template: 'slot-offer.gone', fallback: 'received', category: 'answer', receivedAt });
  }
}

/** A text that is nothing but a keyword is confirmed by the carrier itself, which then refuses what we would add. */
const isConfirmedByCarrier = (effect: Effect, said: unknown): boolean =>
  effect.type === 'send-answer' &&
  effect.channel === 'sms' &&
  /^(stop|start)\.confirmed/.test(effect.template) &&
  typeof said === 'string' &&
  carrierKeyword(said) !== null;

async function carryOutOne(trx: Transaction, afterglow: Afterglow, effect: Effect, cause: { receivedAt: Date }): Promise<void> {
  const ledger = { ...afterglow, clinic: await afterglow.clinic(trx) };
  switch (effect.type) {
    case 'withdraw-consent':
    case 'grant-consent':
      return changeConsent(trx, afterglow, effect);
    case 'confirm-session':
    case 'request-reschedule':
      return onSession(trx, afterglow, effect);
    case 'take-offer':
    case 'decline-offer':
      return onOffer(trx, afterglow, effect, cause.receivedAt);
    case 'send-answer':
      return void (await enqueueAnswer(trx, ledger, { ...effect, receivedAt: cause.receivedAt }));
    case 'page':
      return void (await enqueuePage(trx, ledger, effect));
    case 'remind':
      return void (await enqueueReminder(trx, ledger, effect));
  }
}

const sessionEffects = /session$|offer$|^request-reschedule$/;

/** Carries out what the conversation decided, in the transaction of the message. Sessions first: their locks come first. */
export const carryOut =
  (afterglow: Afterglow): ExecuteEffects =>
  async (trx, effects, cause) => {
    const ordered = [...effects].sort((a, b) => Number(sessionEffects.test(b.type)) - Number(sessionEffects.test(a.type)));
    for (const effect of ordered.filter((one) => !isConfirmedByCarrier(one, cause?.data['body'])))
      await carryOutOne(trx, afterglow, effect, { receivedAt: cause?.occurredAt ?? afterglow.clock.now() });
  };

/** Acts on the address that the message went to, not on the one that the patient has by now. */
async function heedWord(trx: Transaction, afterglow: Afterglow, { effect, patientId, channel, outreachId, cause }: WordOnAddress): Promise<void> {
  const address = await addressReached(trx, afterglow.store, { patientId, outreachId, channel });
  if (address === null) return;
  if (effect === 'suppress-address') return suppressAddress(trx, afterglow, { patientId, channel, address, cause });
  for (const scope of ['care', 'marketing'] as const)
    await changeContactConsent(trx, afterglow, { patientId, channel, scope, address, granted: false, method: 'keyword', cause });
}

const roleOf: Readonly<Record<string, string>> = { 'clinician-review': 'provider', review: 'front_desk', call: 'front_desk', desk: 'front_desk' };

/** Opens and closes the tasks, and records the opt-outs, that follow from what happened to a course or a message. */
export async function openTasks(trx: Transaction, afterglow: Afterglow, effects: readonly (OpenTask | OutreachEffect)[], cause: string): Promise<void> {
  for (const effect of effects) {
    if (!isOutreachCall(effect)) continue;
    switch (effect.effect) {
      case 'open-task': {
        const { effect: _effect, dueAt, kind, ...about } = effect;
        await openTask(trx, afterglow, { ...about, kind, dueAt: new Date(dueAt), role: roleOf[kind] ?? 'front_desk' }, cause);
        break;
      }
      case 'complete-task':
        if ((await task(trx, effect.taskId)) !== null) await completeTask(trx, afterglow, { taskId: effect.taskId, by: 'afterglow' });
        break;
      default:
        await heedWord(trx, afterglow, effect);
    }
  }
}

/** A member of staff writes in a thread: shown at once, sent by the ledger. @throws Rejected `not_found`. */
export async function writeToPatient(
  trx: Transaction,
  afterglow: Afterglow,
  { conversationId, body, by }: { conversationId: string; body: string; by: string },
): Promise<string> {
  const thread = await conversation(trx, conversationId);
  if (thread === null) throw new Rejected('not_found', 'There is no such conversation.', { status: 404 });
  const channel = thread.channel === 'email' ? ('email' as const) : ('sms' as const);
  const messageId = newId(afterglow.clock.now());
  const lastIn = thread.messages.findLast(({ direction }) => direction === 'in');
  const ledger = { ...afterglow, clinic: await afterglow.clinic(trx) };
  const about = { conversationId, patientId: thread.patientId, channel, messageId, answersMessageAt: lastIn === undefined ? null : new Date(lastIn.at), by };
  const outreachId = await enqueueWritten(trx, ledger, about);
  await recordAnswer(trx, afterglow, { conversationId, messageId, channel, body, author: by, outreachId });
  return outreachId;
}
