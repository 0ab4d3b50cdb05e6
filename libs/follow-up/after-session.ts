import { careChanges } from '#protocols';
import {
  after,
  atTime,
  day,
  type Draft,
  draftOf,
  earlier,
  hour,
  idsOf,
  isUpcoming,
  localDay,
  occasionOf,
  type SessionFacts,
  type Upcoming,
  visit,
  withStart,
} from './draft.js';

const [photoDay, photoOpenDays] = [10, 2];

/** Care at home: at once, and on each later day on which the protocol's care changes. */
function aftercare(session: SessionFacts, completedAt: string): Draft[] {
  const { protocolId, timeZone } = session;
  const care = (days: number, rest: Pick<Draft, 'at' | 'expiresAt' | 'because'> & Partial<Draft>) =>
    draftOf('aftercare', { ...idsOf(session), occasion: occasionOf(session, 'aftercare', days), locals: { protocolId, day: days }, ...rest });
  const treated = localDay(completedAt, timeZone);
  return [
    care(0, { at: after(completedAt, hour / 2), expiresAt: after(completedAt, day), because: 'the session is completed: care at home' }),
    ...careChanges(protocolId).map((days) =>
      care(days, {
        template: 'aftercare.later',
        at: atTime(treated.add({ days }), '09:00', timeZone),
        expiresAt: atTime(treated.add({ days: days + 1 }), '12:00', timeZone),
        because: `care at home changes on day ${days}, by protocol ${protocolId}`,
      }),
    ),
  ];
}

/** A photo of the first session of a series shows how this skin heals; the result is looked at when the series is done. */
function photoRequest(session: SessionFacts, completedAt: string): Draft[] {
  if (session.number !== 1) return [];
  const { timeZone } = session;
  const at = atTime(localDay(completedAt, timeZone).add({ days: photoDay }), '11:00', timeZone);
  const occasion = occasionOf(session, 'photo-request', photoDay);
  return [
    draftOf('photo-request', {
      ...idsOf(session),
      occasion,
      at,
      expiresAt: after(at, photoOpenDays * day),
      because: `day ${photoDay} after the first of its series`,
    }),
  ];
}

/**
 * The protocol's check-ins. Day 0 comes 2 hours after the treatment, when signs of a blocked vessel can still be answered;
 * the others at 10:00. Each makes sense until the end of the next day.
 */
function checkIns(session: SessionFacts, completedAt: string): Draft[] {
  const { timeZone, protocolId } = session;
  const treated = localDay(completedAt, timeZone);
  return session.checkInDays.map((days) =>
    draftOf('check-in', {
      ...idsOf(session),
      occasion: occasionOf(session, 'check-in', days),
      locals: { protocolId, day: days },
      at: days === 0 ? after(completedAt, 2 * hour) : atTime(treated.add({ days }), '10:00', timeZone),
      expiresAt: days === 0 ? atTime(treated.add({ days: 1 }), '00:00', timeZone) : atTime(treated.add({ days: days + 1 }), '23:00', timeZone),
      because: `day ${days} after ${protocolId}: its check-in`,
    }),
  );
}

/** Check-ins that a session to come will ask for: nothing is sent for them, but texts before it leave them room. */
export const expectedCheckIns = (session: SessionFacts): Draft[] => (isUpcoming(session) && session.start !== null ? checkIns(session, session.start) : []);

/** A visit that was called off: the clinic breaks its word in person, the patient's own wish is put in writing and out of their calendar. */
function calledOff(session: Upcoming, cancelledAt: string): Draft[] {
  if (session.start <= cancelledAt) return [];
  const asked = session.cancelledBy === 'patient';
  const touchpoint = asked ? 'cancelled-as-asked' : 'session-cancelled';
  return [
    draftOf(touchpoint, {
      ...idsOf(session),
      locals: visit(session),
      occasion: occasionOf(session, touchpoint, session.start),
      at: cancelledAt,
      expiresAt: earlier(session.start, after(cancelledAt, 2 * day)),
      because: asked ? 'the patient cancelled the session' : 'the clinic cancelled the session',
    }),
  ];
}

function broken(session: SessionFacts): Draft[] {
  const { status, cancelledAt, noShowAt } = session;
  if (!withStart(session)) return [];
  if (status === 'cancelled' && cancelledAt !== null) return calledOff(session, cancelledAt);
  if (status !== 'no_show' || noShowAt === null) return [];
  return [
    draftOf('no-show', {
      ...idsOf(session),
      locals: visit(session),
      occasion: occasionOf(session, 'no-show', session.start),
      at: after(noShowAt, hour),
      expiresAt: after(noShowAt, 2 * day),
      because: 'the patient did not come',
    }),
  ];
}

/** What follows a session: care and check-ins when it took place, a word when it did not. */
export const afterSession = (session: SessionFacts): Draft[] => [
  ...(session.completedAt === null
    ? []
    : [...aftercare(session, session.completedAt), ...checkIns(session, session.completedAt), ...photoRequest(session, session.completedAt)]),
  ...broken(session),
];
