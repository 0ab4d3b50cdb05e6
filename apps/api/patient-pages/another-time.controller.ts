import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { Rejected } from '#platform';
import { choicesOf, chooseTime, declineOffer, joinWaitlist, requestReschedule, takeOffer } from '#treatment';
import type { Afterglow } from '../../worker/afterglow.js';
import { Open } from '../access.js';
import { Parse } from '../requests.js';
import { anotherTimeView } from './another-time.js';
import { type OwnPage, visitOf } from './own-page.js';
import { askBirthDate, hasPass, logOpened, onPage, show } from './serve.js';

const answered = z.object({ answer: z.enum(['take', 'keep']) });
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

  /** The patient is told when something earlier comes free. */
  @Post(':token/earlier')
  @HttpCode(200)
  async earlier(@Param('token') token: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await onPage(this.afterglow, token, { request, response }, async (own) => {
      if (!hasPass(this.afterglow, own, request)) return askBirthDate(response, own, own.words.otherTimes, 'another-time');
      await this.answer(own, response, 'earlier', async (sessionId, by) => joinWaitlist(await this.afterglow.treatment(), { sessionId, wish: 'earlier' }, by));
    });
  }

  /** The answer to an earlier time that is kept for them; it says no more than the visit's own page. */
  @Post(':token/offer')
  async offer(
    @Param('token') token: string,
    @Body(new Parse(answered)) { answer }: z.output<typeof answered>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const [command, said] = answer === 'take' ? [takeOffer, 'moved'] : [declineOffer, 'kept'];
    await onPage(this.afterglow, token, { request, response }, (own) =>
      this.answer(own, response, said, async (sessionId, by) => command(await this.afterglow.treatment(), sessionId, by)),
    );
  }

  private async answer(own: OwnPage, response: Response, said: string, command: (sessionId: string, by: string) => Promise<unknown>): Promise<void> {
    const visit = await visitOf(this.afterglow, own);
    const refusal = (error: unknown) => {
      if (error instanceof Rejected) return error.code === 'offer_over' ? 'offer-over' : 'not-now';
      throw error;
    };
    const answer = visit === null ? 'not-now' : await command(visit.sessionId, `patient ${own.link.patient_id}`).then(() => said, refusal);
    this.afterglow.wake();
    response.redirect(303, `${own.base}?said=${answer}`);
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
