import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Rejected } from '#platform';
import { findSession, joinWaitlist, leaveWaitlist, sessionView, waitingSessions } from '#treatment';
import type { Afterglow } from '../worker/afterglow.js';
import { Allow, type Caller, CallerOf, readers } from './access.js';
import { Answers } from './answers.js';
import { waitlistJoined as waitlistJoinedAnswer, waitlistPage as waitlistPageAnswer } from './answers/sessions.js';
import { found, Parse, Takes } from './requests.js';

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day, HH:MM');
const join = z.object({
  patientId: z.string().min(1),
  courseId: z.string().min(1),
  sessionId: z.string().min(1),
  wish: z.enum(['earlier', 'any']).default('earlier'),
  windows: z
    .array(
      z
        .object({ weekday: z.int().min(1).max(7), from: clock, to: clock })
        .refine(({ from, to }) => from < to, { error: 'must end after it begins', path: ['to'] }),
    )
    .max(21)
    .default([]),
});

@ApiTags('courses and sessions')
@ApiBearerAuth()
@Controller('v1/waitlist')
@Allow('front_desk', 'provider', 'medical_director', 'admin')
export class WaitlistController {
  constructor(@Inject('afterglow') private readonly afterglow: Afterglow) {}

  @Get()
  @Answers(waitlistPageAnswer)
  @Allow(...readers)
  @ApiOperation({ summary: 'Who waits for another time, the longest first, with what is kept for them.' })
  async list() {
    const items = await waitingSessions(this.afterglow.db);
    return { items: items.map((session) => ({ ...sessionView(session), waiting: session.waiting })), next: null };
  }

  @Post()
  @Answers(waitlistJoinedAnswer)
  @HttpCode(200)
  @Takes(join)
  @ApiOperation({ summary: 'The patient waits for an earlier time of a session, or for any; again, they keep their place.' })
  async join(@Body(new Parse(join)) { patientId, courseId, ...ask }: z.output<typeof join>, @CallerOf() caller: Caller) {
    const session = found(await findSession(this.afterglow.db, ask.sessionId), 'session');
    if (session.patientId !== patientId || session.courseId !== courseId)
      throw new Rejected('other_session', 'The session is of another patient or course.', { path: 'sessionId' });
    await joinWaitlist(await this.afterglow.treatment(), ask, caller.name);
    this.afterglow.wake();
    return { sessionId: ask.sessionId, wish: ask.wish, windows: ask.windows };
  }

  @Delete(':sessionId')
  @HttpCode(204)
  @ApiOperation({ summary: 'The patient waits no more; an offer that is open is let go of.' })
  async leave(@Param('sessionId') sessionId: string, @CallerOf() caller: Caller): Promise<void> {
    await leaveWaitlist(await this.afterglow.treatment(), sessionId, caller.name);
    this.afterglow.wake();
  }
}
