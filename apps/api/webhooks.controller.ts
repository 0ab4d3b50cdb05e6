import { Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request } from 'express';
import { awaitMedia, mediumPath, receiveMessage } from '#conversation';
import { Sender } from '#follow-up';
import { parseInbound, parseStatus, verifyTwilioSignature } from '#messaging';
import { patientsByPhone } from '#patient';
import { inTransaction, type Reader, Rejected } from '#platform';
import type { Afterglow } from '../worker/afterglow.js';
import { followUpOf } from '../worker/effects.js';
import { Open } from './access.js';

/** The carrier calls here. 2xx only after the row is committed (invariant 8); a wrong signature is a 403. */
@ApiExcludeController()
@Controller('webhooks/twilio')
@Open()
export class WebhooksController {
  readonly #sender: Sender;

  constructor(@Inject('afterglow') private readonly afterglow: Afterglow) {
    this.#sender = new Sender(() => followUpOf(afterglow));
  }

  @Post('inbound')
  @HttpCode(204)
  async inbound(@Req() request: Request): Promise<void> {
    this.verify(request);
    const { providerMessageId, from, body, media } = parseInbound(request.body);
    const { db, clock } = this.afterglow;
    const form = `sms/${providerMessageId}`;
    const shown = media.map(({ contentType }, place) => ({ url: mediumPath(form, place), contentType }));
    const message = { channel: 'sms' as const, from, body, media: shown, providerMessageId, receivedAt: clock.now() };
    await inTransaction(db, async (trx) => {
      const find = async (reader: Reader, address: string) => (await patientsByPhone(reader, address)).map(({ id }) => id);
      const { duplicate, ...received } = await receiveMessage(trx, this.afterglow, message, find);
      if (!duplicate) await awaitMedia(trx, this.afterglow, { ...received, form, urls: media.map(({ url }) => url) });
    });
    this.afterglow.wake();
  }

  @Post('status')
  @HttpCode(204)
  async status(@Req() request: Request): Promise<void> {
    this.verify(request);
    const attempt = request.query['attempt'];
    const report = parseStatus(request.body, typeof attempt === 'string' ? attempt : null);
    await this.#sender.report(report);
    this.afterglow.wake();
  }

  /** Signed over the address that the outside sees, never over what the request says of itself. */
  private verify(request: Request): void {
    const { PUBLIC_URL, TWILIO_AUTH_TOKEN } = this.afterglow.config;
    const signature = request.headers['x-twilio-signature'];
    const fields = request.body as Record<string, unknown> | undefined;
    const signed =
      TWILIO_AUTH_TOKEN !== undefined &&
      typeof signature === 'string' &&
      verifyTwilioSignature(TWILIO_AUTH_TOKEN, signature, `${PUBLIC_URL}${request.originalUrl}`, fields ?? {});
    if (!signed) throw new Rejected('wrong_signature', 'The signature of the carrier is wrong.', { status: 403 });
  }
}
