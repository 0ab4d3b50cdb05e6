import { z } from 'zod';
import { answer, instant, pageOf } from '../answers.js';

/** A key is shown once, when it is made; a list never holds one. */
export const keyPage = pageOf(
  'ApiKeyPage',
  answer(
    'ApiKey',
    z.object({
      id: z.string(),
      name: z.string(),
      roles: z.array(z.string()),
      hint: z.string().nullable(),
      createdAt: instant,
      createdBy: z.string().nullable(),
      lastUsedAt: instant.nullable(),
      revokedAt: instant.nullable(),
      revokedBy: z.string().nullable(),
      fromEnvironment: z.boolean(),
    }),
  ),
);
export const newKey = answer('NewApiKey', z.object({ id: z.string(), key: z.string(), name: z.string(), roles: z.array(z.string()) }));

export const webhookPage = pageOf(
  'WebhookPage',
  answer(
    'Webhook',
    z.object({
      id: z.string(),
      url: z.string(),
      types: z.array(z.string()),
      createdAt: instant,
      createdBy: z.string(),
      failures: z.number(),
      disabledAt: instant.nullable(),
      disabledWhy: z.string().nullable(),
    }),
  ),
);
export const newWebhook = answer('NewWebhook', z.object({ id: z.string(), secret: z.string(), url: z.string(), types: z.array(z.string()) }));
export const deliveryPage = pageOf(
  'DeliveryPage',
  answer(
    'Delivery',
    z.object({
      id: z.string(),
      type: z.string(),
      status: z.enum(['waiting', 'delivered', 'failed']),
      attempts: z.number(),
      answer: z.number().nullable(),
      why: z.string().nullable(),
      createdAt: instant,
      endedAt: instant.nullable(),
      nextAttemptAt: instant.nullable(),
    }),
  ),
);
