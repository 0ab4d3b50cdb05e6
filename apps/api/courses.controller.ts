import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { listPatients } from '#patient';
import { addDays, edge } from '#protocols';
import {
  type Actor,
  arriveSession,
  availability,
  bookProposal,
  cancelSession,
  completeSession,
  confirmSession,
  courseView,
  dayOfSession,
  daysOfSession,
  findCourse,
  holdProposal,
  listSessions,
  noShowSession,
  type Outcome,
  proposals,
  recordAdverseReaction,
  releaseHold,
  releaseHolds,
  rescheduleSession,
  sessionView,
} from '#treatment';
import type { Afterglow } from '../worker/afterglow.js';
import { Allow, type Caller, CallerOf, readers } from './access.js';
import { Answers } from './answers.js';
import {
  choices as choicesAnswer,
  course as courseAnswer,
  proposalPage as proposalPageAnswer,
  session as sessionAnswer,
  sessionPage as sessionPageAnswer,
  slotPage as slotPageAnswer,
  whyNot as whyNotAnswer,
} from './answers/sessions.js';
import { Asks, found, instant, moment, page, Parse, Takes } from './requests.js';

const statuses = ['unscheduled', 'held', 'booked', 'confirmed', 'arrived', 'completed', 'no_show', 'cancelled', 'on_hold'] as const;
/** A search that finds more people than these is no search. */
const mostPeople = 200;
const sessionQuery = z.object({
  ...page,
  from: moment.optional(),
  to: moment.optional(),
  providerId: z.string().optional(),
  roomId: z.string().optional(),
  locationId: z.string().optional(),
  protocolId: z.string().optional(),
  patientId: z.string().optional(),
  status: z.enum(statuses).optional(),
  /** Of whom: part of a name, a phone, an e-mail or an id. */
  patient: z.string().max(200).optional(),
});
const availabilityQuery = z.object({
  ...page,
  protocolId: edge.protocolId,
  from: moment,
  to: moment,
  patientId: z.string().optional(),
  /** The session that is to be moved; its own time then counts as free. */
  sessionId: z.string().optional(),
});
const dayQuery = z.object({ sessionId: z.string().min(1), date: z.iso.date() });
/** As many days as a page shows at once. */
const choiceQuery = z.object({ sessionId: z.string().min(1), from: z.iso.date(), days: z.coerce.number().int().min(1).max(14).default(7) });
/** The local date on which the skin is to be at its best: planned back from it. */
const proposing = z.object({ bestOn: z.iso.date().optional() });
const booking = z.object({ proposalId: z.string().min(1) });
/** A patient may sleep on it, and no longer: others wait for these times. */
const hold = booking.extend({ minutes: z.number().int().min(1).max(2_880) });
const reschedule = z.object({
  start: instant,
  reason: z.string().max(500).optional(),
  override: z
    .union([
      z.object({ reason: z.string().min(1).max(500) }),
      z
        .string()
        .min(1)
        .max(500)
        .transform((reason) => ({ reason })),
    ])
    .optional(),
});
const cancel = z.object({ reason: z.string().min(1).max(500), by: z.enum(['patient', 'clinic']) });
/** Gates of a consultation lift their own holds when they open; a person lifts these. */
const release = z.object({ gate: z.enum(['adverse_reaction', 'window']).default('adverse_reaction') });
const complete = z.object({ at: instant.optional(), cutShort: z.boolean().optional() });
const reaction = z.object({
  codes: z.array(z.string().min(1)).min(1),
  severity: z.enum(['mild', 'moderate', 'severe']),
  note: z.string().max(5_000).optional(),
});

const actorOf = ({ name, roles }: Caller): Actor => ({ id: name, roles });

@ApiTags('courses and sessions')
@ApiBearerAuth()
@Controller('v1')
@Allow('front_desk', 'provider', 'medical_director', 'admin')
export class CoursesController {
  constructor(@Inject('afterglow') private readonly afterglow: Afterglow) {}

