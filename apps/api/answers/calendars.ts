import { z } from 'zod';
import { answer, instant, pageOf } from '../answers.js';

const feed = { id: z.string(), kind: z.enum(['provider', 'room', 'patient']), of: z.string() };

export const calendarAddress = answer('CalendarAddress', z.object({ ...feed, address: z.string() }));
export const calendarPage = pageOf('CalendarPage', z.object({ ...feed, createdBy: z.string(), createdAt: instant }));
