/*
 * The whole on one page: which event feeds which read model and which policy.
 *
 *   inline       in the transaction of the events, because a rule depends on them: bookings, ledgers, uniqueness
 *   lagging      behind a checkpoint
 *   policies     an event in, commands out; each with its own checkpoint
 */
import { clinicProjection } from '#clinic';
import { consultationProjection } from '#consultation';
import type { Projection } from '#event-store';
import { treatmentProjection } from '#treatment';

export const inlineProjections: readonly Projection[] = [clinicProjection, consultationProjection, treatmentProjection];
