/*
 * What follows from a message that came in: pure, effects as data. Invariants of the design that it keeps:
 *   7. After a withdrawal nothing is sent but one confirmation; safety follow-up becomes a call task, it is never silenced.
 *   8. Every message is triaged; emergency and urgent ones page at once, and on until someone acknowledges.
 *   9. Nothing here lowers an urgency: two readings of one digit give the higher, or a question.
 *  10. Answers are keys of approved templates.
 *  14. The rules that matched, their version and the open questions stand in the event.
 */
import type { ClinicDocument } from '#clinic';
import { deterministicId } from '#platform';
import type { CheckIn, Rung } from './events.js';
import { answerBy } from './deadlines.js';
import { afterOpenMinutes } from './opening-hours.js';
import {
  atLeast,
  type DigitQuestion,
  type Language,
  lowScore,
  type RecoveryContext,
  satisfactionScore,
  triage,
  type TriageResult,
  type Urgency,
} from './triage/index.js';

export const rulesVersion = 1;

/** Service levels of which a clinic sets none of its own. */
const clarificationMinutes = 2 * 60;
const callMinutes = 2 * 60;

export interface OpenQuestion extends CheckIn {
  readonly patientId: string;
  readonly answered: boolean;
}

export interface Incoming {
  readonly messageId: string;
  readonly conversationId: string;
  readonly patientId: string | null;
  readonly patientIds: readonly string[];
  readonly channel: 'sms' | 'email' | 'web';
  readonly outreachId: string | null;
  readonly body: string;
  readonly hasMedia: boolean;
  readonly at: Date;
}

export interface Situation {
  readonly clinic: ClinicDocument;
  readonly contexts: readonly RecoveryContext[];
  /** Questions that may still be answered, newest first. */
  readonly questions: readonly OpenQuestion[];
  readonly hasUpcomingSession: boolean;
  /** The person asked for no more messages, and has not asked for them again. */
  readonly stopped: boolean;
}

export type Template = string;

/** What other slices do about a message; `apps/worker/flow.ts` carries these out in the transaction of the event. */
export type Effect =
  | {
      readonly type: 'withdraw-consent';
      readonly patientId: string;
      readonly conversationId: string;
      readonly channel: 'sms' | 'email';
      readonly scopes: readonly ('care' | 'marketing')[];
      readonly messageId: string;
    }
  | {
      readonly type: 'grant-consent';
      readonly patientId: string;
      readonly conversationId: string;
      readonly channel: 'sms' | 'email';
      readonly scopes: readonly ['care'];
      readonly messageId: string;
    }
  | { readonly type: 'confirm-session'; readonly sessionId: string; readonly patientId: string; readonly messageId: string }
  | { readonly type: 'request-reschedule'; readonly sessionId: string; readonly patientId: string; readonly messageId: string }
  | ({ readonly type: 'take-offer' | 'decline-offer'; readonly sessionId: string } & Omit<SendAnswer, 'type' | 'template' | 'fallback' | 'category'>)
  | SendAnswer
  | PageStaff
  | RemindStaff;

export interface SendAnswer {
  readonly type: 'send-answer';
  readonly template: Template;
  /** When the director has approved no text of that very key. */
  readonly fallback: Template;
  readonly category: 'stop-confirmation' | 'safety' | 'answer';
  readonly conversationId: string;
  readonly patientId: string | null;
  readonly channel: 'sms' | 'email';
  readonly replyTo: string;
  /** The language of the message; absent when it does not say: then the patient's own holds. */
  readonly language?: Language;
}

export interface PageStaff {
  readonly type: 'page';
  readonly taskId: string;
  readonly rung: number;
  readonly attempt: number;
  readonly staffId: string;
  readonly channel: 'sms' | 'email';
  readonly urgency: Urgency | null;
  readonly conversationId: string | null;
  readonly patientId: string | null;
}

/** Tells a member of staff, once a day, that tasks of theirs were not done in time. */
export interface RemindStaff {
  readonly type: 'remind';
  readonly staffId: string;
  /** The day, in the clinic's zone. */
  readonly on: string;
  readonly channel: 'sms' | 'email';
}

