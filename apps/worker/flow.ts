/*
 * The whole on one page: which event feeds which read model and which policy.
 *
 *   inline       in the transaction of the events, because a rule depends on them: bookings, ledgers, uniqueness
 *   lagging      behind a checkpoint
 *   policies     an event in, commands out; each behind its own checkpoint
 *
 *   consultation.* patient.*  ─► open-courses ─► course.* session.*  ─► treatment-tasks ─► task.*
 *   consultation.* patient.* course.* session.*  ─► plan-outreach ─► outreach.* (the ledger) ─► queue ─► channel
 *   clinic.configured clinic.exception-*  ─► replan-courses ─► session.* of every patient to come, in batches
 *   session.* that frees a time  ─► waitlist ─► session.held (an offer) ─► plan-outreach
 *   clinic.configured protocol.activated  ─► replan-clinic ─► outreach.* of every patient, in batches
 *   outreach.*    ─► outreach-tasks ─► task.*, contact consent
 *   outreach.* of a page that does not get through ─► page-trouble ─► page.failed, task.escalated, pages
 *   everything    ─► webhooks ─► notices of ids to receivers outside
 *   message.received ─► replies ─► reply.triaged, task.*, answers, pages, consent, confirmations
 */
import { clinicProjection } from '#clinic';
import { consultationProjection } from '#consultation';
import { conversationProjection, failedPage, replyPolicy } from '#conversation';
import type { Projection, Subscription } from '#event-store';
import {
  effectsAfter,
  failedPageOf,
  outreachEventTypes,
  outreachLedger,
  pageTroubleTypes,
  remindByText,
  replanClinic,
  replanClinicTypes,
  replanPatients,
  replanTypes,
} from '#follow-up';
import { patientProjection } from '#patient';
import { replanCourses, replanCoursesTypes, tasksAfter, treatmentEventTypes, treatmentProjection } from '#treatment';
import type { Afterglow } from './afterglow.js';
import { carryOut, openTasks } from './effects.js';
import { openCoursesPolicy } from './open-courses.js';
import { waitlistPolicy } from './waitlist.js';
import { webhookOutbox } from './webhooks/subscribers.js';

export const inlineProjections: readonly Projection[] = [clinicProjection, consultationProjection, treatmentProjection, outreachLedger, conversationProjection];

/** Read models behind a checkpoint. */
export const laggingProjections = ({ store }: Pick<Afterglow, 'store'>): readonly Projection[] => [patientProjection(store)];

const asSubscription = ({ name, types, apply }: Projection): Subscription => ({ name, types, handle: apply });

const treatmentTasks = (afterglow: Afterglow): Subscription => ({
  name: 'treatment-tasks',
  types: treatmentEventTypes,
  handle: async (trx, events) => {
    for (const event of events) await openTasks(trx, afterglow, tasksAfter(event), event.id);
  },
});

const planOutreach = (afterglow: Afterglow): Subscription => ({
  name: 'plan-outreach',
  types: replanTypes,
  handle: async (trx, events) => {
    const clinic = await afterglow.clinic(trx);
    const patients = [...new Set(events.flatMap(({ patientId }) => patientId ?? []))];
    await replanPatients(trx, { ...afterglow, clinic }, patients);
  },
});

const replanUnderNewSettings = (afterglow: Afterglow): Subscription => ({
  name: 'replan-clinic',
  types: replanClinicTypes,
  handle: async (trx, events) => replanClinic(trx, { ...afterglow, clinic: await afterglow.clinic(trx) }, events),
});

/** Each patient's courses in a transaction of their own, which locks and retries by itself; looking twice changes nothing. */
const replanCoursesUnderNewSettings = (afterglow: Afterglow): Subscription => ({
  name: 'replan-courses',
  types: replanCoursesTypes,
  handle: async (trx, events) => replanCourses(trx, await afterglow.treatment(), events),
});

const outreachTasks = (afterglow: Afterglow): Subscription => ({
  name: 'outreach-tasks',
  types: outreachEventTypes,
  handle: async (trx, events) => {
    for (const event of events) await openTasks(trx, afterglow, effectsAfter(event), event.id);
  },
});

/** A page that does not get through is not waited for: the other channel and the next rung take over at once. */
const pageTrouble = (afterglow: Afterglow): Subscription => ({
  name: 'page-trouble',
  types: pageTroubleTypes,
  handle: async (trx, events) => {
    for (const event of events) {
      const page = await failedPageOf(trx, event);
      if (page !== null) await carryOut(afterglow)(trx, await failedPage(trx, afterglow, page), null);
      else await remindByText(trx, { ...afterglow, clinic: await afterglow.clinic(trx) }, event);
    }
  },
});

/** In the order in which they are asked: whoever is known first is heard first. */
export const subscriptions = (afterglow: Afterglow): readonly Subscription[] => [
  ...laggingProjections(afterglow).map(asSubscription),
  replyPolicy(afterglow, carryOut(afterglow)),
  openCoursesPolicy(afterglow),
  waitlistPolicy(afterglow),
  replanCoursesUnderNewSettings(afterglow),
  treatmentTasks(afterglow),
  planOutreach(afterglow),
  replanUnderNewSettings(afterglow),
  outreachTasks(afterglow),
  pageTrouble(afterglow),
  webhookOutbox(afterglow),
];
