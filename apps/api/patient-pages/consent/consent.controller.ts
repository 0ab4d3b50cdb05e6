import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { spokenTime } from '#messaging';
import { deterministicId, newId } from '#platform';
import type { Afterglow } from '../../../worker/afterglow.js';
import { Open } from '../../access.js';
import { Parse } from '../../requests.js';
import { sendFacts } from '../facts.js';
import { type OwnPage, takeAnswer } from '../own-page.js';
import { askBirthDate, hasPass, logOpened, onPage, show } from '../serve.js';
import { namesPatient, pointsOf, type Reading, readConsent, signConsent } from './consent.js';
import { askedView, type ConsentTrouble, copyView, notYetView, signView } from './views.js';
import { consentWords } from './words.js';

const ticks = z
  .union([z.string(), z.array(z.string())])
  .default([])
  .transform((given) => [given].flat());
const signing = z.object({
  once: z.string().max(100).optional(),
  mark: z.string().max(100).default(''),
  name: z.string().trim().max(200).default(''),
  ticked: ticks,
});
const asking = z.object({ once: z.string().max(100).optional(), text: z.string().trim().max(1_000).default('') });
type Signing = z.output<typeof signing>;

/** Where a patient reads the consent to their plan, asks, signs, and finds their copy later; all of it behind the birth date. */
@Controller('p')
@ApiExcludeController()
@Open()
export class ConsentController {
  constructor(@Inject('afterglow') private readonly afterglow: Afterglow) {}

  @Get(':token/consent')
  async read(@Param('token') token: string, @Query('said') said: string | undefined, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.behindBirthDate(token, request, response, async (own, reading) => {
      if (said === 'asked') return show(response, own, consentWords[own.language].title, askedView(own.language));
      this.shown(response, own, reading, null);
    });
  }

  /** Every point, a name that is the patient's, and the very plan that was read; then it is signed once, however often it is sent. */
  @Post(':token/consent')
  @HttpCode(200)
  async sign(@Param('token') token: string, @Body(new Parse(signing)) form: Signing, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.behindBirthDate(token, request, response, async (own, reading) => {
      if (reading === null || reading.missing !== null || isSigned(reading)) return response.redirect(303, `${own.base}/consent`);
      const trouble = troubleWith(form, own, reading);
      if (trouble !== null) return this.shown(response.status(422), own, reading, trouble, form);
      const saved = await signConsent(this.afterglow, own, reading, { name: form.name, once: form.once ?? this.newForm() });
      if (!saved) return this.shown(response.status(422), own, reading, 'notSaved', form);
      this.afterglow.wake();
      response.redirect(303, `${own.base}/consent`);
    });
  }

  /** An open question keeps the plan from being signed until somebody has answered it, and is read in the thread. */
  @Post(':token/consent/question')
  @HttpCode(200)
  async ask(
    @Param('token') token: string,
    @Body(new Parse(asking)) { text, once = this.newForm() }: z.output<typeof asking>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.behindBirthDate(token, request, response, async (own, reading) => {
      if (text === '') return response.redirect(303, `${own.base}/consent`);
      const questionId = deterministicId('question', own.link.patient_id, once);
      const question = { type: 'consultation.question-asked.v1', data: { questionId, text } } as const;
      if (reading !== null) await sendFacts(this.afterglow, own, [question], { once, at: this.afterglow.clock.now(), consultationId: reading.consultationId });
      await takeAnswer(this.afterglow, own, { body: text, once });
      response.redirect(303, `${own.base}/consent?said=asked`);
    });
  }

  private newForm = (): string => newId(this.afterglow.clock.now());

  private shown(response: Response, own: OwnPage, reading: Reading | null, trouble: ConsentTrouble | null, form?: Signing): void {
    const { base, language, clinic } = own;
    const timeZone = clinic.locations[0]?.timeZone ?? 'UTC';
    const [place, w, once] = [{ base, language, timeZone }, consentWords[language], this.newForm()];
    if (reading !== null && reading.signed !== null && isSigned(reading)) return show(response, own, w.signed, copyView(place, reading.signed));
    if (reading === null || reading.missing !== null) {
      const missing = reading?.missing ?? 'no_plan';
      return show(response, own, w.notYet, notYetView(place, missing, once, reading !== null), { keeps: true });
    }
    const today = spokenTime(this.afterglow.clock.now().toISOString(), timeZone, language, 'long').date;
    const filled = { once, today, trouble, name: form?.name ?? '', ticked: trouble === 'changed' ? [] : (form?.ticked ?? []) };
    show(response, own, w.title, signView(place, reading, filled), { keeps: true });
  }

  private async behindBirthDate(
    token: string,
    request: Request,
    response: Response,
    work: (own: OwnPage, reading: Reading | null) => Promise<void>,
  ): Promise<void> {
    await onPage(this.afterglow, token, { request, response }, async (own) => {
      if (!hasPass(this.afterglow, own, request)) return askBirthDate(response, own, consentWords[own.language].title, 'consent');
      await logOpened(this.afterglow, own, 'consent');
      await work(own, await readConsent(this.afterglow, own));
    });
  }
}

/** Signed, and not declined or put off since. */
const isSigned = ({ signed, missing }: Reading): boolean => signed !== null && missing !== 'declined' && missing !== 'deferred';

function troubleWith({ mark, name, ticked }: Signing, own: OwnPage, reading: Reading): ConsentTrouble | null {
  if (mark !== reading.mark) return 'changed';
  const points = pointsOf(reading, own.language);
  if (points.some((_point, index) => !ticked.includes(String(index)))) return 'tickAll';
  return namesPatient(own, name) ? null : 'nameNeeded';
}
