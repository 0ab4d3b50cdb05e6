import { Body, Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { newId } from '#platform';
import type { Afterglow } from '../../worker/afterglow.js';
import { Open } from '../access.js';
import { Parse } from '../requests.js';
import { type OwnPage, takeAnswer } from './own-page.js';
import { askBirthDate, hasPass, logOpened, onPage, show } from './serve.js';
import { checkInView, satisfactionView, thanksView, whyThanksView, whyView } from './views.js';

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
    await onPage(this.afterglow, token, { request, response }, (own) => this.ask(own, request, response));
  }

  @Post(':token/check-in')
  async answer(
    @Param('token') token: string,
    @Body(new Parse(answered)) { answer, text, once: form }: z.output<typeof answered>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await onPage(this.afterglow, token, { request, response }, async (own) => {
      const body = text === undefined || text === '' ? answer : text;
      if (body === undefined || !hasPass(this.afterglow, own, request)) return this.ask(own, request, response);
      await takeAnswer(this.afterglow, own, { body, once: form ?? this.newForm() });
      show(response, own, own.words.howAreYou, thanksView(own.base, own.words));
    });
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
      if (score !== undefined) await takeAnswer(this.afterglow, own, { body: score, once: 'score' });
      else if (why !== '') await takeAnswer(this.afterglow, own, { body: why, once: form ?? this.newForm() });
      response.redirect(303, `${own.base}/satisfaction?said=${score === undefined ? 'why' : 'score'}`);
    });
  }

  private newForm = (): string => newId(this.afterglow.clock.now());

  private async ask(own: OwnPage, request: Request, response: Response): Promise<void> {
    const { base, words, link } = own;
    if (!hasPass(this.afterglow, own, request)) return askBirthDate(response, own, words.howAreYou, 'check-in');
    await logOpened(this.afterglow, own, 'check-in');
    show(response, own, words.skinToday, checkInView(base, words, this.newForm(), link.purpose === 'check-in'));
  }
}
