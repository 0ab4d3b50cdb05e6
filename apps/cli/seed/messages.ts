import { triage, type Urgency } from '#conversation';
import { deterministicId } from '#platform';
import { addDays } from '#protocols';
import type { Chance } from '../simulate/chance.js';
import { instantAt } from './diary.js';
import type { Chronicle } from './events.js';
import type { ToldVisit } from './history.js';
import type { PersonOfSeed } from './people.js';

/*
 * What was sent around a visit and what the patient answered: the reminder of two days before and the check-in of day three.
 * Told for the visits of the last months only; older texts are of no use to anybody who looks at a day.
 */

const rememberedDays = 120;
const checkInDay = 3;
const dayMillis = 86_400_000;
const after = (instant: string, minutes: number) => new Date(Date.parse(instant) + minutes * 60_000).toISOString();

/** What patients write, and of how many it is said from the first on. */
const answers = [
  { share: 0.7, body: 'All good, thank you' },
  { share: 0.85, body: 'A little pink still, is that ok?' },
  { share: 0.93, body: 'Can I come a bit later next time?' },
  { share: 0.97, body: 'It feels hotter than yesterday' },
  { share: 0.99, body: 'A blister came up this morning' },
  { share: 1, body: 'There are bumps filled with pus' },
] as const;
const minutesToAnswer: Readonly<Partial<Record<Urgency, number>>> = { emergency: 15, urgent: 60, soon: 240, ask: 480 };

interface Sending {
  readonly touchpoint: 'reminder' | 'check-in';
  readonly occasion: string;
  readonly question: 'confirm' | 'check-in';
  readonly dueAt: string;
  readonly expiresAt: string;
  readonly because: string;
  readonly locals: Readonly<Record<string, unknown>>;
}

/** A message from its plan to the carrier's word that it arrived. Answers its id. */
function tellSent(chronicle: Chronicle, { course, visit }: ToldVisit, patientId: string, sending: Sending): string {
  const { touchpoint, occasion, dueAt, question, locals, ...rest } = sending;
  const outreachId = deterministicId('outreach', occasion);
  const attemptId = deterministicId('attempt', occasion);
  const about = { outreachId, patientId, courseId: course.courseId, sessionId: visit.sessionId, touchpoint, channel: 'sms' };
  const category = touchpoint === 'reminder' ? 'reminder' : 'safety';
  const say = (type: string, at: string, data: Readonly<Record<string, unknown>>) => chronicle.tell(`outreach/${patientId}`, type, at, data);
  say('outreach.planned.v1', after(dueAt, -60), {
    ...about,
    category,
    key: `${occasion}/sms`,
    occasion,
    template: touchpoint === 'reminder' ? 'reminder.confirmed' : touchpoint,
    locals,
    question,
    targetAt: dueAt,
    dueAt,
    ...rest,
  });
  say('outreach.attempted.v1', dueAt, { outreachId, attemptId, at: dueAt, leaseUntil: after(dueAt, 2) });
  const sentAt = after(dueAt, 1);
  const day = locals['day'];
  say('outreach.sent.v1', sentAt, {
    ...about,
    category,
    providerMessageId: `SM${attemptId.replaceAll('-', '')}`,
    sentAt,
    attemptId,
    question,
    protocolId: course.protocolId,
    ...(typeof day === 'number' ? { day } : {}),
  });
  say('outreach.delivered.v1', after(sentAt, 1), { outreachId });
  return outreachId;
}

interface Reply {
  readonly patientId: string;
  readonly phone: string;
  readonly outreachId: string;
  readonly at: string;
  readonly now: string;
}

/** What a patient wrote back, how it is judged, and that somebody dealt with it; what came in last is still open. */
function tellReply(chronicle: Chronicle, { course, visit }: ToldVisit, { patientId, phone, outreachId, at, now }: Reply, chance: Chance): void {
  if (at >= now) return;
  const roll = chance.unit('answer');
  const body = answers.find(({ share }) => roll < share)?.body ?? answers[0].body;
  const { urgency, codes, rules } = triage(body, [{ protocolId: course.protocolId, day: checkInDay }]);
  const messageId = deterministicId('message', outreachId);
  const stream = `conversation/${patientId}`;
  const ids = { messageId, conversationId: patientId };
  const waits = minutesToAnswer[urgency];
  const carried = { patientId, patientIds: [patientId], channel: 'sms', providerMessageId: `SM${messageId.replaceAll('-', '')}` };
  chronicle.tell(stream, 'message.received.v1', at, { ...ids, ...carried }, { from: phone, body, media: [] });
  chronicle.tell(stream, 'reply.triaged.v1', at, {
    ...ids,
    urgency,
    codes,
    rules,
    by: 'afterglow',
    questions: [{ outreachId, question: 'check-in', sessionId: visit.sessionId, protocolId: course.protocolId, day: checkInDay }],
    channel: 'sms',
    answerBy: waits === undefined ? null : after(at, waits),
  });
  const dealtWith = after(at, waits === undefined ? 5 : 90);
  const by = waits === undefined ? 'afterglow' : 'desk-tan';
  if (dealtWith < now) chronicle.tell(stream, 'conversation.resolved.v1', dealtWith, { conversationId: patientId, by });
}

/** Reminder, check-in and answer of one visit. */
export function tellMessages(chronicle: Chronicle, told: ToldVisit, patientId: string, { person }: PersonOfSeed, now: string, chance: Chance): void {
  const { visit, course, ending } = told;
  const { start, on, post } = visit.seat;
  if (Date.parse(start) < Date.parse(now) - rememberedDays * dayMillis || start > now || ending === 'cancelled') return;
  const occasion = (touchpoint: string, ...more: readonly (string | number)[]) => [course.courseId, visit.sessionId, touchpoint, ...more].join('/');
  tellSent(chronicle, told, patientId, {
    touchpoint: 'reminder',
    occasion: occasion('reminder', start, 2),
    question: 'confirm',
    dueAt: instantAt(addDays(on, -2), 10 * 60 + 30, post.timeZone),
    expiresAt: after(start, -60),
    because: 'two days before the session',
    locals: { start, timeZone: post.timeZone, locationId: post.locationId },
  });
  const asked = instantAt(addDays(on, checkInDay), 10 * 60, post.timeZone);
  if (ending !== 'completed' || asked >= now) return;
  const outreachId = tellSent(chronicle, told, patientId, {
    touchpoint: 'check-in',
    occasion: occasion('check-in', checkInDay),
    question: 'check-in',
    dueAt: asked,
    expiresAt: instantAt(addDays(on, checkInDay + 1), 23 * 60, post.timeZone),
    because: `day ${checkInDay} after ${course.protocolId}: its check-in`,
    locals: { protocolId: course.protocolId, day: checkInDay },
  });
  const reply = { patientId, phone: person.phone, outreachId, at: after(asked, chance.whole('minutes', 2, 300)), now };
  if (chance.happens('writes', 0.4)) tellReply(chronicle, told, reply, chance);
}
