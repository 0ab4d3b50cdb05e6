import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { loadPatient } from '#patient';
import { Rejected } from '#platform';
import type { Afterglow } from '../worker/afterglow.js';
import { Allow, type Caller, CallerOf, Open, type Role } from './access.js';
import { Answers } from './answers.js';
import { calendarAddress, calendarPage } from './answers/calendars.js';
import { type Feed, feedById, feedsOf, type FeedKind, isKnown, issueFeed, openFeed, readFeed, revokeFeed } from './calendar-feeds.js';
import { Secret } from './idempotency.js';
import { Asks, found, Parse, Takes } from './requests.js';

const subject = z.object({ kind: z.enum(['provider', 'room', 'patient']), id: z.string().min(1).max(128) });
/** Providers give away their own calendar only; whoever runs the desk, everybody's. */
const forOthers: readonly Role[] = ['front_desk', 'medical_director', 'admin'];

const shown = ({ feed_id: id, kind, subject_id, created_by: createdBy, created_at }: Feed) => ({
  id,
  kind,
  of: subject_id,
  createdBy,
  createdAt: created_at.toISOString(),
});

@ApiTags('calendars')
@ApiBearerAuth()
@Controller()
@Allow('front_desk', 'provider', 'medical_director', 'admin')
export class CalendarsController {
  constructor(@Inject('afterglow') private readonly afterglow: Afterglow) {}

  @Post('v1/calendars')
  @Secret()
  @Takes(subject)
  @Answers(calendarAddress, 201)
  @ApiOperation({ summary: "The address of a provider's, a room's or a patient's calendar, to subscribe to. It is told once; whoever has it can read it." })
  async issue(@Body(new Parse(subject)) { kind, id }: z.output<typeof subject>, @CallerOf() caller: Caller) {
    this.refuseOthers(caller, kind, id);
    await this.refuseUnknown(kind, id);
    const { feedId, token } = await issueFeed(this.afterglow, { kind, id, by: caller.name });
    if (kind === 'patient') await this.note(caller.name, 'gave out a calendar address', id);
    return { id: feedId, kind, of: id, address: `${this.afterglow.config.PUBLIC_URL}/calendars/${token}.ics` };
  }

  @Get('v1/calendars')
  @Asks(subject)
  @Answers(calendarPage)
  @ApiOperation({ summary: 'The calendars that were given out, without their addresses.' })
  async list(@Query(new Parse(subject)) ask: z.output<typeof subject>, @CallerOf() caller: Caller) {
    this.refuseOthers(caller, ask.kind, ask.id);
    return { items: (await feedsOf(this.afterglow, ask)).map(shown), next: null };
  }

  @Delete('v1/calendars/:id')
  @HttpCode(204)
  @ApiOperation({ summary: 'The address opens nothing any more. A second time nothing happens.' })
  async revoke(@Param('id') feedId: string, @CallerOf() caller: Caller): Promise<void> {
    const feed = found(await feedById(this.afterglow, feedId), 'calendar');
    this.refuseOthers(caller, feed.kind, feed.subject_id);
    await revokeFeed(this.afterglow, feedId, caller.name);
  }

  @Get('calendars/:file')
  @Open()
  @ApiOperation({ summary: 'The calendar behind an address (iCalendar). Where and when, never what for.' })
  async read(@Param('file') file: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const token = /^([\w-]{16,64})\.ics$/.exec(file)?.[1];
    const feed = token === undefined ? null : await openFeed(this.afterglow, token);
    if (feed === null) return void found(null, 'calendar');
    // Who left the clinic, and who was erased, has no calendar any more.
    await this.refuseUnknown(feed.kind as FeedKind, feed.subject_id);
    const { content, etag, modifiedAt, isNew } = await readFeed(this.afterglow, feed);
    if (isNew && feed.kind !== 'room') await this.note(`calendar ${feed.feed_id}`, 'read calendar', feed.kind === 'patient' ? feed.subject_id : null);
    response
      .set({ ETag: etag, 'Last-Modified': modifiedAt.toUTCString(), 'Cache-Control': 'private, no-cache' })
      .set({ 'Content-Type': 'text/calendar; charset=utf-8', 'Content-Disposition': 'inline; filename="calendar.ics"', 'X-Robots-Tag': 'noindex' });
    if (request.fresh) response.status(304).end();
    else response.send(content);
  }

  private refuseOthers({ staffId, roles }: Caller, kind: string, id: string): void {
    if (kind === 'patient' || (kind === 'provider' && staffId === id) || roles.some((role) => forOthers.includes(role))) return;
    throw new Rejected('forbidden', "A provider gives out their own calendar and their patients'.", { status: 403 });
  }

  private async refuseUnknown(kind: FeedKind, id: string): Promise<void> {
    const known = isKnown(await this.afterglow.clinic(), kind, id);
    if (!known || (kind === 'patient' && Object.keys((await loadPatient(this.afterglow.db, this.afterglow.store, id)).person).length === 0)) found(null, kind);
  }

  private async note(actor: string, action: string, patientId: string | null): Promise<void> {
    await this.afterglow.db.insertInto('access_log').values({ at: this.afterglow.clock.now(), actor, action, patient_id: patientId }).execute();
  }
}
