import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { newId } from '#platform';
import type { Afterglow } from '../../worker/afterglow.js';
import { Open } from '../access.js';
import { Parse } from '../requests.js';
import { afterAnswer } from './care.js';
import { type OwnPage, takeAnswer } from './own-page.js';
import { askBirthDate, hasPass, logOpened, onPage, show } from './serve.js';
import { uploadOf } from './upload.js';
import { type Box, checkInView, photoView, satisfactionView, thanksView, whyThanksView, whyView } from './views.js';

const once = z.string().max(100).optional();
const answered = z.object({ answer: z.enum(['1', '2', '3']).optional(), text: z.string().trim().max(1_000).optional(), once });
const opinion = z.object({ score: z.enum(['1', '2', '3', '4', '5']).optional(), why: z.string().trim().max(1_000).optional(), once });

/** What patients say on their own pages: how they heal, behind the birth date, and how happy they are, which tells nothing clinical. */
@Controller('p')
@ApiExcludeController()
@Open()
export class AnswersController {
  constructor(@Inject('afterglow') private readonly afterglow: Afterglow) {}

  @Get(':token/check-in')
  async checkIn(@Param('token') token: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await onPage(this.afterglow, token, { request, response }, (own) => this.ask(own, 'check-in', request, response));
  }

  @Post(':token/check-in')
  @HttpCode(200)
  async answer(@Param('token') token: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await onPage(this.afterglow, token, { request, response }, (own) => this.take(own, 'check-in', request, response));
  }

  @Get(':token/photo')
  async photo(@Param('token') token: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await onPage(this.afterglow, token, { request, response }, (own) => this.ask(own, 'photo', request, response));
  }

  @Post(':token/photo')
  @HttpCode(200)
  async photos(@Param('token') token: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await onPage(this.afterglow, token, { request, response }, (own) => this.take(own, 'photo', request, response));
  }

  @Get(':token/satisfaction')
  async howHappy(@Param('token') token: string, @Query('said') said: string | undefined, @Req() request: Request, @Res() response: Response): Promise<void> {
    await onPage(this.afterglow, token, { request, response }, async (own) => {
      const { base, words } = own;
      if (said === 'score') return show(response, own, words.whyTitle, whyView(base, words, this.newForm()));
      if (said === 'why') return show(response, own, words.howHappy, whyThanksView(words));
      show(response, own, words.howHappy, satisfactionView(base, words));
    });
  }

  /** The first score of a link stands, however often a button is pressed; then why is asked. */
  @Post(':token/satisfaction')
  async score(
    @Param('token') token: string,
    @Body(new Parse(opinion)) { score, why = '', once: form }: z.output<typeof opinion>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await onPage(this.afterglow, token, { request, response }, async (own) => {
      if (own.link.purpose !== 'satisfaction') return response.redirect(303, own.base);
      if (score !== undefined) await takeAnswer(this.afterglow, own, { body: score, once: 'score', isFirstOnly: true });
      else if (why !== '') await takeAnswer(this.afterglow, own, { body: why, once: form ?? this.newForm() });
      response.redirect(303, `${own.base}/satisfaction?said=${score === undefined ? 'why' : 'score'}`);
    });
  }

  private newForm = (): string => newId(this.afterglow.clock.now());

  private async ask(own: OwnPage, what: 'check-in' | 'photo', request: Request, response: Response, again: Omit<Box, 'once'> = {}): Promise<void> {
    const { base, words, link } = own;
    if (!hasPass(this.afterglow, own, request)) return askBirthDate(response, own, words.howAreYou, what);
    await logOpened(this.afterglow, own, what);
    const box = { ...again, once: this.newForm() };
    if (what === 'photo') return show(response, own, words.photoTitle, photoView(base, words, box), { keeps: true });
    show(response, own, words.skinToday, checkInView(base, words, box, link.purpose === 'check-in'), { keeps: true });
  }

  /** Files are read only from who gave the birth date. Without an answer, or with a file that is none, the page asks again. */
  private async take(own: OwnPage, what: 'check-in' | 'photo', request: Request, response: Response): Promise<void> {
    if (!hasPass(this.afterglow, own, request)) return this.ask(own, what, request, response);
    const { fields, photos, trouble } = await uploadOf(request);
    const { answer = '', text = '', once = this.newForm() } = answered.safeParse(fields).data ?? {};
    const body = text === '' ? answer : text;
    if (trouble !== null || (body === '' && photos.length === 0))
      return this.ask(own, what, request, response.status(trouble === null ? 200 : 422), { text, trouble });
    await takeAnswer(this.afterglow, own, { body, once, photos });
    show(response, own, own.words.howAreYou, thanksView(own.base, own.words, await afterAnswer(this.afterglow, own)));
  }
}
