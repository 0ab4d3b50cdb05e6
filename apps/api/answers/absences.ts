import { z } from 'zod';
import { answer, instant } from '../answers.js';

const place = z.object({
  start: instant,
  end: instant,
  timeZone: z.string(),
  locationId: z.string(),
  providerId: z.string(),
  roomId: z.string(),
  deviceId: z.string().nullable(),
});

export const absencePreview = answer(
  'AbsencePreview',
  z.object({
    previewId: z.string(),
    from: instant,
    to: instant,
    changes: z.array(
      z.object({
        sessionId: z.string(),
        courseId: z.string(),
        patientId: z.string(),
        protocolId: z.string(),
        number: z.number(),
        status: z.string(),
        outcome: z.enum(['same_time', 'moved', 'on_hold']),
        before: place,
        after: place.nullable(),
        why: z.string(),
      }),
    ),
  }),
);