  @Get('courses/:id')
  @Answers(courseAnswer)
  @Allow(...readers)
  @ApiOperation({ summary: 'A course with its sessions, each with what set its window.' })
  async course(@Param('id') id: string) {
    return found(await findCourse(this.afterglow.db, id), 'course');
  }

  @Get('courses/:id/why-not')
  @Answers(whyNotAnswer)
  @Asks(dayQuery)
  @Allow(...readers)
  @ApiOperation({ summary: 'Why a session may not lie on a date, every constraint named; or its first start there.' })
  async whyNot(@Param('id') courseId: string, @Query(new Parse(dayQuery)) ask: z.output<typeof dayQuery>) {
    return dayOfSession(await this.afterglow.treatment(), { courseId, ...ask });
  }

  @Get('courses/:id/choices')
  @Answers(choicesAnswer)
  @Asks(choiceQuery)
  @Allow(...readers)
  @ApiOperation({ summary: 'Where a session may go: each day from a date on with its free starts, or every constraint that leaves none.' })
  async choices(@Param('id') courseId: string, @Query(new Parse(choiceQuery)) { sessionId, from, days }: z.output<typeof choiceQuery>) {
    const treatment = await this.afterglow.treatment();
    const dates = Array.from({ length: days }, (_day, after) => addDays(from, after));
    return { gridMinutes: treatment.clinic.gridMinutes, items: await daysOfSession(treatment, { courseId, sessionId, dates }) };
  }

  @Post('courses/:id/proposals')
  @Answers(proposalPageAnswer)
  @Takes(proposing)
  @HttpCode(200)
  @ApiOperation({
    summary: 'Up to five schedules, best first, each with its cost and explanation; with bestOn, back from the day on which the skin is to be at its best.',
  })
  async propose(@Param('id') id: string, @Body(new Parse(proposing)) { bestOn }: z.output<typeof proposing>, @CallerOf() caller: Caller) {
    return { items: await proposals(await this.afterglow.treatment(), id, actorOf(caller), bestOn), next: null };
  }

  @Post('courses/:id/bookings')
  @Answers(courseAnswer)
  @Takes(booking)
  @HttpCode(200)
  @ApiOperation({ summary: 'Books all of a proposal or nothing; 409 with a fresh one when a slot was taken meanwhile.' })
  async book(@Param('id') id: string, @Body(new Parse(booking)) { proposalId }: z.output<typeof booking>, @CallerOf() caller: Caller) {
    const { course } = await this.done(bookProposal(await this.afterglow.treatment(), id, proposalId, actorOf(caller)));
    return courseView(course);
  }

  @Post('courses/:id/holds')
  @Answers(courseAnswer)
  @Takes(hold)
  @HttpCode(200)
  @ApiOperation({ summary: 'Keeps all times of a proposal, or none, while the patient decides; 409 with a fresh one when a time is gone.' })
  async hold(@Param('id') id: string, @Body(new Parse(hold)) ask: z.output<typeof hold>, @CallerOf() caller: Caller) {
    const { course } = await this.done(holdProposal(await this.afterglow.treatment(), id, ask, actorOf(caller)));
    return courseView(course);
  }

  @Delete('courses/:id/holds')
  @Answers(courseAnswer)
  @ApiOperation({ summary: 'Lets go of the times that are kept for a course.' })
  async letGo(@Param('id') id: string, @CallerOf() caller: Caller) {
    const { course } = await this.done(releaseHolds(await this.afterglow.treatment(), id, actorOf(caller)));
    return courseView(course);
  }

  @Post('courses/:id/release')
  @Answers(courseAnswer)
  @HttpCode(200)
  @Takes(release)
  @Allow('provider', 'medical_director')
  @ApiOperation({ summary: 'A provider has reviewed a reaction (or another hold): the sessions stand again, or get another time.' })
  async release(@Param('id') courseId: string, @Body(new Parse(release)) { gate }: z.output<typeof release>, @CallerOf() caller: Caller) {
    const { course } = await this.done(releaseHold(await this.afterglow.treatment(), { courseId, gate }, caller.name));
    return courseView(course);
  }

