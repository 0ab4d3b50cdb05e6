import type { ClinicDocument } from '#clinic';
import type { RecordedEvent, Subscription } from '#event-store';
import { offerReaches } from '#follow-up';
import { narrowedBy, nextPermitted } from '#messaging';
import { type Asking, freedBy, freeingTypes, offerFreed, readTreatmentEvent, waitingSessions } from '#treatment';
import type { Afterglow } from './afterglow.js';

type Waiting = Pick<Afterglow, 'db' | 'store' | 'clock' | 'treatment'>;

const hourMillis = 3_600_000;
/** How long a patient has to answer, counted in the clinic's hours of contact, and how long before a visit they must know of it. */
const [answerHours, leadHours] = [2, 12];

/** Until when an answer counts: two hours from now, or from when patients may be written to again. */
function answerUntil({ contactHours, locations }: ClinicDocument, now: Date): Date {
  const [first] = locations;
  const states = first?.state === undefined ? [] : [first.state];
  const opens = nextPermitted(now, [first?.timeZone ?? 'UTC'], narrowedBy(states, contactHours, 'care'), 'care') ?? now;
  return new Date(opens.getTime() + answerHours * hourMillis);
}

async function offer(afterglow: Waiting, event: RecordedEvent): Promise<void> {
  const own = readTreatmentEvent(event);
  const freed = own === null ? null : freedBy(own);
  if (freed === null || (await waitingSessions(afterglow.db)).length === 0) return;
  const context = await afterglow.treatment();
  const until = answerUntil(context.clinic, afterglow.clock.now());
  const ledger = { ...afterglow, clinic: context.clinic };
  const reaches: Asking['reaches'] = ({ patientId, sessionId }, { start, timeZone, locationId }) =>
    offerReaches(afterglow.db, ledger, { patientId, sessionId, offer: { holdId: event.id, start, timeZone, locationId, until: until.toISOString() } });
  const notBefore = new Date(until.getTime() + leadHours * hourMillis).toISOString();
  await offerFreed(context, freed, { until: until.toISOString(), notBefore, reaches });
}

/**
 * What came free is offered to those who wait, one after the other: an answer that is no, or does not come, frees it again. Each
 * offer is made in transactions of its own, which lock and retry by themselves; making it twice makes one.
 */
export const waitlistPolicy = (afterglow: Waiting): Subscription => ({
  name: 'waitlist',
  types: freeingTypes,
  handle: async (_trx, events) => {
    for (const event of events) await offer(afterglow, event);
  },
});
