import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { endException, exceptionAsk, type ExceptionKind, exceptionKinds, exceptions, recordException } from '#clinic';
import { inTransaction } from '#platform';
import type { Afterglow } from '../worker/afterglow.js';
import { Allow, type Caller, CallerOf, readers } from './access.js';
import { Answers } from './answers.js';
import { exception, exceptionPage } from './answers/exceptions.js';
import { asPage, Asks, moment, page, Parse, Takes } from './requests.js';

const filter = z.object({
  from: moment.optional(),
  to: moment.optional(),
  kind: z.enum(exceptionKinds).optional(),
  staffId: z.string().max(64).optional(),
  ...page,
});
const asks = {
  absence: exceptionAsk('absence'),
  shift: exceptionAsk('extra_shift'),
  downtime: exceptionAsk('downtime'),
  closure: exceptionAsk('closure'),
  hours: exceptionAsk('extra_hours'),
} as const;

/** What differs from the settings for a while. Plans and bookings see it at once; sessions that it touches are planned again. */
@ApiTags('clinic')
@ApiBearerAuth()
@Controller('v1/clinic')
@Allow('front_desk', 'medical_director', 'admin')
export class ExceptionsController {
  constructor(@Inject('afterglow') private readonly afterglow: Afterglow) {}

  @Get('exceptions')
  @Allow(...readers)
  @Asks(filter)
  @Answers(exceptionPage)
  @ApiOperation({ summary: 'Absences, extra shifts, downtime, closures and extra hours that were recorded beside the settings, by beginning.' })
  async list(@Query(new Parse(filter)) { from, to, kind, staffId, limit, cursor }: z.output<typeof filter>) {
    const [since, until] = [from, to].map((at) => (at === undefined ? undefined : new Date(at)));
    const found = await exceptions(this.afterglow.db, { from: since, to: until, kind, staffId });
    const keyOf = ({ from: begins, exceptionId }: (typeof found)[number]) => `${begins} ${exceptionId}`;
    const open = found.filter((one) => cursor === undefined || keyOf(one) > cursor);
    return asPage(open.slice(0, limit + 1), limit, keyOf);
  }

  @Post('absences')
  @Takes(asks.absence)
  @Answers(exception)
  @ApiOperation({ summary: 'Somebody is away: `from` and `to` are days, both included, or instants.' })
  absence(@Body(new Parse(asks.absence)) input: unknown, @CallerOf() caller: Caller) {
    return this.record('absence', input, caller);
  }

  @Post('extra-shifts')
  @Takes(asks.shift)
  @Answers(exception)
  @ApiOperation({ summary: 'Somebody works besides their weekly hours, while the place is open.' })
  extraShift(@Body(new Parse(asks.shift)) input: unknown, @CallerOf() caller: Caller) {
    return this.record('extra_shift', input, caller);
  }

  @Post('downtimes')
  @Takes(asks.downtime)
  @Answers(exception)
  @ApiOperation({ summary: 'A device is down, or one unit of it.' })
  downtime(@Body(new Parse(asks.downtime)) input: unknown, @CallerOf() caller: Caller) {
    return this.record('downtime', input, caller);
  }

  @Post('closures')
  @Takes(asks.closure)
  @Answers(exception)
  @ApiOperation({ summary: 'A location or a room is closed.' })
  closure(@Body(new Parse(asks.closure)) input: unknown, @CallerOf() caller: Caller) {
    return this.record('closure', input, caller);
  }

  @Post('extra-hours')
  @Takes(asks.hours)
  @Answers(exception)
  @ApiOperation({ summary: 'A location opens besides its weekly hours; on a day on which it is closed too.' })
  extraHours(@Body(new Parse(asks.hours)) input: unknown, @CallerOf() caller: Caller) {
    return this.record('extra_hours', input, caller);
  }

  @Delete('exceptions/:id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Ends it: what has not begun is gone, what runs ends now, what is over stays.' })
  async end(@Param('id') id: string, @CallerOf() { name }: Caller) {
    await inTransaction(this.afterglow.db, (trx) => endException(trx, this.afterglow, id, name));
    this.afterglow.wake();
  }

  private async record(kind: ExceptionKind, input: unknown, { name: by }: Caller) {
    const recorded = await inTransaction(this.afterglow.db, (trx) => recordException(trx, this.afterglow, { kind, input, by }));
    this.afterglow.wake();
    return recorded;
  }
}
