import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { type TaskRow, tasksOfOutreach } from '#conversation';
import { type ByHand, listOutreach, outreachStory, type OutreachView, previewOutreach, takeInHand, touchpointNames } from '#follow-up';
import { languages, languageOf, segmentsOf } from '#messaging';
import { listPatients, loadPatient } from '#patient';
import { inTransaction } from '#platform';
import type { Afterglow } from '../worker/afterglow.js';
import { followUpOf } from '../worker/effects.js';
import { Allow, type Caller, CallerOf, readers } from './access.js';
import { Answers } from './answers.js';
import {
  outreachPage as outreachPageAnswer,
  outreachStory as outreachStoryAnswer,
  outreachTexts as outreachTextsAnswer,
  touchpointPage as touchpointPageAnswer,
} from './answers/threads.js';
import { Asks, found, moment, page, Parse, Takes } from './requests.js';

const statuses = ['planned', 'attempting', 'sent', 'delivered', 'in_doubt', 'unproven', 'failed', 'missed', 'cancelled'] as const;
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
const outreachQuery = z.object({
  ...page,
  patientId: z.string().optional(),
  sessionId: z.string().optional(),
  status: z.enum(statuses).optional(),
  channel: z.enum(['sms', 'email', 'call']).optional(),
  touchpoint: z.string().max(60).optional(),
  /** Part of a patient's name, phone, e-mail or id. */
  query: z.string().trim().max(200).optional(),
  held: flag.optional(),
  trouble: flag.optional(),
  from: moment.optional(),
  to: moment.optional(),
});
const outreachId = z.uuid('is not the id of a message');
const withReason = z.object({ reason: z.string().trim().min(3, 'say why').max(300) });
/** Of a search by name: more people than that are no answer to it. */
const matchesAtMost = 500;
const clinicians = ['provider', 'medical_director'] as const;

/** What a person has to do about it, and whether it is done. */
const taskOf = ({ id, kind, status, dueAt, role, assignee, why, acknowledgedBy }: TaskRow) => ({
  id,
  kind,
  status,
  dueAt,
  role,
  assignee,
  why,
  acknowledgedBy,
});

@ApiTags('messages, conversations and tasks')
@ApiBearerAuth()
@Controller('v1/outreach')
@Allow('front_desk', 'provider', 'medical_director', 'admin')
export class OutreachController {
  constructor(@Inject('afterglow') private readonly afterglow: Afterglow) {}

  @Get()
  @Answers(outreachPageAnswer)
  @Asks(outreachQuery)
  @Allow(...readers)
  @ApiOperation({ summary: 'Every planned, sent and finished message, and why; with `trouble` what went wrong, each with the task that followed.' })
  async list(@Query(new Parse(outreachQuery)) { query, ...filter }: z.output<typeof outreachQuery>) {
    const { db } = this.afterglow;
    const named =
      query === undefined || query === '' ? {} : { patientIds: (await listPatients(db, { query, limit: matchesAtMost, cursor: null })).map(({ id }) => id) };
    const { items, next } = await listOutreach(db, { ...filter, ...named });
    return { items: await this.withTasks(items), next };
  }

  @Get('touchpoints')
  @Answers(touchpointPageAnswer)
  @Allow(...readers)
  @ApiOperation({ summary: 'The kinds of message that there are, for `touchpoint`.' })
  touchpoints() {
    return { items: [...touchpointNames, 'written', 'page'], next: null };
  }

  @Get(':id')
  @Answers(outreachStoryAnswer)
  @Allow(...readers)
  @ApiOperation({ summary: 'One message: what called for it, and everything that happened to it since.' })
  async one(@Param('id', new Parse(outreachId)) id: string) {
    const { db, store } = this.afterglow;
    const { row, story } = found(await outreachStory(db, store, id), 'message');
    const [shown] = await this.withTasks([row]);
    const steps = story.map(({ at, event: { type, data } }) => ({
      at,
      what: type.replace(/^outreach\.|\.v\d+$/g, ''),
      by: 'by' in data ? (data.by ?? null) : null,
      why: 'reason' in data && !('why' in data) ? (data.reason ?? null) : 'why' in data ? data.why : 'because' in data ? data.because : null,
      dueAt: 'dueAt' in data ? data.dueAt : 'until' in data ? data.until : null,
    }));
    return { ...shown, story: steps };
  }