/** A task to open; the id comes from what it is about, so that deciding again opens nothing twice. */
export interface NewTask {
  readonly taskId: string;
  readonly kind: string;
  readonly why: string;
  readonly dueAt: Date;
  readonly role: string;
  readonly urgency?: Urgency;
  readonly patientId?: string;
  readonly sessionId?: string;
  readonly conversationId?: string;
  readonly messageId?: string;
  readonly ladder?: readonly Rung[];
}

export interface Decision {
  readonly triage: TriageResult;
  readonly wish: 'stop' | 'start' | 'help' | null;
  /** The questions that the text answers, or may answer when ambiguous. */
  readonly questions: readonly CheckIn[];
  readonly ambiguous: boolean;
  /** What the text says of how happy the patient is: a score, its why, or nothing. */
  readonly satisfaction: { readonly score: number | null } | null;
  readonly answerDueAt: Date | null;
  /** By when a person should have answered; null when nobody is asked for. */
  readonly answerBy: Date | null;
  readonly tasks: readonly NewTask[];
  readonly effects: readonly Effect[];
}

const digit = /^\W*([1-9])\W*$/u;
const highest: Readonly<Record<DigitQuestion, string>> = { confirm: '2', 'check-in': '3', satisfaction: '5', offer: '2' };
const fits = (question: DigitQuestion, value: string | undefined) => value === undefined || value <= highest[question];

/** Threads a reply to the question it was asked by name, else to the newest open one; a digit that fits two is ambiguous. */
export function threadTo({ body, outreachId }: Incoming, questions: readonly OpenQuestion[]): { questions: readonly OpenQuestion[]; ambiguous: boolean } {
  const named = questions.filter((question) => question.outreachId === outreachId);
  if (named.length > 0) return { questions: named, ambiguous: false };
  const value = digit.exec(body.normalize('NFKC'))?.[1];
  const unanswered = questions.filter(({ answered, question }) => !answered && fits(question, value));
  // One question a session counts: an older check-in of the same session is superseded by the newer one.
  const distinct = unanswered.filter(
    (one, index) => unanswered.findIndex(({ sessionId, question }) => sessionId === one.sessionId && question === one.question) === index,
  );
  // An offer is short-lived: while it is the newest question about a visit, a digit means it, unless it may mean how the skin is.
  if (value !== undefined && distinct[0]?.question === 'offer' && distinct.every(({ question }) => question === 'offer' || question === 'confirm'))
    return { questions: distinct.slice(0, 1), ambiguous: false };
  if (value !== undefined && distinct.length > 1) return { questions: distinct, ambiguous: true };
  // A score that was given stands: a later digit is about something else, later words are its why.
  const answerable = questions.filter(({ question, answered }) => fits(question, value) && !(answered && question === 'satisfaction' && value !== undefined));
  const aboutHealing = value === undefined ? distinct.find(({ question }) => question !== 'satisfaction') : undefined;
  const newest = aboutHealing ?? distinct[0] ?? answerable[0];
  return { questions: newest === undefined ? [] : [newest], ambiguous: false };
}

function wishOf({ optOut, rules }: TriageResult): Decision['wish'] {
  if (optOut) return 'stop';
  if (rules.includes('keyword:start')) return 'start';
  return rules.includes('keyword:help') ? 'help' : null;
}

const textChannel = ({ channel }: Incoming): 'sms' | 'email' => (channel === 'email' ? 'email' : 'sms');

/** The key of an approved template that stands in for one that is not written yet. */
export function fallbackOf(template: Template): Template {
  if (template === 'stop.confirmed.emergency') return 'emergency.911';
  if (template === 'stop.confirmed.urgent') return 'urgent.call';
  return template.startsWith('ask.') ? 'ask' : template;
}

