import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { consultationEventTypes, loadConsultation } from '#consultation';
import { patientEventTypes } from '#patient';
import { newId, Rejected } from '#platform';
import { type ActiveProtocol, edge, reviewOf } from '#protocols';
import { previewCourse } from '#treatment';
import type { Afterglow } from '../worker/afterglow.js';
import { afterLead } from '../worker/patient-picture.js';
import { Allow, type Caller, CallerOf, readers } from './access.js';
import { Answers } from './answers.js';
import { consultationStarted, factTaken, recordedFacts, schedulePreview, treatmentOptions } from './answers/consultations.js';
import { rolesFor } from './fact-roles.js';
import { Asks, found, Parse, Takes } from './requests.js';

const starting = z.object({ patientId: edge.id.optional(), data: z.looseObject({}) });
const fact = z.object({ type: z.string().min(1).max(100), data: z.looseObject({}) });
const planned = z.object({
  items: z
    .array(z.object({ protocolId: edge.protocolId, sessions: z.int().min(1).max(24) }))
    .min(1)
    .max(24),
  locationId: z.string().min(1).max(128).optional(),
});
const ofConsultation = z.object({ consultationId: z.string().min(1).max(128).optional() });

const source = 'console';
const previewPlan = 'preview';

/** A consultation as staff write it down step by step: the facts are the same events that other systems send, by the same rules. */
@ApiTags('consultations and patients')
@ApiBearerAuth()
@Controller('v1')
@Allow('front_desk', 'provider', 'medical_director')
export class ConsultationsController {
  constructor(@Inject('afterglow') private readonly afterglow: Afterglow) {}

  @Post('consultations')
  @HttpCode(200)
  @Takes(starting)
  @Answers(consultationStarted)
  @ApiOperation({ summary: 'A new consultation of a known or a new patient. `data` is that of consultation.requested.v1 without its ids.' })
  async start(@Body(new Parse(starting)) { patientId, data }: z.output<typeof starting>, @CallerOf() caller: Caller) {
    const now = this.afterglow.clock.now();
    const begun = { id: newId(now), patientId: patientId ?? newId(now) };
    await this.record(caller, 'consultation.requested.v1', { ...data, consultationId: begun.id, patientId: begun.patientId });
    return begun;
  }

  @Post('consultations/:id/facts')
  @HttpCode(200)
  @Takes(fact)
  @Answers(factTaken)
  @ApiOperation({ summary: 'Records one event of a consultation or of its patient, as the type’s schema says; whose it is stands in the consultation.' })
  async take(@Param('id') id: string, @Body(new Parse(fact)) { type, data }: z.output<typeof fact>, @CallerOf() caller: Caller) {
    const { patientId } = found(await loadConsultation(this.afterglow.db, this.afterglow.store, id), 'consultation');
    return { status: await this.record(caller, type, { ...data, consultationId: id, patientId }) };
  }

  @Post('consultations/:id/schedule-preview')
  @HttpCode(200)
  @Takes(planned)
  @Answers(schedulePreview)
  @Allow(...readers)
  @ApiOperation({ summary: 'The schedule that a plan would get if every gate were met now. Nothing is booked.' })
  async preview(@Param('id') id: string, @Body(new Parse(planned)) { items, locationId }: z.output<typeof planned>, @CallerOf() caller: Caller) {
    const { patientId, state } = found(await loadConsultation(this.afterglow.db, this.afterglow.store, id), 'consultation');
    await this.note(caller, 'preview schedule', patientId);
    const treatment = await this.afterglow.treatment();
    const place = locationId ?? state.locationId ?? treatment.clinic.locations[0]?.id ?? '';
    const soonest = afterLead(this.afterglow.clock.now().toISOString());
    const pictureOf: typeof treatment.pictureOf = async (...asked) => ({ ...(await treatment.pictureOf(...asked)), gatesMetAt: soonest });
    return previewCourse({ ...treatment, pictureOf }, { consultationId: id, patientId, planId: previewPlan, locationId: place, items });
  }

  @Get('patients/:id/facts')
  @Asks(ofConsultation)
  @Answers(recordedFacts)
  @Allow(...readers)
  @ApiOperation({ summary: 'What was recorded of a patient and in their consultations, oldest first: steps, estimates, deposits, signed consents.' })
  async facts(@Param('id') id: string, @Query(new Parse(ofConsultation)) { consultationId }: z.output<typeof ofConsultation>, @CallerOf() caller: Caller) {
    await this.note(caller, 'read facts', id);
    const events = await this.afterglow.store.readPatient(this.afterglow.db, id, [...consultationEventTypes, ...patientEventTypes]);
    const items = events
      .filter(({ erased, data }) => !erased && (consultationId === undefined || data['consultationId'] === consultationId))
      .map(({ id: eventId, type, occurredAt, data, meta }) => {
        const by = meta['actor'] ?? meta['source'];
        const { consultationId: of } = data;
        return {
          id: eventId,
          type,
          at: occurredAt.toISOString(),
          by: typeof by === 'string' ? by : null,
          consultationId: typeof of === 'string' ? of : '',
          data,
        };
      })
      .sort((one, other) => one.at.localeCompare(other.at));
    return { items, next: null };
  }

  @Get('treatment-options')
  @Answers(treatmentOptions)
  @Allow(...readers)
  @ApiOperation({ summary: 'The protocols in force with the figures that options are compared by, and where each comes from.' })
  async options() {
    const { protocols } = await this.afterglow.treatment();
    return { items: [...protocols.values()].map(optionOf), next: null };
  }

  private async record({ name, roles }: Caller, type: string, data: Readonly<Record<string, unknown>>): Promise<'accepted' | 'duplicate'> {
    const allowed = rolesFor(type);
    if (!roles.some((role) => allowed.includes(role))) {
      throw new Rejected('forbidden', `To record this, one of the roles ${allowed.join(', ')} is needed.`, { status: 403, path: 'type' });
    }
    const now = this.afterglow.clock.now();
    const event = { specversion: '1.0', id: newId(now), source, type, subject: data['consultationId'], time: now.toISOString(), data };
    return this.afterglow.intake.record(event, name);
  }

  private async note(caller: Caller, action: string, patientId: string): Promise<void> {
    await this.afterglow.db.insertInto('access_log').values({ at: this.afterglow.clock.now(), actor: caller.name, action, patient_id: patientId }).execute();
  }
}

const compared = ['session_duration_min', 'sessions', 'interval_days', 'social_downtime_days', 'full_recovery_days', 'sun_avoid_before_days'];
const range = z.union([z.number().transform((value) => ({ min: value, max: value })), z.object({ min: z.number(), max: z.number() })]);

function optionOf({ id, label, version, figures, durationMinutes, downtimeDays, fullRecoveryDays, sunAvoidBeforeDays, intervalDays }: ActiveProtocol) {
  const reviewed = reviewOf(id).filter(({ field }) => compared.includes(field));
  const set = figures['sessions']?.value ?? reviewed.find(({ field }) => field === 'sessions')?.value;
  const sessions = range.safeParse(set).data ?? { min: 1, max: 1 };
  const sources = reviewed.map(({ field, sourceIds }) => ({ field, ids: figures[field] === undefined ? [...sourceIds] : ['clinic'] }));
  return { protocolId: id, label, version, durationMinutes, downtimeDays, fullRecoveryDays, sunAvoidBeforeDays, intervalDays, sessions, sources };
}
