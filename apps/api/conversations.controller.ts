import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  acknowledgeTask,
  assignConversation,
  completeTask,
  conversation,
  expectVersion,
  listConversations,
  listTasks,
  markTriage,
  resolveConversation,
  snoozeConversation,
  task,
} from '#conversation';
import { inTransaction, type Transaction } from '#platform';
import type { Afterglow } from '../worker/afterglow.js';
import { writeToPatient } from '../worker/effects.js';
import { Allow, type Caller, CallerOf, readers } from './access.js';
import { Answers } from './answers.js';
import {
  conversationPage as conversationPageAnswer,
  task as taskAnswer,
  taskPage as taskPageAnswer,
  thread as threadAnswer,
  written as writtenAnswer,
} from './answers/threads.js';
import { Asks, found, instant, page, Parse, Takes } from './requests.js';

const urgencies = ['emergency', 'urgent', 'soon', 'ask', 'expected', 'administrative'] as const;
const threadQuery = z.object({ ...page, urgency: z.enum(urgencies).optional(), status: z.string().max(40).optional(), patientId: z.string().optional() });
const taskQuery = z.object({
  ...page,
  status: z.string().max(40).optional(),
  assignee: z.string().optional(),
  kind: z.string().optional(),
  patientId: z.string().optional(),
});
/** The version of the thread that the caller saw: refused with 409 and the newer state when it has changed since. */
const seen = { version: z.int().min(0).optional() };
const written = z.object({ body: z.string().trim().min(1).max(1_000), ...seen });
const assigned = z.object({ assignee: z.string().min(1).nullable().optional(), ...seen });
const resolved = z.object(seen);
const snoozed = z.object({ until: instant.nullable(), ...seen });
const judged = z.object({ urgency: z.enum(urgencies), reason: z.string().trim().min(1).max(500).optional() });

@ApiTags('messages, conversations and tasks')
@ApiBearerAuth()
@Controller('v1')
@Allow('front_desk', 'provider', 'medical_director', 'admin')
export class ConversationsController {
  constructor(@Inject('afterglow') private readonly afterglow: Afterglow) {}

  @Get('conversations')
  @Answers(conversationPageAnswer)
  @Asks(threadQuery)
  @Allow(...readers)
  @ApiOperation({ summary: 'Threads, the gravest first, then whoever has waited longest for a person; urgency and status narrow them.' })
  async conversations(@Query(new Parse(threadQuery)) query: z.output<typeof threadQuery>) {
    return listConversations(this.afterglow.db, { ...query, cursor: query.cursor ?? null });
  }

  @Get('conversations/:id')
  @Answers(threadAnswer)
  @Allow(...readers)
  @ApiOperation({ summary: 'Both sides of a thread, each reply with its triage and the question it answers.' })
  async conversation(@Param('id') id: string, @CallerOf() caller: Caller) {
    const thread = found(await conversation(this.afterglow.db, id), 'conversation');
    const row = { at: this.afterglow.clock.now(), actor: caller.name, action: 'read conversation', patient_id: thread.patientId };
    await this.afterglow.db.insertInto('access_log').values(row).execute();
    return thread;
  }

  @Post('conversations/:id/messages')
  @Answers(writtenAnswer)
  @Takes(written)
  @HttpCode(202)
  @ApiOperation({ summary: 'A member of staff writes to the patient, on the channel the patient used.' })
  async write(@Param('id') id: string, @Body(new Parse(written)) { body, version }: z.output<typeof written>, @CallerOf() caller: Caller) {
    const outreachId = await this.commit(async (trx) => {
      if (version !== undefined) await expectVersion(trx, { conversationId: id, version });
      return writeToPatient(trx, this.afterglow, { conversationId: id, body, by: caller.name });
    });
    return { outreachId };
  }

  @Post('conversations/:id/resolve')
  @Answers(threadAnswer)
  @Takes(resolved)
  @HttpCode(200)
  @ApiOperation({ summary: 'Closes a thread until its next message; 409 with the newer state when it has changed since `version`.' })
  async resolve(@Param('id') conversationId: string, @Body(new Parse(resolved)) seenBy: z.output<typeof resolved>, @CallerOf() { name: by }: Caller) {
    await this.commit((trx) => resolveConversation(trx, this.afterglow, { conversationId, by, ...seenBy }));
    return conversation(this.afterglow.db, conversationId);
  }

  @Post('conversations/:id/snooze')
  @Answers(threadAnswer)
  @Takes(snoozed)
  @HttpCode(200)
  @ApiOperation({ summary: 'Puts a thread off until an instant, or (null) takes it back; the next message brings it back too.' })
  async snooze(@Param('id') conversationId: string, @Body(new Parse(snoozed)) until: z.output<typeof snoozed>, @CallerOf() { name: by }: Caller) {
    await this.commit((trx) => snoozeConversation(trx, this.afterglow, { conversationId, by, ...until }));
    return conversation(this.afterglow.db, conversationId);
  }

  @Post('conversations/:id/assign')
  @Answers(threadAnswer)
  @Takes(assigned)
  @HttpCode(200)
  @ApiOperation({ summary: 'Gives a thread to someone or, without `assignee`, takes it; 409 with the newer state when someone else was faster.' })
  async assign(@Param('id') conversationId: string, @Body(new Parse(assigned)) to: z.output<typeof assigned>, @CallerOf() { name: by }: Caller) {
    await this.commit((trx) => assignConversation(trx, this.afterglow, { conversationId, by, ...to }));
    return conversation(this.afterglow.db, conversationId);
  }

  @Post('conversations/:id/messages/:messageId/triage')
  @Answers(threadAnswer)
  @Takes(judged)
  @HttpCode(200)
  @ApiOperation({ summary: 'Judges a reply anew. Anyone may raise; only a provider or the medical director may lower, with a reason.' })
  async judge(
    @Param('id') conversationId: string,
    @Param('messageId') messageId: string,
    @Body(new Parse(judged)) judgement: z.output<typeof judged>,
    @CallerOf() { name: by, roles }: Caller,
  ) {
    const clinic = await this.afterglow.clinic();
    await this.commit((trx) => markTriage(trx, this.afterglow, { conversationId, messageId, ...judgement, by, roles, clinic }));
    return conversation(this.afterglow.db, conversationId);
  }

  @Get('tasks')
  @Answers(taskPageAnswer)
  @Asks(taskQuery)
  @Allow(...readers)
  @ApiOperation({ summary: 'What a person must do: calls, reviews, escalations.' })
  async tasks(@Query(new Parse(taskQuery)) query: z.output<typeof taskQuery>) {
    return listTasks(this.afterglow.db, { ...query, cursor: query.cursor ?? null });
  }

  @Post('tasks/:id/acknowledge')
  @Answers(taskAnswer)
  @HttpCode(200)
  @ApiOperation({ summary: 'I have it: paging stops.' })
  async acknowledge(@Param('id') taskId: string, @CallerOf() { name: by }: Caller) {
    await this.commit((trx) => acknowledgeTask(trx, this.afterglow, { taskId, by }));
    return task(this.afterglow.db, taskId);
  }

  @Post('tasks/:id/complete')
  @Answers(taskAnswer)
  @HttpCode(200)
  async complete(@Param('id') taskId: string, @CallerOf() { name: by }: Caller) {
    await this.commit((trx) => completeTask(trx, this.afterglow, { taskId, by }));
    return task(this.afterglow.db, taskId);
  }

  private async commit<T>(work: (trx: Transaction) => Promise<T>): Promise<T> {
    const answer = await inTransaction(this.afterglow.db, work);
    this.afterglow.wake();
    return answer;
  }
}
