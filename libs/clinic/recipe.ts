import { z } from 'zod';

/** What of the clinic a part of a session holds; the patient is there from beginning to end. */
const role = z.enum(['provider', 'room', 'device']);

const segment = z.looseObject({
  /** Such as numbing, treatment, recovery on site. */
  name: z.string().max(80).optional(),
  minutes: z.int().min(1).max(1440),
  holds: z.array(role),
});

/** A session as its parts one after the other, each with what it holds: the laser need not wait while a cream numbs. */
export const recipe = z
  .array(segment)
  .min(1)
  .max(12)
  .superRefine((segments, context) => {
    for (const needed of ['provider', 'room'] as const)
      if (!segments.some(({ holds }) => holds.includes(needed))) context.addIssue({ code: 'custom', message: `no part holds a ${needed}` });
  });

export type Recipe = z.output<typeof recipe>;
