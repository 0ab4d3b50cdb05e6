import { Body, Controller, Get, HttpCode, Inject, Param, Post, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { approveTemplate, draftTemplate, refuseFlaws, type TemplateVersion, templateVersions, wordings } from '#clinic';
import { previewOutreach } from '#follow-up';
import {
  flawsOf,
  type Language,
  languages,
  renderEmail,
  renderSms,
  sampleFor,
  segmentsOf,
  shipped,
  type TemplateKey,
  templateKeys,
  variablesOf,
  type Wording,
} from '#messaging';
import { inTransaction } from '#platform';
import type { Afterglow } from '../worker/afterglow.js';
import { followUpOf } from '../worker/effects.js';
import { Allow, type Caller, CallerOf, readers } from './access.js';
import { Answers } from './answers.js';
import {
  approvedVersion as approvedVersionAnswer,
  outreachPreview as outreachPreviewAnswer,
  templateList as templateListAnswer,
  templatePreview as templatePreviewAnswer,
  templateText as templateTextAnswer,
  templateVersion as templateVersionAnswer,
} from './answers/clinic.js';
import { found, Parse, Takes } from './requests.js';

const key = z.enum(templateKeys);
const language = z.enum(languages);
const text = z.object({ sms: z.string().max(1_000), subject: z.string().max(200), email: z.string().max(5_000) });
const approval = z.object({ version: z.int().min(2) });
const outreachId = z.uuid();
const texts = z.partialRecord(language, text).default({});
const preview = z.object({ key, texts });
const previewFor = z.object({ texts });
/** The version of a text that was only given to be looked at. */
const unnumbered = 0;

const said = (version: TemplateVersion | undefined) =>
  version === undefined ? null : { version: version.version, draftedBy: version.draftedBy, draftedAt: version.draftedAt };

@ApiTags('templates')
@ApiBearerAuth()
@Controller('v1/templates')
export class TemplatesController {
  constructor(@Inject('afterglow') private readonly afterglow: Afterglow) {}

  @Get()
  @Answers(templateListAnswer)
  @Allow(...readers)
  @ApiOperation({ summary: 'What is sent: every touchpoint, the version in force in each language, its segments, and drafts that wait for approval.' })
  async list() {
    const [own, { name }] = [await templateVersions(this.afterglow.db), await this.afterglow.clinic()];
    return {
      items: templateKeys.map((each) => ({
        key: each,
        variables: { sms: [...variablesOf(each, 'sms')].sort(), email: [...variablesOf(each, 'email')].sort() },
        languages: Object.fromEntries(languages.map((tongue) => [tongue, standing(own, each, tongue, name)])),
      })),
    };
  }

  @Get(':key/:language')
  @Answers(templateTextAnswer)
  @Allow(...readers)
  @ApiOperation({ summary: 'One text: what is sent, and beside it the draft that waits for approval.' })
  async text(@Param('key', new Parse(key)) name: TemplateKey, @Param('language', new Parse(language)) tongue: Language) {
    const own = (await templateVersions(this.afterglow.db, name)).filter((each) => each.language === tongue);
    const inForce = own.find(({ approvedAt }) => approvedAt !== null) ?? { ...shipped(name, tongue), approvedBy: null, approvedAt: null };
    const [newest] = own;
    return { key: name, language: tongue, inForce, draft: newest?.approvedAt === null ? newest : null };
  }

  @Put(':key/:language')
  @Answers(templateVersionAnswer)
  @Allow('front_desk', 'provider', 'medical_director', 'admin')
  @Takes(text)
  @ApiOperation({ summary: "Drafts the clinic's own text; nothing that is sent changes until it is approved." })
  async draft(
    @Param('key', new Parse(key)) name: TemplateKey,
    @Param('language', new Parse(language)) tongue: Language,
    @Body(new Parse(text)) body: z.output<typeof text>,
    @CallerOf() { name: by }: Caller,
  ) {
    const draft = { key: name, language: tongue, text: body, by };
    return { key: name, language: tongue, version: await inTransaction(this.afterglow.db, (trx) => draftTemplate(trx, this.afterglow, draft)) };
  }

  @Post(':key/:language/approve')
  @Answers(approvedVersionAnswer)
  @HttpCode(200)
  @Allow('medical_director')
  @Takes(approval)
  @ApiOperation({ summary: 'The medical director puts the draft that was read in force.' })
  async approve(
    @Param('key', new Parse(key)) name: TemplateKey,
    @Param('language', new Parse(language)) tongue: Language,
    @Body(new Parse(approval)) { version }: z.output<typeof approval>,
    @CallerOf() { name: by }: Caller,
  ) {
    await inTransaction(this.afterglow.db, (trx) => approveTemplate(trx, this.afterglow, { key: name, language: tongue, version, by }));
    return { key: name, language: tongue, version, approvedBy: by };
  }

  @Post('preview')
  @Answers(templatePreviewAnswer)
  @HttpCode(200)
  @Allow(...readers)
  @Takes(preview)
  @ApiOperation({ summary: 'How a text reads in both languages with sample values: the one in force, or the one that is given.' })
  async preview(@Body(new Parse(preview)) { key: name, texts }: z.output<typeof preview>) {
    const [inForce, clinic] = [await wordings(this.afterglow.db, name), await this.afterglow.clinic()];
    return Object.fromEntries(languages.map((tongue) => [tongue, previewOf({ ...inForce[tongue], ...texts[tongue] }, clinic.name)]));
  }

  @Post('preview/:outreachId')
  @Answers(outreachPreviewAnswer)
  @HttpCode(200)
  @Allow(...readers)
  @Takes(previewFor)
  @ApiOperation({
    summary: 'How a message of the ledger reads to the patient it is for: with the text in force, or with one that is given and may wait for approval.',
  })
  async previewFor(
    @Param('outreachId', new Parse(outreachId)) id: string,
    @Body(new Parse(previewFor)) { texts }: z.output<typeof previewFor>,
    @CallerOf() { name: actor }: Caller,
  ) {
    const { name: clinic } = await this.afterglow.clinic();
    const draftsOf = (name: TemplateKey) => draftsFrom(texts, name, clinic);
    const { row, message } = found(await previewOutreach(await followUpOf(this.afterglow), id, draftsOf), 'message');
    const { db, clock } = this.afterglow;
    if (row.patientId !== null)
      await db.insertInto('access_log').values({ at: clock.now(), actor, action: 'previewed a message', patient_id: row.patientId }).execute();
    const { template: name, channel, touchpoint, status, dueAt } = row;
    const { body, email, textVersion } = message;
    const { subject, html, calendar } = email ?? {};
    const about = { id, key: name, touchpoint, status, dueAt, version: textVersion === unnumbered ? null : textVersion };
    if (channel === 'sms') return { ...about, sms: { body, ...segmentsOf(body) }, email: null };
    return { ...about, sms: null, email: { subject, text: body, html, calendar: calendar?.method ?? null } };
  }
}

/** Given texts as versions of a touchpoint. @throws Rejected `template_not_allowed` for one that may not be sent. */
function draftsFrom(given: z.output<typeof texts>, name: TemplateKey, clinic: string): Readonly<Partial<Record<Language, Wording>>> {
  const drafts = languages.flatMap((tongue) => (given[tongue] === undefined ? [] : [{ key: name, language: tongue, version: unnumbered, ...given[tongue] }]));
  for (const draft of drafts) refuseFlaws(draft, clinic);
  return Object.fromEntries(drafts.map((draft) => [draft.language, draft]));
}

function standing(own: readonly TemplateVersion[], name: TemplateKey, tongue: Language, clinic: string) {
  const ours = own.filter((each) => each.key === name && each.language === tongue);
  const approved = ours.find(({ approvedAt }) => approvedAt !== null);
  const [newest] = ours;
  const wording = approved ?? shipped(name, tongue);
  return {
    version: wording.version,
    // Version 1 comes with the product; putting the clinic's settings in force puts it in force.
    approvedBy: approved?.approvedBy ?? null,
    approvedAt: approved?.approvedAt ?? null,
    sms: segmentsOf(renderSms(wording, sampleFor(tongue, 'sms', clinic))),
    draft: said(newest?.approvedAt === null ? newest : undefined),
  };
}

/** A text that cannot be filled in has flaws and nothing to show. */
function previewOf(wording: Wording, clinic: string) {
  const flaws = flawsOf(wording, clinic);
  try {
    const sms = renderSms(wording, sampleFor(wording.language, 'sms', clinic));
    return { sms: { body: sms, ...segmentsOf(sms) }, email: renderEmail(wording, sampleFor(wording.language, 'email', clinic)), flaws };
  } catch {
    return { sms: null, email: null, flaws };
  }
}