  @Get(':id/texts')
  @Answers(outreachTextsAnswer)
  @Allow(...readers)
  @ApiOperation({ summary: 'How it reads to this patient, in both languages; links in it open nothing.' })
  async texts(@Param('id', new Parse(outreachId)) id: string, @CallerOf() { name: actor }: Caller) {
    const { db, store, clock } = this.afterglow;
    const context = await followUpOf(this.afterglow);
    const made = await Promise.all(languages.map((tongue) => previewOutreach(context, id, undefined, tongue)));
    const row = found(made[0], 'message to preview').row;
    if (row.patientId !== null)
      await db.insertInto('access_log').values({ at: clock.now(), actor, action: 'previewed a message', patient_id: row.patientId }).execute();
    const patient = row.patientId === null ? null : await loadPatient(db, store, row.patientId);
    const texts = languages.map((tongue, index) => {
      const { body, email } = found(made[index], 'message to preview').message;
      return [tongue, { subject: email?.subject ?? null, body, segments: row.channel === 'sms' ? segmentsOf(body).segments : null }] as const;
    });
    return { id, language: languageOf(patient?.person.language), texts: Object.fromEntries(texts) };
  }

  @Post(':id/hold')
  @Answers(outreachStoryAnswer)
  @HttpCode(200)
  @Takes(withReason)
  @ApiOperation({ summary: 'Holds it back. Held to its end it is missed, which opens a task: nothing is silenced unseen.' })
  hold(@Param('id', new Parse(outreachId)) id: string, @Body(new Parse(withReason)) { reason }: z.output<typeof withReason>, @CallerOf() { name: by }: Caller) {
    return this.take(id, { do: 'hold', by, reason });
  }

  @Post(':id/release')
  @Answers(outreachStoryAnswer)
  @HttpCode(200)
  @ApiOperation({ summary: 'Lets it go at its own hour again, or soon when that has passed.' })
  release(@Param('id', new Parse(outreachId)) id: string, @CallerOf() { name: by }: Caller) {
    return this.take(id, { do: 'release', by });
  }

  @Post(':id/cancel')
  @Answers(outreachStoryAnswer)
  @HttpCode(200)
  @Takes(withReason)
  @ApiOperation({ summary: 'Calls it off; planning again does not bring it back. A safety message only by a clinician (403).' })
  cancel(
    @Param('id', new Parse(outreachId)) id: string,
    @Body(new Parse(withReason)) { reason }: z.output<typeof withReason>,
    @CallerOf() { name: by, roles }: Caller,
  ) {
    return this.take(id, { do: 'cancel', by, reason, clinician: roles.some((role) => (clinicians as readonly string[]).includes(role)) });
  }

  @Post(':id/send-now')
  @Answers(outreachStoryAnswer)
  @HttpCode(200)
  @ApiOperation({ summary: 'Sends it at once where hours, consent and caps allow; else 409 with the reason and, where one is known, the hour (`mayGoAt`).' })
  sendNow(@Param('id', new Parse(outreachId)) id: string, @CallerOf() { name: by }: Caller) {
    return this.take(id, { do: 'send-now', by });
  }

  private async take(id: string, command: ByHand) {
    const context = await followUpOf(this.afterglow);
    await inTransaction(this.afterglow.db, (trx) => takeInHand(trx, context, id, command));
    this.afterglow.wake();
    return this.one(id);
  }

  private async withTasks(rows: readonly OutreachView[]) {
    const ended = rows.filter(({ status }) => status === 'failed' || status === 'missed' || status === 'unproven');
    const tasks = await tasksOfOutreach(
      this.afterglow.db,
      ended.flatMap(({ id, taskId }) => [id, ...(taskId === null ? [] : [taskId])]),
    );
    return rows.map((row) => ({ ...row, tasks: tasks.filter(({ id, outreachId: about }) => about === row.id || id === row.taskId).map(taskOf) }));
  }
}