function answer(incoming: Incoming, result: TriageResult, template: Template): SendAnswer {
  const safety = atLeast(result.urgency, 'urgent');
  return {
    type: 'send-answer',
    template,
    fallback: fallbackOf(template),
    category: result.optOut ? 'stop-confirmation' : safety ? 'safety' : 'answer',
    conversationId: incoming.conversationId,
    patientId: incoming.patientId,
    channel: textChannel(incoming),
    replyTo: incoming.messageId,
    ...(result.language === null ? {} : { language: result.language }),
  };
}

/** Invariant 7: a stopped thread hears one confirmation of the wish and no more; answers on the patient's page need none. */
function answers(incoming: Incoming, result: TriageResult, wish: Decision['wish'], stopped: boolean, ambiguous: boolean): SendAnswer[] {
  const template = ambiguous && result.urgency === 'ask' ? 'ask.which_question' : result.reply;
  if (template === null || incoming.channel === 'web' || (stopped && wish !== 'start')) return [];
  return [answer(incoming, result, template)];
}

function consent(incoming: Incoming, wish: Decision['wish']): Effect[] {
  const { messageId, conversationId, patientIds } = incoming;
  const common = { conversationId, channel: textChannel(incoming), messageId };
  if (wish === 'stop') return patientIds.map((patientId) => ({ type: 'withdraw-consent', patientId, scopes: ['care', 'marketing'], ...common }));
  return wish === 'start' ? patientIds.map((patientId) => ({ type: 'grant-consent', patientId, scopes: ['care'], ...common })) : [];
}

/** A yes or a no to a time that came free; what a yes is answered with depends on whether it can still be had. */
function offerAnswer(incoming: Incoming, { rules, language }: TriageResult, { sessionId }: OpenQuestion): Effect[] {
  const { conversationId, patientId, messageId } = incoming;
  const about = { sessionId, conversationId, patientId, channel: textChannel(incoming), replyTo: messageId, ...(language === null ? {} : { language }) };
  if (rules.includes('digit:offer:1')) return [{ type: 'take-offer', ...about }];
  return rules.includes('digit:offer:2') ? [{ type: 'decline-offer', ...about }] : [];
}

function sessionWish(incoming: Incoming, result: TriageResult, questions: readonly OpenQuestion[], ambiguous: boolean): Effect[] {
  const [question] = questions;
  if (!ambiguous && question?.question === 'offer') return offerAnswer(incoming, result, question);
  if (ambiguous || question?.question !== 'confirm') return [];
  const about = { sessionId: question.sessionId, patientId: question.patientId, messageId: incoming.messageId };
  if (result.rules.includes('digit:confirm:1')) return [{ type: 'confirm-session', ...about }];
  return result.rules.includes('digit:confirm:2') ? [{ type: 'request-reschedule', ...about }] : [];
}

/** A score is an answer to the one question it was asked for; words to that question are its why, whatever else they are. */
function satisfactionIn(result: TriageResult, questions: readonly OpenQuestion[], ambiguous: boolean): Decision['satisfaction'] {
  const [question] = questions;
  if (ambiguous || question?.question !== 'satisfaction') return null;
  return { score: question.answered ? null : satisfactionScore(result.rules) };
}

const later = (at: Date, minutes: number) => new Date(at.getTime() + minutes * 60_000);

