import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { answerSchemas } from './answers.js';

const frame = () =>
  new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Afterglow')
    .setDescription('Consultations in, courses booked around recovery, messages at permitted hours, replies heard. Errors are problem+json.')
    .setVersion('1')
    .addBearerAuth()
    .addCookieAuth('afterglow_session')
    .addGlobalParameters({
      name: 'Idempotency-Key',
      in: 'header',
      required: false,
      description: 'Of a command: the same key answers the same.',
      schema: { type: 'string', maxLength: 255 },
    })
    .build();

/** What the API takes and answers, as OpenAPI 3.1. Its named schemas are the answers': nothing is guessed from classes. */
export function descriptionOf(app: INestApplication): OpenAPIObject {
  const document = SwaggerModule.createDocument(app, frame());
  return { ...document, components: { ...document.components, schemas: answerSchemas() as NonNullable<typeof document.components>['schemas'] } };
}
