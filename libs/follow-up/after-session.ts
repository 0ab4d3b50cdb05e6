import { after, atTime, day, type Draft, earlier, hour, idsOf, isUpcoming, localDay, occasionOf, plain, type SessionFacts, visit, withStart } from './draft.js';

function aftercare(session: SessionFacts, completedAt: string): Draft {
  return {
    ...plain,
    ...idsOf(session),
    occasion: occasionOf(session, 'aftercare', 0),
    touchpoint: 'aftercare',
    template: 'aftercare',
    category: 'preparation',
    locals: { protocolId: session.protocolId, day: 0 },
    at: after(completedAt, hour / 2),
    expiresAt: after(completedAt, day),
    because: 'the session is completed: care at home',
  };
}

/**
 * The protocol's check-ins. Day 0 comes 2 hours after the treatment, when signs of a blocked vessel can still be answered;
 * the others at 10:00. Each makes sense until the end of the next day.
 */
function checkIns(session: SessionFacts, completedAt: string): Draft[] {
  const { timeZone, protocolId } = session;
  const treated = localDay(completedAt, timeZone);
  return session.checkInDays.map((days): Draft => ({
    ...plain,
    ...idsOf(session),
    occasion: occasionOf(session, 'check-in', days),
    touchpoint: 'check-in',
    template: 'check-in',
    category: 'safety',
    prefers: 'sms',
    elseCall: true,
    question: 'check-in',
    locals: { protocolId, day: days },
    at: days === 0 ? after(completedAt, 2 * hour) : atTime(treated.add({ days }), '10:00', timeZone),
    expiresAt: days === 0 ? atTime(treated.add({ days: 1 }), '00:00', timeZone) : atTime(treated.add({ days: days + 1 }), '23:00', timeZone),
    because: `day ${days} after ${protocolId}: its check-in`,
  }));
}

/** Check-ins that a session to come will ask for: nothing is sent for them, but texts before it leave them room. */
export const expectedCheckIns = (session: SessionFacts): Draft[] => (isUpcoming(session) && session.start !== null ? checkIns(session, session.start) : []);

function broken(session: SessionFacts): Draft[] {
  const { status, start, cancelledAt, cancelledBy, noShowAt } = session;
  if (!withStart(session)) return [];
  const common = { ...plain, ...idsOf(session), category: 'reminder', prefers: 'sms', locals: visit(session) } as const;
  if (status === 'cancelled' && cancelledAt !== null && cancelledBy !== 'patient' && session.start > cancelledAt) {
    return [
      {
        ...common,
        occasion: occasionOf(session, 'session-cancelled', session.start),
        touchpoint: 'session-cancelled',
        template: 'session-cancelled',
        elseCall: true,
        at: cancelledAt,
        expiresAt: earlier(session.start, after(cancelledAt, 2 * day)),
        because: 'the clinic cancelled the session',
      },
    ];
  }
  if (status !== 'no_show' || noShowAt === null) return [];
  return [
    {
      ...common,
      occasion: occasionOf(session, 'no-show', start ?? ''),
      touchpoint: 'no-show',
      template: 'no-show',
      at: after(noShowAt, hour),
      expiresAt: after(noShowAt, 2 * day),
      because: 'the patient did not come',
    },
  ];
}

/** What follows a session: care and check-ins when it took place, a word when it did not. */
export const afterSession = (session: SessionFacts): Draft[] => [
  ...(session.completedAt === null ? [] : [aftercare(session, session.completedAt), ...checkIns(session, session.completedAt)]),
  ...broken(session),
];
