import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { statusOf } from '#consultation';
import { listPatients, loadPatient, patientTimeline } from '#patient';
import { courseIdOfConsultation, patientRibbon } from '#treatment';
import type { Afterglow } from '../worker/afterglow.js';
import { judgedConsultation } from '../worker/patient-picture.js';
import { Allow, type Caller, CallerOf, readers } from './access.js';
import { Answers } from './answers.js';
import {
  consultation as consultationAnswer,
  patientPage as patientPageAnswer,
  patientRecord as patientRecordAnswer,
  ribbon as ribbonAnswer,
  timelinePage as timelinePageAnswer,
} from './answers/patients.js';
import { Asks, asPage, found, page, Parse } from './requests.js';

const mostIds = 200;
const search = z.object({
  ...page,
  query: z.string().max(200).optional(),
  /** Ids with commas between: the names behind what a page shows. */
  ids: z
    .string()
    .transform((text) => text.split(',').filter((id) => id !== ''))
    .pipe(z.array(z.string().max(200)).max(mostIds))
    .optional(),
});
const timelinePage = z.object(page);

@ApiTags('consultations and patients')
@ApiBearerAuth()
@Controller('v1')
@Allow(...readers)
export class PatientsController {
  constructor(@Inject('afterglow') private readonly afterglow: Afterglow) {}

  @Get('consultations/:id')
  @Answers(consultationAnswer)
  @ApiOperation({ summary: 'Status, steps done, and every gate with its reason.' })
  async consultation(@Param('id') id: string, @CallerOf() caller: Caller) {
    const { db } = this.afterglow;
    const judged = found(await judgedConsultation(await this.afterglow.treatment(), db, id), 'consultation');
    await this.note(caller, 'read consultation', judged.patientId);
    const { state, gates, decision, patientId } = judged;
    const steps = Object.entries(state.steps).map(([type, at]) => ({ step: type.replace(/^consultation\.|\.v\d+$/g, ''), at }));
    const courseId = await courseIdOfConsultation(db, id);
    return {
      id,
      patientId,
      status: statusOf(state, decision.kind === 'open', courseId),
      steps,
      gates,
      courseId,
      plan: state.plan,
      estimate: state.estimate,
      decision: state.decision,
    };
  }

  @Get('patients')
  @Answers(patientPageAnswer)
  @Asks(search)
  @ApiOperation({ summary: 'People by name, phone, e-mail or id.' })
  async patients(@Query(new Parse(search)) { query, ids, limit, cursor }: z.output<typeof search>) {
    return asPage(await listPatients(this.afterglow.db, { query, ids, limit: limit + 1, cursor: cursor ?? null }), limit, ({ id }) => id);
  }

  @Get('patients/:id')
  @Answers(patientRecordAnswer)
  @ApiOperation({ summary: 'The person, their facts, consents and availability.' })
  async patient(@Param('id') id: string, @CallerOf() caller: Caller) {
    const { db, store } = this.afterglow;
    const patient = await loadPatient(db, store, id);
    if (Object.keys(patient.person).length === 0) found(null, 'patient');
    await this.note(caller, 'read patient', id);
    const { person, ...rest } = patient;
    return { id, ...person, ...rest };
  }

  @Get('patients/:id/timeline')
  @Answers(timelinePageAnswer)
  @Asks(timelinePage)
  @ApiOperation({ summary: 'Everything that happened, newest first, each with the event that caused it.' })
  async timeline(@Param('id') id: string, @Query(new Parse(timelinePage)) { limit, cursor }: z.output<typeof timelinePage>, @CallerOf() caller: Caller) {
    await this.note(caller, 'read timeline', id);
    const page = await patientTimeline(this.afterglow.db, this.afterglow.store, id, { limit, cursor: cursor ?? null });
    return page;
  }

  @Get('patients/:id/ribbon')
  @Answers(ribbonAnswer)
  @ApiOperation({ summary: 'What ties the dates of their courses together, as bands and marks on one axis of days; null when nothing has a date yet.' })
  async ribbon(@Param('id') id: string, @CallerOf() caller: Caller) {
    await this.note(caller, 'read ribbon', id);
    return { ribbon: await patientRibbon(await this.afterglow.treatment(), id) };
  }

  private async note(caller: Caller, action: string, patientId: string): Promise<void> {
    await this.afterglow.db.insertInto('access_log').values({ at: this.afterglow.clock.now(), actor: caller.name, action, patient_id: patientId }).execute();
  }
}
