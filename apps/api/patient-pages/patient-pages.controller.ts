import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { inTransaction, newId, Rejected } from '#platform';
import { confirmSession, type Outcome, requestReschedule } from '#treatment';
import type { Afterglow } from '../../worker/afterglow.js';
import { cookie, Open } from '../access.js';
import { Parse } from '../requests.js';
import { careParts } from './care.js';
import { type OwnPage, ownPage, strangersFrame, takeCheckIn, unsubscribe, visitOf } from './own-page.js';
import { guessBirthDate, isLocked, isPass, passFor } from './links.js';
import { type Frame, html, type Markup, pageOf, pagePolicy } from './page.js';
import { birthDateView, careView, checkInView, frontView, stoppedView, stopView, thanksView } from './views.js';
import { words } from './words.js';

const guess = z.object({ birthDate: z.string().max(20).default(''), next: z.enum(['care', 'check-in']).default('care') });
const answered = z.object({ answer: z.enum(['1', '2', '3']).optional(), text: z.string().trim().max(1_000).optional(), once: z.string().max(100).optional() });
const passCookie = 'afterglow_pass';

/** Patients' own pages. Whoever holds the link sees that there is an appointment; anything clinical asks for the birth date. */
@Controller('p')
@ApiExcludeController()
@Open()
export class PatientPagesController {
  constructor(@Inject('afterglow') private readonly afterglow: Afterglow) {}

  @Get(':token')
  async front(@Param('token') token: string, @Query('said') said: string | undefined, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.onPage(token, request, response, async (own) => {
      if (own.link.purpose === 'check-in') return this.clinical(own, 'check-in', request, response);
      if (own.link.purpose === 'unsubscribe') return show(response, own, own.words.stopTitle, stopView(own.base, own.words));
      show(response, own, own.words.yourVisit, frontView(await visitOf(this.afterglow, own), own.base, own.words, said));
    });
  }

  @Post(':token/confirm')
  async confirm(@Param('token') token: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.change(token, request, response, 'confirmed', async (id, by) => confirmSession(await this.afterglow.treatment(), id, by));
  }

  @Post(':token/another-time')
  async anotherTime(@Param('token') token: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.change(token, request, response, 'another-time', async (id, by) => requestReschedule(await this.afterglow.treatment(), id, by));
  }

  @Post(':token/birth-date')
  async birthDate(
    @Param('token') token: string,
    @Body(new Parse(guess)) { birthDate, next }: z.output<typeof guess>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.onPage(token, request, response, async (own) => {
      const verdict = await guessBirthDate(this.afterglow.db, own.link, birthDate, own.patient.person.birthDate);
      if (verdict !== 'right') return show(response.status(403), own, own.words.howAreYou, birthDateView(own.base, own.words, next, verdict));
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
    await this.onPage(token, request, response, (own) => this.clinical(own, 'care', request, response));
  }

  @Get(':token/check-in')
  async checkIn(@Param('token') token: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.onPage(token, request, response, (own) => this.clinical(own, 'check-in', request, response));
  }

  @Post(':token/check-in')
  async answer(
    @Param('token') token: string,
    @Body(new Parse(answered)) { answer, text, once }: z.output<typeof answered>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.onPage(token, request, response, async (own) => {
      const body = text === undefined || text === '' ? answer : text;
      if (body === undefined || !this.hasPass(own, request)) return this.clinical(own, 'check-in', request, response);
      await takeCheckIn(this.afterglow, own, { body, once: once ?? newId(this.afterglow.clock.now()) });
      show(response, own, own.words.howAreYou, thanksView(own.base, own.words));
    });
  }

  @Get(':token/unsubscribe')
  async askToStop(@Param('token') token: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.onPage(token, request, response, async (own) => show(response, own, own.words.stopTitle, stopView(own.base, own.words)));
  }

  /** RFC 8058: the mail program posts here without cookies and wants no redirection. */
  @Post(':token/unsubscribe')
  @HttpCode(200)
  async stop(@Param('token') token: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.onPage(token, request, response, async (own) => {
      await inTransaction(this.afterglow.db, (trx) => unsubscribe(trx, this.afterglow, own));
      this.afterglow.wake();
      show(response, own, own.words.stopTitle, stoppedView(own.words));
    });
  }

  private async onPage(token: string, request: Request, response: Response, work: (own: OwnPage) => Promise<void>): Promise<void> {
    const own = await ownPage(this.afterglow, token);
    if (own !== null) return work(own);
    const frame = await strangersFrame(this.afterglow, request.headers['accept-language']);
    const { gone, goneWhy } = words[frame.language];
    send(response.status(404), frame, gone, html`<p>${goneWhy}</p>`);
  }

  private hasPass = (own: OwnPage, request: Request): boolean => isPass(this.afterglow, own.token, cookie(request, passCookie));

  private async clinical(own: OwnPage, what: 'care' | 'check-in', request: Request, response: Response): Promise<void> {
    const { base, words: say, link } = own;
    const title = what === 'care' ? say.forYou : say.howAreYou;
    if (!this.hasPass(own, request)) return show(response, own, title, birthDateView(base, say, what, isLocked(link) ? 'locked' : null));
    const row = { at: this.afterglow.clock.now(), actor: `patient ${link.patient_id}`, action: `opened own page (${what})`, patient_id: link.patient_id };
    await this.afterglow.db.insertInto('access_log').values(row).execute();
    if (what === 'care') return show(response, own, title, careView(await careParts(this.afterglow, own), base, say));
    show(response, own, say.skinToday, checkInView(base, say, newId(this.afterglow.clock.now()), link.purpose === 'check-in'));
  }

  /** Post, then get: going back in the browser changes nothing twice. */
  private async change(
    token: string,
    request: Request,
    response: Response,
    said: string,
    command: (sessionId: string, by: string) => Promise<Outcome>,
  ): Promise<void> {
    await this.onPage(token, request, response, async (own) => {
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

const show = (response: Response, own: OwnPage, title: string, body: Markup): void => send(response, own.frame, title, body);

function send(response: Response, frame: Frame, title: string, body: Markup): void {
  response.set({ 'Content-Security-Policy': pagePolicy, 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' });
  response.type('html').send(pageOf(frame, title, body));
}
