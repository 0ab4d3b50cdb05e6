import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { wordings } from '#clinic';
import { conversation } from '#conversation';
import { languageOf, renderSms, type TemplateKey, writtenPhone } from '#messaging';
import { loadPatient } from '#patient';
import type { Afterglow } from '../worker/afterglow.js';
import { Allow, readers } from './access.js';
import { Answers } from './answers.js';
import { suggestionPage as suggestionPageAnswer } from './answers/threads.js';
import { found } from './requests.js';

/** Approved texts that a person may answer with as they stand: they need no name, date or link. */
const answers: readonly TemplateKey[] = ['soon.received', 'urgent.call', 'ask.general', 'ask.red_flags', 'ask.swelling', 'ask.redness', 'ask.pain_mild'];

@ApiTags('messages, conversations and tasks')
@ApiBearerAuth()
@Controller('v1')
export class SuggestionsController {
  constructor(@Inject('afterglow') private readonly afterglow: Afterglow) {}

  @Get('conversations/:id/suggestions')
  @Answers(suggestionPageAnswer)
  @Allow(...readers)
  @ApiOperation({ summary: "Answers to choose from: the clinic's approved texts in the patient's language, and no others." })
  async suggestions(@Param('id') id: string) {
    const { db, store } = this.afterglow;
    const { patientId } = found(await conversation(db, id), 'conversation');
    const [clinic, patient] = [await this.afterglow.clinic(), patientId === null ? null : await loadPatient(db, store, patientId)];
    const language = languageOf(patient?.person.language);
    const values = { clinic: clinic.name, phone: writtenPhone(clinic.phone) };
    const items = [];
    for (const key of answers) items.push({ key, language, text: renderSms((await wordings(db, key))[language], values) });
    return { items, next: null };
  }
}
