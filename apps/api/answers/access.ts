import { z } from 'zod';
import { answer, instant, pageOf } from '../answers.js';

export const me = answer('Me', z.object({ name: z.string(), staffId: z.string().nullable(), roles: z.array(z.string()) }));
export const openSessionPage = pageOf(
  'OpenSessionPage',
  answer(
    'OpenSession',
    z.object({
      id: z.string(),
      device: z.string(),
      startedAt: instant,
      seenAt: instant.nullable(),
      expiresAt: instant,
      current: z.boolean(),
    }),
  ),
);
export const ended = answer('EndedSessions', z.object({ ended: z.number() }));
export const secondFactor = answer('SecondFactor', z.object({ on: z.boolean() }));
export const newFactor = answer('NewSecondFactor', z.object({ secret: z.string(), uri: z.string() }));
export const accessPage = pageOf(
  'AccessLogPage',
  answer('AccessLogEntry', z.object({ id: z.string(), at: instant, actor: z.string(), action: z.string(), patientId: z.string().nullable() })),
);

export const accepted = answer('AcceptedEvent', z.object({ status: z.enum(['accepted', 'duplicate']) }));
export const eventTypePage = pageOf('EventTypePage', answer('EventType', z.object({ type: z.string(), schema: z.unknown() })));
export const quarantinePage = pageOf(
  'QuarantinePage',
  answer(
    'QuarantinedEvent',
    z.object({
      id: z.string(),
      eventId: z.string().nullable(),
      source: z.string().nullable(),
      code: z.string(),
      message: z.string(),
      path: z.string().nullable(),
      status: z.string(),
      receivedAt: instant,
      retriedAt: instant.nullable(),
    }),
  ),
);
export const counts = answer(
  'IntakeCounts',
  z.object({
    accepted: z.number(),
    duplicates: z.number(),
    rejected: z.array(z.object({ index: z.number(), id: z.string().nullable(), code: z.string(), message: z.string(), path: z.string().nullable() })),
  }),
);
export const alive = answer('Alive', z.object({ status: z.string() }));
export const ready = answer(
  'Ready',
  z.object({
    status: z.string(),
    checks: z.object({ database: z.boolean(), migrations: z.boolean(), queue: z.boolean() }),
    warnings: z.array(z.string()).optional(),
  }),
);
