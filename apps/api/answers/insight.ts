import { z } from 'zod';
import { answer, urgency } from '../answers.js';
import { sessionStatus } from './sessions.js';
import { outreachStatus } from './threads.js';

const count = z.int().min(0);
const share = z.number().min(0).max(1).nullable();
export const insight = answer(
  'Insight',
  z.looseObject({
    period: z.object({ from: z.iso.date(), to: z.iso.date(), timeZone: z.string() }),
    sessions: z.object({
      byStatus: z.partialRecord(sessionStatus, count).describe('Sessions that start in the period, as they stand now.'),
      due: count.describe('Those of them that have an end: arrived, completed or no-show.'),
      noShows: count,
      noShowRate: share,
      moves: z.object({ sessions: count, byPatient: count, byStaff: count, bySchedule: count }).describe('Moves made in the period.'),
    }),
    confirmations: z.object({ asked: count, confirmed: count, rate: share }).describe('Sessions asked about in the period, and confirmed since.'),
    courses: z.object({ completed: count, underWay: count, abandoned: count }).describe('Courses with a session in the period, as they stand now.'),
    checkIns: z.object({
      asked: count,
      answered: count,
      replyRate: share,
      days: z.array(
        z.object({ protocolId: z.string().nullable(), day: z.int().nullable(), asked: count, answered: count, outcomes: z.partialRecord(urgency, count) }),
      ),
    }),
    answers: z.object({
      waits: count,
      answered: count,
      closed: count,
      waiting: count,
      medianMinutes: z.number().nullable(),
      p90Minutes: z.number().nullable(),
    }),
    satisfaction: z.object({ asked: count, answered: count, scores: z.array(count), mean: z.number().nullable() }),
    messages: z.array(z.object({ channel: z.enum(['sms', 'email', 'call']), status: outreachStatus, messages: count })),
  }),
);
