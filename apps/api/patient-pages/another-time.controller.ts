import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { Rejected } from '#platform';
import { choicesOf, chooseTime, requestReschedule } from '#treatment';
import type { Afterglow } from '../../worker/afterglow.js';
import { Open } from '../access.js';
import { Parse } from '../requests.js';
import { anotherTimeView } from './another-time.js';
import { type OwnPage, visitOf } from './own-page.js';
import { askBirthDate, hasPass, logOpened, onPage, show } from './serve.js';

const chosen = z.object({ start: z.iso.datetime().optional() });

/** A time was gone when it was tapped: other ones are shown, and nothing was changed. */
const gone: readonly string[] = ['slot_taken', 'forbidden_window', 'in_the_past'];

/** Patients choose another time for their visit, behind their birth date; whom nothing suits is called. */
@Controller('p')
@ApiExcludeController()
@Open()
export class AnotherTimeController {
  constructor(@Inject('afterglow') private readonly afterglow: Afterglow) {}

  @Get(':token/another-time')
  async times(@Param('token') token: string, @Query('said') said: string | undefined, @Req() request: Request, @Res() response: Response): Promise<void> {
    await onPage(this.afterglow, token, { request, response }, async (own) => {
      const visit = await visitOf(this.afterglow, own);
      if (visit === null) return response.redirect(303, own.base);
      if (!hasPass(this.afterglow, own, request)) return askBirthDate(response, own, own.words.otherTimes, 'another-time');
      await logOpened(this.afterglow, own, 'another-time');
      const treatment = await this.afterglow.treatment();
      const { courseId } = visit.session;
      const starts = visit.status === 'on_hold' ? [] : await choicesOf(treatment, { courseId, sessionId: visit.sessionId });
      const shown = { visit, starts, taken: said === 'taken', atOnce: treatment.clinic.scheduling === 'book' };
      show(response, own, own.words.otherTimes, anotherTimeView(own, shown));
    });
  }

  /** A time that was tapped, or none: then staff call. Only who gave the birth date can take one. Post, then get. */
  @Post(':token/another-time')
  @HttpCode(200)
  async choose(
    @Param('token') token: string,
    @Body(new Parse(chosen)) { start }: z.output<typeof chosen>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await onPage(this.afterglow, token, { request, response }, async (own) => {
      if (start !== undefined && !hasPass(this.afterglow, own, request)) return askBirthDate(response, own, own.words.otherTimes, 'another-time');
      const answer = await this.take(own, start);
      this.afterglow.wake();
      response.redirect(303, answer === 'taken' ? `${own.base}/another-time?said=taken` : `${own.base}?said=${answer}`);
    });
  }

  private async take(own: OwnPage, start: string | undefined): Promise<'moved' | 'wish-kept' | 'another-time' | 'taken' | 'not-now'> {
    const visit = await visitOf(this.afterglow, own);
    if (visit === null) return 'not-now';
    const [treatment, by] = [await this.afterglow.treatment(), `patient ${own.link.patient_id}`];
    try {
      if (start !== undefined) return (await chooseTime(treatment, visit.sessionId, start, by)) === 'moved' ? 'moved' : 'wish-kept';
      await requestReschedule(treatment, visit.sessionId, by);
      return 'another-time';
    } catch (error) {
      if (!(error instanceof Rejected)) throw error;
      return gone.includes(error.code) ? 'taken' : 'not-now';
    }
  }
}
