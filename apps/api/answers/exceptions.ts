import { z } from 'zod';
import { answer, instant, pageOf } from '../answers.js';

const shown = z.object({
  exceptionId: z.string(),
  kind: z.enum(['absence', 'extra_shift', 'downtime', 'closure', 'extra_hours']),
  from: instant,
  to: instant,
  staffId: z.string().optional(),
  locationId: z.string().optional(),
  roomId: z.string().optional(),
  deviceId: z.string().optional(),
  unit: z.number().optional(),
  on: z.string().optional(),
  hours: z.array(z.tuple([z.string(), z.string()])).optional(),
  reason: z.string().optional(),
});

export const exception = answer('ClinicException', shown);
export const exceptionPage = pageOf('ClinicExceptionPage', exception);
