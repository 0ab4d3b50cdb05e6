import { z } from 'zod';
import { answer, day, instant, pageOf } from '../answers.js';

const reason = z.object({ constraint: z.string(), detail: z.string() });
export const sessionStatus = answer(
  'SessionStatus',
  z.enum(['unscheduled', 'held', 'booked', 'confirmed', 'arrived', 'completed', 'no_show', 'cancelled', 'on_hold']),
);

const held = z.object({
  holdId: z.string(),
  until: instant,
  reason: z.enum(['proposal', 'request', 'offer']),
  start: instant,
  end: instant,
  locationId: z.string(),
  providerId: z.string(),
  roomId: z.string(),
  deviceId: z.string().nullable(),
});

export const session = answer(
  'Session',
  z.object({
    id: z.string(),
    courseId: z.string(),
    patientId: z.string(),
    item: z.number(),
    number: z.number(),
    protocolId: z.string(),
    protocolVersion: z.number(),
    status: sessionStatus,
    start: instant.nullable(),
    end: instant.nullable(),
    turnoverMinutes: z.number().nullable(),
    timeZone: z.string().nullable(),
    locationId: z.string().nullable(),
    providerId: z.string().nullable(),
    roomId: z.string().nullable(),
    deviceId: z.string().nullable(),
    earliest: instant.nullable(),
    latest: instant.nullable(),
    because: z.array(reason),
    holds: z.array(z.object({ gate: z.string(), why: z.string() })),
    override: z
      .object({
        by: z.string(),
        reason: z.string(),
        constraints: z.array(reason),
        waives: z.array(z.looseObject({ source: z.string(), lane: z.string() })),
      })
      .nullable(),
    held: held.nullable(),
    completedAt: instant.nullable(),
    completedOn: day.nullable(),
    sequence: z.number(),
  }),
);
const preferred = z.object({ weekday: z.number(), from: z.string(), to: z.string() });
const wish = z.enum(['any', 'earlier']);
export const waitlistPage = pageOf(
  'WaitlistPage',
  answer(
    'WaitingSession',
    session.extend({ waiting: z.object({ since: instant, wish, windows: z.array(preferred), passed: z.array(z.string()) }).optional() }),
  ),
);
export const waitlistJoined = answer('WaitlistJoined', z.object({ sessionId: z.string(), wish, windows: z.array(preferred) }));
export const sessionPage = pageOf('SessionPage', session);

export const course = answer(
  'Course',
  z.object({
    id: z.string(),
    consultationId: z.string(),
    patientId: z.string(),
    planId: z.string(),
    locationId: z.string(),
    status: z.enum(['absent', 'open', 'unschedulable', 'closed']),
    items: z.array(z.object({ item: z.number(), protocolId: z.string(), protocolVersion: z.number(), sessions: z.number(), area: z.string().optional() })),
    sessions: z.array(session),
    because: z.array(reason),
    relaxations: z.array(z.object({ constraint: z.string(), change: z.string(), cost: z.number() })),
  }),
);

const plannedSession = z.object({
  item: z.number(),
  number: z.number(),
  protocolId: z.string(),
  start: instant,
  end: instant,
  providerId: z.string(),
  roomId: z.string(),
  deviceId: z.string().nullable(),
});
export const whyNot = answer(
  'WhyNot',
  z.union([
    z.object({ allowed: z.literal(true), session: plannedSession }),
    z.object({ allowed: z.literal(false), because: z.array(reason), together: z.boolean() }),
  ]),
);

export const choices = answer(
  'Choices',
  z.object({ gridMinutes: z.number(), items: z.array(answer('DayOfChoice', z.object({ date: day, starts: z.array(instant), because: z.array(reason) }))) }),
);

const proposedSession = plannedSession.extend({
  courseId: z.string(),
  patientId: z.string(),
  sessionId: z.string(),
  protocolVersion: z.number(),
  turnoverMinutes: z.number(),
  timeZone: z.string(),
  locationId: z.string(),
  earliest: instant,
  latest: instant.nullable(),
  because: z.array(reason),
  spacing: z.record(z.string(), z.number()),
});
export const proposalPage = pageOf(
  'ProposalPage',
  answer(
    'Proposal',
    z.looseObject({ proposalId: z.string(), cost: z.number(), optimal: z.boolean(), explanation: z.array(z.string()), sessions: z.array(proposedSession) }),
  ),
);

export const slotPage = pageOf(
  'FreeSlotPage',
  answer('FreeSlot', z.object({ start: instant, providerId: z.string(), roomId: z.string(), deviceId: z.string().nullable(), locationId: z.string() })),
);
