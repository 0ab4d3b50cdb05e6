import { Body, Controller, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { newId } from '#platform';
import type { Afterglow } from '../../../worker/afterglow.js';
import { Open } from '../../access.js';
import type { OwnPage } from '../own-page.js';
import { askBirthDate, hasPass, logOpened, onPage, show } from '../serve.js';
import { type Answers, type History, loadHistory, nextQuestion, saveAnswer } from './history.js';
import { type Answer, isQuestion, noAnswer, type Question, takeForm, type Trouble } from './questions.js';
import { answeredView, questionView } from './views.js';
import { historyWords } from './words.js';

/** Where patients tell their history before they come: a question a screen, each saved by itself, all behind the birth date. */
@Controller('p')
@ApiExcludeController()
@Open()
export class HistoryController {
  constructor(@Inject('afterglow') private readonly afterglow: Afterglow) {}

  /** Goes on where the patient stopped; once everything is answered it shows the answers. */
  @Get(':token/history')
  async history(@Param('token') token: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.behindBirthDate(token, request, response, async (own, { answers }) => {
      const next = nextQuestion(answers, null);
      if (next !== null) return response.redirect(303, `${own.base}/history/${next}`);
      show(response, own, historyWords[own.language].done, answeredView(own.base, own.language, answers));
    });
  }

  @Get(':token/history/:question')
  async question(@Param('token') token: string, @Param('question') question: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.behindBirthDate(token, request, response, async (own, history) => {
      if (!isQuestion(question)) return response.redirect(303, `${own.base}/history`);
      this.ask(response, own, history, question, null);
    });
  }

  /** Post, then get; after trouble the question stands there again with what was given. */
  @Post(':token/history/:question')
  @HttpCode(200)
  async answer(
    @Param('token') token: string,
    @Param('question') question: string,
    @Body() body: unknown,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.behindBirthDate(token, request, response, async (own, history) => {
      if (!isQuestion(question)) return response.redirect(303, `${own.base}/history`);
      const before = history.answers.get(question) ?? noAnswer;
      const taken = takeForm(question, body, before, { today: history.knowledge.today, clinicPhone: own.clinic.phone });
      if ('trouble' in taken) return this.ask(response.status(422), own, history, question, taken.trouble);
      const { answer, once = this.newForm() } = taken;
      const saved = await saveAnswer(this.afterglow, own, question, history, answer, once);
      if (!saved) return this.ask(response.status(422), own, history, question, question === 'you' ? 'wrongYou' : 'notSaved', answer);
      response.redirect(303, `${own.base}/history${this.wayOn(history.answers, question, answer, before)}`);
    });
  }

  /** After a further treatment the same question stands there for the next one. */
  private wayOn(answers: Answers, question: Question, answer: Answer, before: Answer): string {
    if (question === 'treatments' && answer !== before) return '/treatments';
    const next = nextQuestion(new Map([...answers, [question, answer]]), question);
    return next === null ? '' : `/${next}`;
  }

  private newForm = (): string => newId(this.afterglow.clock.now());

  private ask(response: Response, own: OwnPage, { answers, knowledge }: History, question: Question, trouble: Trouble | 'notSaved' | null, given?: Answer) {
    const { base, language, words, patient } = own;
    const { givenName = '', familyName = '', phone, email } = patient.person;
    const known: Answer = question === 'you' ? { ...noAnswer, person: { givenName, familyName, phone, email, mayWrite: false } } : noAnswer;
    const answer = given ?? (question === 'you' ? known : (answers.get(question) ?? known));
    const view = questionView(question, { base, language, words, answer, once: this.newForm(), today: knowledge.today, trouble });
    show(response, own, historyWords[language][question], view, { keeps: true });
  }

  private async behindBirthDate(token: string, request: Request, response: Response, work: (own: OwnPage, history: History) => Promise<void>): Promise<void> {
    await onPage(this.afterglow, token, { request, response }, async (own) => {
      if (!hasPass(this.afterglow, own, request)) return askBirthDate(response, own, historyWords[own.language].title, 'history');
      await logOpened(this.afterglow, own, 'history');
      await work(own, await loadHistory(this.afterglow, own));
    });
  }
}
