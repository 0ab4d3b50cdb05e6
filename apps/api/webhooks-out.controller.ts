import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Afterglow } from '../worker/afterglow.js';
import { refuseAddress } from '../worker/webhooks/addresses.js';
import { families, isOffered } from '../worker/webhooks/notice.js';
import { addWebhook, enableWebhook, listDeliveries, listWebhooks, redeliver, removeWebhook } from '../worker/webhooks/subscribers.js';
import { Allow, type Caller, CallerOf, managers } from './access.js';
import { Answers } from './answers.js';
import { deliveryPage as deliveryPageAnswer, newWebhook as newWebhookAnswer, webhookPage as webhookPageAnswer } from './answers/machines.js';
import { Secret } from './idempotency.js';
import { Parse, Takes } from './requests.js';

const wanted = z.object({
  url: z.string().trim().max(500),
  types: z
    .array(z.string().refine(isOffered, `is neither a type with its version nor one of the families ${families.map((name) => `${name}.*`).join(', ')}`))
    .min(1, 'choose at least one')
    .max(50)
    .transform((types) => [...new Set(types)]),
});
const webhookId = z.uuid('is not the id of a webhook');
const deliveryId = z.uuid('is not the id of a delivery');
const shownDeliveries = 50;

/** Who is told of what happens, as it happens. The carrier's own webhooks are another thing: they come in. */
@ApiTags('webhooks')
@ApiBearerAuth()
@Controller('v1/webhooks')
@Allow(...managers)
export class WebhooksOutController {
  constructor(@Inject('afterglow') private readonly afterglow: Afterglow) {}

  @Get()
  @Answers(webhookPageAnswer)
  @ApiOperation({ summary: 'Receivers, what each is told, and whether it still answers.' })
  async list() {
    return { items: await listWebhooks(this.afterglow.db), next: null };
  }

  @Post()
  @Answers(newWebhookAnswer, 201)
  @Secret()
  @Takes(wanted)
  @ApiOperation({
    summary: 'Tells an address of events from now on: CloudEvents of ids alone, signed as Standard Webhooks has it. The secret is shown this once.',
  })
  async add(@Body(new Parse(wanted)) { url, types }: z.output<typeof wanted>, @CallerOf() { name: by }: Caller) {
    refuseAddress(url, this.afterglow.config.WEBHOOKS_INSIDE);
    return { url, types, ...(await addWebhook(this.afterglow, { url, types, by })) };
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Tells it nothing more; what still waits for it is dropped.' })
  async remove(@Param('id', new Parse(webhookId)) id: string): Promise<void> {
    await removeWebhook(this.afterglow.db, id);
  }

  @Post(':id/enable')
  @HttpCode(204)
  @ApiOperation({ summary: 'Takes up one that was given up on: what waits is told, what happened meanwhile is not.' })
  async enable(@Param('id', new Parse(webhookId)) id: string): Promise<void> {
    await enableWebhook(this.afterglow.db, id);
  }

  @Get(':id/deliveries')
  @Answers(deliveryPageAnswer)
  @ApiOperation({ summary: 'The last notices to it, the latest first, and what came of each.' })
  async deliveries(@Param('id', new Parse(webhookId)) id: string) {
    return { items: await listDeliveries(this.afterglow.db, id, shownDeliveries), next: null };
  }

  @Post(':id/deliveries/:deliveryId/redeliver')
  @HttpCode(202)
  @ApiOperation({ summary: 'Tells it once more, under the same id.' })
  async again(@Param('id', new Parse(webhookId)) id: string, @Param('deliveryId', new Parse(deliveryId)) delivery: string): Promise<void> {
    await redeliver(this.afterglow, id, delivery);
  }
}