/** Which people must act, and by when. */
function tasksFor(
  incoming: Incoming,
  result: TriageResult,
  situation: Situation,
  wish: Decision['wish'],
  rest: { sessionId: string | undefined; reschedule: boolean; ambiguous: boolean; score: number | null },
): NewTask[] {
  const { messageId, conversationId, patientId, at } = incoming;
  const { clinic, contexts, hasUpcomingSession, stopped } = situation;
  const task = (kind: string, why: string, dueAt: Date, role: string, more: Partial<NewTask> = {}): NewTask => ({
    taskId: deterministicId('task', kind, messageId),
    kind,
    why,
    dueAt,
    role,
    conversationId,
    messageId,
    urgency: result.urgency,
    ...(patientId === null ? {} : { patientId }),
    ...(rest.sessionId === undefined ? {} : { sessionId: rest.sessionId }),
    ...more,
  });
  const answered = answerBy(clinic, result.urgency, at);
  const review = (why: string) => task('review', why, answered, 'provider');
  const tasks: NewTask[] = [];
  if (atLeast(result.urgency, 'urgent'))
    tasks.push(task('escalation', `${result.urgency} reply`, at, clinic.escalation[0]?.role ?? 'on_call', { ladder: clinic.escalation }));
  else if (result.urgency === 'soon') tasks.push(review('a reply to look at today'));
  else if (result.rules.includes('9d')) tasks.push(review('a reply after a treatment whose replies a clinician reads first'));
  else if (result.urgency === 'ask' && (stopped || wish === 'stop')) tasks.push(review('a question that may not be sent'));
  else if (rest.ambiguous) tasks.push(review('an answer that fits two questions'));
  else if (incoming.patientId === null && wish === null && result.urgency !== 'ask')
    tasks.push(task('message', "from a number that is no patient's", answered, 'front_desk'));
  else if (result.rules.includes('6:desk')) tasks.push(task('message', 'for the front desk', answered, 'front_desk'));
  if (rest.score !== null && rest.score <= lowScore)
    tasks.push(
      task('message', `a patient gave us ${rest.score} of 5`, afterOpenMinutes(clinic, at, callMinutes), 'front_desk', {
        taskId: deterministicId('task', 'score', messageId),
      }),
    );
  if (rest.reschedule) tasks.push(task('reschedule', 'the patient asks for another time', answered, 'front_desk'));
  const watched = contexts.length > 0 || hasUpcomingSession;
  if (wish === 'stop' && watched)
    tasks.push(task('call', 'asked for no more messages while under care', afterOpenMinutes(clinic, at, callMinutes), 'front_desk'));
  return tasks;
}

/** Kinds of task that are done once the patient has an answer; a call after a STOP is none. */
const forAnswer = ['escalation', 'review', 'message', 'reschedule'];

/** An ambiguous digit weighs what it weighs under the gravest of its questions, and at least one question to the patient (invariant 9). */
function judge({ body, hasMedia }: Incoming, contexts: readonly RecoveryContext[], questions: readonly OpenQuestion[], ambiguous: boolean): TriageResult {
  const asked: (DigitQuestion | null)[] = questions.map(({ question }) => question);
  const readings = (ambiguous || asked.length === 0 ? [null, ...asked] : asked).map((digitQuestion) => triage(body, contexts, { digitQuestion, hasMedia }));
  return readings.reduce((gravest, reading) => (atLeast(gravest.urgency, reading.urgency) ? gravest : reading));
}

/** Judges a message and says all that follows. The same message in the same situation gives the same ids, so that doing it twice does nothing. */
export function decideReply(incoming: Incoming, situation: Situation): Decision {
  const { questions, ambiguous } = threadTo(incoming, situation.questions);
  const result = judge(incoming, situation.contexts, questions, ambiguous);
  const wish = wishOf(result);
  const sent = answers(incoming, result, wish, situation.stopped, ambiguous);
  const wishes = sessionWish(incoming, result, questions, ambiguous);
  const asked = result.urgency === 'ask' && sent.length > 0 && wish === null;
  const satisfaction = satisfactionIn(result, questions, ambiguous);
  const reschedule = wishes.some(({ type }) => type === 'request-reschedule');
  const tasks = tasksFor(incoming, result, situation, wish, { sessionId: questions[0]?.sessionId, reschedule, ambiguous, score: satisfaction?.score ?? null });
  return {
    triage: result,
    wish,
    questions: questions.map(({ answered: _answered, patientId: _patientId, ...question }) => question),
    ambiguous,
    satisfaction,
    answerDueAt: asked ? later(incoming.at, clarificationMinutes) : null,
    answerBy: tasks.some(({ kind }) => forAnswer.includes(kind)) ? answerBy(situation.clinic, result.urgency, incoming.at) : null,
    tasks,
    effects: [...consent(incoming, wish), ...wishes, ...sent],
  };
}
