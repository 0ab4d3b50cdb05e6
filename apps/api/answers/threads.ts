import { z } from 'zod';
import { answer, instant, language, pageOf, urgency } from '../answers.js';

answer('Urgency', urgency);

const row = {
  id: z.string(),
  patientId: z.string().nullable(),
  channel: z.string(),
  address: z.string().nullable(),
  status: z.string(),
  urgency: urgency.nullable(),
  assignee: z.string().nullable(),
  lastMessageAt: instant,
  unansweredSince: instant.nullable(),
  answerBy: instant.nullable(),
  snoozedUntil: instant.nullable(),
  version: z.number(),
};
export const conversationPage = pageOf('ConversationPage', answer('Conversation', z.object(row)));

const checkIn = z.object({
  outreachId: z.string(),
  question: z.enum(['confirm', 'check-in', 'satisfaction', 'offer']),
  sessionId: z.string().nullable(),
  protocolId: z.string().nullable(),
  day: z.number().nullable(),
});
const triage = z.object({
  urgency,
  codes: z.array(z.string()),
  rules: z.array(z.string()),
  by: z.string(),
  ambiguous: z.boolean(),
  reason: z.string().optional(),
});
const message = answer(
  'Message',
  z.object({
    id: z.string(),
    direction: z.enum(['in', 'out']),
    channel: z.string(),
    subject: z.string().nullable(),
    body: z.string().nullable(),
    media: z.array(z.looseObject({ url: z.string(), contentType: z.string().optional() })),
    at: instant,
    author: z.string().nullable(),
    outreachId: z.string().nullable(),
    touchpoint: z.string().nullable(),
    triage: triage.nullable(),
    checkIn: checkIn.nullable(),
    checkIns: z.array(checkIn),
  }),
);
export const thread = answer('Thread', z.object({ ...row, messages: z.array(message) }));
export const written = answer('Written', z.object({ outreachId: z.string() }));

export const suggestionPage = pageOf('SuggestionPage', answer('Suggestion', z.object({ key: z.string(), language, text: z.string() })));

export const task = answer(
  'Task',
  z.object({
    id: z.string(),
    kind: z.string(),
    why: z.string(),
    status: z.enum(['open', 'acknowledged', 'done']),
    dueAt: instant,
    role: z.string().nullable(),
    assignee: z.string().nullable(),
    urgency: urgency.nullable(),
    patientId: z.string().nullable(),
    sessionId: z.string().nullable(),
    courseId: z.string().nullable(),
    outreachId: z.string().nullable(),
    conversationId: z.string().nullable(),
    messageId: z.string().nullable(),
    openedAt: instant,
    acknowledgedAt: instant.nullable(),
    acknowledgedBy: z.string().nullable(),
    told: z.array(z.string()),
    nextRung: z.object({ rung: z.number(), role: z.string(), at: instant }).nullable(),
  }),
);
export const taskPage = pageOf('TaskPage', task);

export const outreachStatus = answer(
  'OutreachStatus',
  z.enum(['planned', 'attempting', 'sent', 'delivered', 'in_doubt', 'unproven', 'failed', 'missed', 'cancelled']),
);
const outreachTask = z.object({
  id: z.string(),
  kind: z.string(),
  status: z.string(),
  dueAt: instant,
  role: z.string().nullable(),
  assignee: z.string().nullable(),
  why: z.string(),
  acknowledgedBy: z.string().nullable(),
});
const outreachRow = {
  id: z.string(),
  key: z.string(),
  patientId: z.string().nullable(),
  sessionId: z.string().nullable(),
  touchpoint: z.string(),
  channel: z.string(),
  dueAt: instant,
  status: outreachStatus,
  sentAt: instant.nullable(),
  providerMessageId: z.string().nullable(),
  attempts: z.number(),
  why: z.string(),
  because: z.string(),
  category: z.string(),
  courseId: z.string().nullable(),
  consultationId: z.string().nullable(),
  conversationId: z.string().nullable(),
  taskId: z.string().nullable(),
  staffId: z.string().nullable(),
  expiresAt: instant,
  nextAttemptAt: instant.nullable(),
  held: z.boolean(),
  stoppedBy: z.string().nullable(),
  tasks: z.array(outreachTask),
};
export const outreachPage = pageOf('OutreachPage', answer('Outreach', z.object(outreachRow)));
export const outreachStory = answer(
  'OutreachWithStory',
  z.object({
    ...outreachRow,
    story: z.array(z.object({ at: instant, what: z.string(), by: z.string().nullable(), why: z.string().nullable(), dueAt: instant.nullable() })),
  }),
);
export const outreachTexts = answer(
  'OutreachTexts',
  z.object({
    id: z.string(),
    language,
    texts: z.record(z.string(), z.object({ subject: z.string().nullable(), body: z.string(), segments: z.number().nullable() })),
  }),
);
export const touchpointPage = pageOf('TouchpointPage', z.string());
