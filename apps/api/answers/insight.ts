import { z } from 'zod';
import { answer, day, urgency } from '../answers.js';
import { sessionStatus } from './sessions.js';
import { outreachStatus } from './threads.js';

const rate = z.number().nullable();

export const insight = answer(
  'Insight',
  z.looseObject({
    period: z.object({ from: day, to: day, timeZone: z.string() }),
    sessions: z.object({
      byStatus: z.partialRecord(sessionStatus, z.number()),
      due: z.number(),
      noShows: z.number(),
      noShowRate: rate,
      moves: z.object({ sessions: z.number(), byPatient: z.number(), byStaff: z.number(), bySchedule: z.number() }),
    }),
    confirmations: z.object({ asked: z.number(), confirmed: z.number(), rate }),
    courses: z.object({ completed: z.number(), underWay: z.number(), abandoned: z.number() }),
    checkIns: z.object({
      asked: z.number(),
      answered: z.number(),
      replyRate: rate,
      days: z.array(
        z.object({
          protocolId: z.string().nullable(),
          day: z.number().nullable(),
          asked: z.number(),
          answered: z.number(),
          outcomes: z.partialRecord(urgency, z.number()),
        }),
      ),
    }),
    answers: z.object({
      waits: z.number(),
      answered: z.number(),
      closed: z.number(),
      waiting: z.number(),
      medianMinutes: rate,
      p90Minutes: rate,
    }),
    satisfaction: z.object({ asked: z.number(), answered: z.number(), mean: rate, scores: z.array(z.number()) }),
    messages: z.array(z.object({ channel: z.enum(['sms', 'email', 'call']), status: outreachStatus, messages: z.number() })),
  }),
);
