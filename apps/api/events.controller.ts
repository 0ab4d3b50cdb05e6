import { Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { type Clock, Rejected } from '#platform';
import { problem, sendProblem } from '../../libs/platform/problem.js';
import type { Afterglow } from '../worker/afterglow.js';
import { Allow, readers } from './access.js';
import { Answers } from './answers.js';
import {
  accepted as acceptedAnswer,
  counts as countsAnswer,
  eventTypePage as eventTypePageAnswer,
  quarantinePage as quarantinePageAnswer,
} from './answers/access.js';
import { eventTypes } from './intake/envelope.js';
import { type Incoming, readBatch, readLines, readOne } from './intake/lines.js';
import { Asks, asPage, page, Parse } from './requests.js';

const maxBodyBytes = 10 * 1024 * 1024;
const listQuery = z.object(page);
type ContentType = 'application/cloudevents+json' | 'application/cloudevents-batch+json' | 'application/x-ndjson';
const contentTypes: readonly string[] = ['application/cloudevents+json', 'application/cloudevents-batch+json', 'application/x-ndjson'];

function contentTypeOf(request: Request): ContentType {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (!contentTypes.includes(type)) throw new Rejected('unsupported_media_type', `Send ${contentTypes.join(', ')}.`, { status: 415 });
  return type as ContentType;
}

/** The whole body. @throws Rejected 413 over 10 MiB. */
async function readBody(request: Request): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) throw new Rejected('too_large', 'A request may have 10 MiB; send a stream of lines instead.', { status: 413 });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

@ApiTags('events in')
@ApiBearerAuth()
@Controller('v1')
export class EventsController {
  constructor(
    @Inject('afterglow') private readonly afterglow: Afterglow,
    @Inject('clock') private readonly clock: Clock,
  ) {}

  @Post('events')
  @Answers(countsAnswer)
  @HttpCode(200)
  @Allow('events', 'admin')
  @ApiConsumes(...contentTypes)
  @ApiOperation({ summary: 'Consultation events: one, a batch, or a stream with one a line. Answered once they are durable.' })
  async take(@Req() request: Request, @Res() response: Response): Promise<void> {
    const type = contentTypeOf(request);
    if (type === 'application/cloudevents+json') return this.takeOne(request, response);
    const sent: AsyncIterable<Incoming> | Incoming[] =
      type === 'application/x-ndjson' ? readLines(request as AsyncIterable<Buffer>) : readBatch(await readBody(request));
    response.json(await this.afterglow.intake.accept(sent));
  }

  private async takeOne(request: Request, response: Response): Promise<void> {
    const { accepted, rejected } = await this.afterglow.intake.accept([readOne(await readBody(request))]);
    const [refused] = rejected;
    if (refused === undefined) return void response.status(accepted === 1 ? 202 : 200).json({ status: accepted === 1 ? 'accepted' : 'duplicate' });
    const { code, message, path, id } = refused;
    sendProblem(response, problem(422, code, message, { path, id }));
  }

  @Get('event-types')
  @Answers(eventTypePageAnswer)
  @Allow('events', ...readers)
  @ApiOperation({ summary: 'The types of event taken, each with the JSON Schema of its data.' })
  types() {
    return { items: eventTypes(this.clock.now()), next: null };
  }

  @Get('quarantine')
  @Answers(quarantinePageAnswer)
  @Asks(listQuery)
  @Allow('events', 'admin', 'auditor')
  @ApiOperation({ summary: 'Refused events, kept sealed with the reason.' })
  async quarantine(@Query(new Parse(listQuery)) { limit, cursor }: z.output<typeof listQuery>) {
    const found = await this.afterglow.intake.quarantine.list(this.afterglow.db, { limit: limit + 1, cursor: cursor ?? null });
    return asPage(found, limit, ({ id }) => id);
  }

  @Post('quarantine/:id/retry')
  @Answers(acceptedAnswer)
  @HttpCode(200)
  @Allow('events', 'admin')
  @ApiOperation({ summary: 'Tries a refused event again as it was sent.' })
  async retry(@Param('id') id: string) {
    const outcome = await this.afterglow.intake.retry(id);
    if (typeof outcome === 'string') return { status: outcome };
    throw new Rejected(outcome.code, outcome.message, { path: outcome.path ?? '' });
  }
}
