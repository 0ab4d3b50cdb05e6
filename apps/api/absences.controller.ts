import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { absenceSchema, applyAbsence, previewAbsence } from '#treatment';
import type { Afterglow } from '../worker/afterglow.js';
import { Allow, type Caller, CallerOf } from './access.js';
import { Answers } from './answers.js';
import { absencePreview } from './answers/absences.js';
import { Parse, Takes } from './requests.js';

const shown = z.object({ previewId: z.string().min(1).max(2_000) });

@ApiTags('courses and sessions')
@ApiBearerAuth()
@Controller('v1/absences')
@Allow('front_desk', 'medical_director', 'admin')
export class AbsencesController {
  constructor(@Inject('afterglow') private readonly afterglow: Afterglow) {}

  @Post('preview')
  @HttpCode(200)
  @Takes(absenceSchema)
  @Answers(absencePreview)
  @ApiOperation({
    summary:
      'What would follow for everybody if a provider, a room or a device were not to be had: who keeps their time with somebody else, who moves, whom the desk must call. Nothing is changed.',
  })
  async preview(@Body(new Parse(absenceSchema)) ask: z.output<typeof absenceSchema>) {
    return previewAbsence(await this.afterglow.treatment(), ask);
  }

  @Post('apply')
  @HttpCode(200)
  @Takes(shown)
  @Answers(absencePreview)
  @ApiOperation({
    summary: 'Records the absence and does what was shown, all of it or nothing; 409 with a fresh `preview` when something else would follow by now.',
  })
  async apply(@Body(new Parse(shown)) { previewId }: z.output<typeof shown>, @CallerOf() { name }: Caller) {
    const done = await applyAbsence(await this.afterglow.treatment(), previewId, name);
    this.afterglow.wake();
    return done;
  }
}
