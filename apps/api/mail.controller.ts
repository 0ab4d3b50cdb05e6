import { createHash, timingSafeEqual } from 'node:crypto';
import { Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import express, { type Request, type Response } from 'express';
import { Counter, type Registry } from 'prom-client';
import { Sender } from '#follow-up';
import { Rejected } from '#platform';
import type { Afterglow } from '../worker/afterglow.js';
import { followUpOf } from '../worker/effects.js';
import { Open } from './access.js';
import { takeMail } from './mail-intake.js';

const contentType = 'message/rfc822';
const rawBody = express.raw({ type: contentType, limit: '25mb' });

const digest = (text: string) => createHash('sha256').update(text).digest();

/** The password of Basic, whoever the user, or the token of Bearer. */
function secretIn(header: string | undefined): string {
  const [scheme, value = ''] = (header ?? '').split(' ');
  if (scheme?.toLowerCase() === 'bearer') return value;
  if (scheme?.toLowerCase() !== 'basic') return '';
  return /^[^:]*:(.*)$/s.exec(Buffer.from(value, 'base64').toString())?.[1] ?? '';
}

/** The mail server hands in here what arrives at MAIL_FROM: replies and delivery reports, as raw messages. */
@ApiExcludeController()
@Controller('webhooks/mail')
@Open()
export class MailController {
  readonly #sender: Sender;
  readonly #received: Counter;

  constructor(
    @Inject('afterglow') private readonly afterglow: Afterglow,
    @Inject('metrics') metrics: Registry,
  ) {
    this.#sender = new Sender(() => followUpOf(afterglow));
    this.#received = new Counter({
      name: 'afterglow_mail_received_total',
      help: 'E-mails that came in: letters of patients, answers of staff to pages, reports on our messages, and what was ignored',
      labelNames: ['outcome'],
      registers: [metrics],
    });
  }

  @Post()
  @HttpCode(204)
  async mail(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<void> {
    this.verify(request);
    const raw = await this.bodyOf(request, response);
    this.#received.inc({ outcome: await takeMail(this.afterglow, this.#sender, raw) });
    this.afterglow.wake();
  }

  /** Before the body is read: a stranger's megabytes are not. */
  private verify({ headers }: Request): void {
    const { MAIL_WEBHOOK_SECRET: secret } = this.afterglow.config;
    if (secret === undefined || !timingSafeEqual(digest(secretIn(headers.authorization)), digest(secret)))
      throw new Rejected('wrong_secret', 'The secret of the mail server is wrong, or none is set up (MAIL_WEBHOOK_SECRET).', { status: 403 });
  }

  private async bodyOf(request: Request, response: Response): Promise<Uint8Array> {
    await new Promise<void>((resolve, reject) => rawBody(request, response, (error?: unknown) => (error instanceof Error ? reject(error) : resolve())));
    const body: unknown = request.body;
    if (!Buffer.isBuffer(body)) throw new Rejected('unsupported_media_type', `Send ${contentType}.`, { status: 415 });
    return body;
  }
}
