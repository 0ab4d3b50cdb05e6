import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { loadPatient } from '#patient';
import { newId } from '#platform';
import type { Afterglow } from '../worker/afterglow.js';
import { Allow, type Caller, CallerOf } from './access.js';
import { Answers } from './answers.js';
import { patientLink } from './answers/patients.js';
import { Secret } from './idempotency.js';
import { issueLink, linkDays } from './patient-pages/links.js';
import { found, Parse, Takes } from './requests.js';

const wanted = z.object({ page: z.enum(['history', 'consent', 'visit', 'photo']) });

/** Links to patients' own pages that staff hand over: in the thread, on paper, on the desk's own tablet. */
@ApiTags('consultations and patients')
@ApiBearerAuth()
@Controller('v1')
@Allow('front_desk', 'provider', 'medical_director', 'admin')
export class PatientLinksController {
  constructor(@Inject('afterglow') private readonly afterglow: Afterglow) {}

  @Post('patients/:id/links')
  @Secret()
  @Answers(patientLink)
  @Takes(wanted)
  @HttpCode(200)
  @ApiOperation({ summary: "A link to a patient's own page: their history, the consent to their plan, their visit, a photo. It asks for the birth date." })
  async link(@Param('id') patientId: string, @Body(new Parse(wanted)) { page }: z.output<typeof wanted>, @CallerOf() caller: Caller) {
    const { db, store, clock, config } = this.afterglow;
    const { person } = await loadPatient(db, store, patientId);
    if (Object.keys(person).length === 0) found(null, 'patient');
    const at = clock.now();
    const token = await issueLink(db, this.afterglow, { patientId, purpose: page, outreachId: `by-hand/${newId(at)}` });
    await db
      .insertInto('access_log')
      .values({ at, actor: caller.name, action: `made a link (${page})`, patient_id: patientId })
      .execute();
    return { link: `${config.PUBLIC_URL}/p/${token}`, page, expiresAt: new Date(at.getTime() + linkDays * 86_400_000).toISOString() };
  }
}
