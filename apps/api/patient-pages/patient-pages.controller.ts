import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { inTransaction, Rejected } from '#platform';
import { confirmVisit, type Outcome } from '#treatment';
import type { Afterglow } from '../../worker/afterglow.js';
import { Open } from '../access.js';
import { Parse } from '../requests.js';
import { careParts, stepsNow } from './care.js';
import { tick } from './checklist.js';
import { tellBirthDate } from './history/history.js';
import { guessBirthDate, passFor } from './links.js';
import { unsubscribe, visitOf } from './own-page.js';
import { askBirthDate, hasPass, logOpened, onPage, passCookie, show } from './serve.js';
import { birthDateView, careView, frontView, guarded, stoppedView, stopView } from './views.js';

const guess = z.object({ birthDate: z.string().max(20).default(''), next: z.enum(guarded).default('care') });
const ticking = z.object({ code: z.string().max(100), done: z.enum(['yes', 'no']) });

/** The page that a link was sent for, where it is another one than the visit's. */
const pageOfPurpose: Readonly<Record<string, string>> = {
  care: 'care',
  'check-in': 'check-in',
  satisfaction: 'satisfaction',
  photo: 'photo',
  unsubscribe: 'unsubscribe',
  history: 'history',
  consent: 'consent',
};

/** Patients' own pages. Whoever holds the link sees that there is an appointment; anything clinical asks for the birth date. */
@Controller('p')
@ApiExcludeController()
@Open()
export class PatientPagesController {
  constructor(@Inject('afterglow') private readonly afterglow: Afterglow) {}

  @Get(':token')
  async front(@Param('token') token: string, @Query('said') said: string | undefined, @Req() request: Request, @Res() response: Response): Promise<void> {
    await onPage(this.afterglow, token, { request, response }, async (own) => {
      const page = pageOfPurpose[own.link.purpose];
      if (page !== undefined) return response.redirect(303, `${own.base}/${page}`);
      show(response, own, own.words.yourVisit, frontView(await visitOf(this.afterglow, own), own.base, own.words, said));
    });
  }

  @Post(':token/confirm')
  async confirm(@Param('token') token: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.change(token, request, response, 'confirmed', async (id, by) => confirmVisit(await this.afterglow.treatment(), id, by));
  }

  @Post(':token/birth-date')
  async birthDate(
    @Param('token') token: string,
    @Body(new Parse(guess)) { birthDate, next }: z.output<typeof guess>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await onPage(this.afterglow, token, { request, response }, async (own) => {
      const known = (await tellBirthDate(this.afterglow, own, birthDate)) ? birthDate : own.patient.person.birthDate;
      const verdict = await guessBirthDate(this.afterglow.db, own.link, birthDate, known);
      if (verdict !== 'right') return show(response.status(403), own, own.words.howAreYou, birthDateView(own, next, verdict));
      const { pass, seconds } = passFor(this.afterglow, token);
      response.cookie(passCookie, pass, {
        httpOnly: true,
        sameSite: 'lax',
        secure: this.afterglow.config.PUBLIC_URL.startsWith('https:'),
        path: own.base,
        maxAge: seconds * 1_000,
      });
      response.redirect(303, `${own.base}/${next}`);
    });
  }

  @Get(':token/care')
  async care(@Param('token') token: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await onPage(this.afterglow, token, { request, response }, async (own) => {
      if (!hasPass(this.afterglow, own, request)) return askBirthDate(response, own, own.words.forYou, 'care');
      await logOpened(this.afterglow, own, 'care');
      show(response, own, own.words.forYou, careView(await careParts(this.afterglow, own), own.base, own.words));
    });
  }

  /** One step of the list that stands there now; what was not asked is not recorded. */
  @Post(':token/preparation')
  @HttpCode(200)
  async prepared(
    @Param('token') token: string,
    @Body(new Parse(ticking)) { code, done }: z.output<typeof ticking>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await onPage(this.afterglow, token, { request, response }, async (own) => {
      if (!hasPass(this.afterglow, own, request)) return askBirthDate(response, own, own.words.forYou, 'care');
      const visit = await visitOf(this.afterglow, own);
      const asked = (await stepsNow(this.afterglow, own)).some((step) => step.code === code);
      if (visit !== null && asked) await tick(this.afterglow, { patientId: own.link.patient_id, sessionId: visit.sessionId }, code, done === 'yes');
      this.afterglow.wake();
      response.redirect(303, `${own.base}/care`);
    });
  }

  @Get(':token/unsubscribe')
  async askToStop(@Param('token') token: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await onPage(this.afterglow, token, { request, response }, async (own) => show(response, own, own.words.stopTitle, stopView(own.base, own.words)));
  }

  /** RFC 8058: the mail program posts here without cookies and wants no redirection. */
  @Post(':token/unsubscribe')
  @HttpCode(200)
  async stop(@Param('token') token: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await onPage(this.afterglow, token, { request, response }, async (own) => {
      await inTransaction(this.afterglow.db, (trx) => unsubscribe(trx, this.afterglow, own));
      this.afterglow.wake();
      show(response, own, own.words.stopTitle, stoppedView(own.words));
    });
  }

  /** Post, then get: going back in the browser changes nothing twice. */
  private async change(
    token: string,
    request: Request,
    response: Response,
    said: string,
    command: (sessionId: string, by: string) => Promise<Outcome>,
  ): Promise<void> {
    await onPage(this.afterglow, token, { request, response }, async (own) => {
      const visit = await visitOf(this.afterglow, own);
      const answer = visit === null ? 'not-now' : await command(visit.sessionId, `patient ${own.link.patient_id}`).then(() => said, refusal);
      this.afterglow.wake();
      response.redirect(303, `${own.base}?said=${answer}`);
    });
  }
}

/** The domain said no (too late, on hold): the page says so in the patient's words. A fault stays a fault. */
function refusal(error: unknown): string {
  if (error instanceof Rejected) return 'not-now';
  throw error;
}