  @Get('sessions')
  @Answers(sessionPageAnswer)
  @Asks(sessionQuery)
  @Allow(...readers)
  @ApiOperation({ summary: 'Upcoming sessions, by start.' })
  async sessions(@Query(new Parse(sessionQuery)) { patient, ...filter }: z.output<typeof sessionQuery>) {
    const { db } = this.afterglow;
    if (patient === undefined) return listSessions(db, filter);
    const people = await listPatients(db, { query: patient, limit: mostPeople, cursor: null });
    return listSessions(db, { ...filter, patientIds: people.map(({ id }) => id) });
  }

  @Post('sessions/:id/confirm')
  @Answers(sessionAnswer)
  @HttpCode(200)
  async confirm(@Param('id') id: string, @CallerOf() caller: Caller) {
    return this.session(id, confirmSession(await this.afterglow.treatment(), id, caller.name));
  }

  @Post('sessions/:id/reschedule')
  @Answers(sessionAnswer)
  @Takes(reschedule)
  @HttpCode(200)
  @ApiOperation({ summary: 'Another start; 409 naming the constraint that forbids it. An override needs a reason and a provider.' })
  async reschedule(@Param('id') id: string, @Body(new Parse(reschedule)) ask: z.output<typeof reschedule>, @CallerOf() caller: Caller) {
    return this.session(id, rescheduleSession(await this.afterglow.treatment(), id, ask, actorOf(caller)));
  }

  @Post('sessions/:id/cancel')
  @Answers(sessionAnswer)
  @Takes(cancel)
  @HttpCode(200)
  async cancel(@Param('id') id: string, @Body(new Parse(cancel)) ask: z.output<typeof cancel>, @CallerOf() caller: Caller) {
    return this.session(id, cancelSession(await this.afterglow.treatment(), id, ask, actorOf(caller)));
  }

  @Post('sessions/:id/arrive')
  @Answers(sessionAnswer)
  @HttpCode(200)
  async arrive(@Param('id') id: string, @CallerOf() caller: Caller) {
    return this.session(id, arriveSession(await this.afterglow.treatment(), id, actorOf(caller)));
  }

  @Post('sessions/:id/complete')
  @Answers(sessionAnswer)
  @Takes(complete)
  @HttpCode(200)
  async complete(@Param('id') id: string, @Body(new Parse(complete)) how: z.output<typeof complete>, @CallerOf() caller: Caller) {
    return this.session(id, completeSession(await this.afterglow.treatment(), id, actorOf(caller), how));
  }

  @Post('sessions/:id/no-show')
  @Answers(sessionAnswer)
  @HttpCode(200)
  async noShow(@Param('id') id: string, @CallerOf() caller: Caller) {
    return this.session(id, noShowSession(await this.afterglow.treatment(), id, actorOf(caller)));
  }

  @Post('sessions/:id/adverse-reactions')
  @Answers(sessionAnswer)
  @Takes(reaction)
  @HttpCode(200)
  async adverseReaction(@Param('id') id: string, @Body(new Parse(reaction)) ask: z.output<typeof reaction>, @CallerOf() caller: Caller) {
    return this.session(id, recordAdverseReaction(await this.afterglow.treatment(), id, ask, actorOf(caller)));
  }

  @Get('availability')
  @Answers(slotPageAnswer)
  @Asks(availabilityQuery)
  @Allow(...readers)
  @ApiOperation({ summary: "Free starts; with the patient's windows applied when one is named." })
  async free(@Query(new Parse(availabilityQuery)) ask: z.output<typeof availabilityQuery>) {
    return availability(await this.afterglow.treatment(), ask);
  }

  private async done(work: Promise<Outcome>): Promise<Outcome> {
    const outcome = await work;
    this.afterglow.wake();
    return outcome;
  }

  private async session(id: string, work: Promise<Outcome>) {
    const { course } = await this.done(work);
    return sessionView(
      found(
        course.sessions.find(({ sessionId }) => sessionId === id),
        'session',
      ),
    );
  }
}
