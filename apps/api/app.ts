import type { Server } from 'node:http';
import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import { rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { settledPosition } from '#event-store';
import { Rejected } from '#platform';
import { problem, ProblemFilter, problemHandler, sendProblem } from '../../libs/platform/problem.js';
import type { Afterglow } from '../worker/afterglow.js';
import { AccessGuard } from './access.js';
import { AbsencesController } from './absences.controller.js';
import { AccessLogController } from './access-log.controller.js';
import { CalendarsController } from './calendars.controller.js';
import { ClinicController } from './clinic.controller.js';
import { consoleFolder } from './console-folder.js';
import { ConsultationsController } from './consultations.controller.js';
import { ConversationsController } from './conversations.controller.js';
import { CoursesController } from './courses.controller.js';
import { descriptionOf } from './description.js';
import { ExceptionsController } from './exceptions.controller.js';
import { EventsController } from './events.controller.js';
import { HealthController } from './health.controller.js';
import { IdempotencyInterceptor } from './idempotency.js';
import { InsightController } from './insight.controller.js';
import { OutreachController } from './outreach.controller.js';
import { KeysController } from './keys.controller.js';
import { MailController } from './mail.controller.js';
import { measure } from './metrics.js';
import { AnotherTimeController } from './patient-pages/another-time.controller.js';
import { AnswersController } from './patient-pages/answers.controller.js';
import { ConsentController } from './patient-pages/consent/consent.controller.js';
import { HistoryController } from './patient-pages/history/history.controller.js';
import { KeepController } from './patient-pages/keep.controller.js';
import { PatientPagesController } from './patient-pages/patient-pages.controller.js';
import { PatientLinksController } from './patient-links.controller.js';
import { PatientsController } from './patients.controller.js';
import { PhotosController } from './photos.controller.js';
import { ProtocolsController } from './protocols.controller.js';
import { SignInController } from './sign-in.controller.js';
import { StreamController } from './stream.controller.js';
import { ChangeStream } from './stream.js';
import { SuggestionsController } from './suggestions.controller.js';
import { TemplatesController } from './templates.controller.js';
import { WaitlistController } from './waitlist.controller.js';
import { WebhooksOutController } from './webhooks-out.controller.js';
import { WebhooksController } from './webhooks.controller.js';

const controllers: Type[] = [
  HealthController,
  EventsController,
  PatientsController,
  ConsultationsController,
  PatientLinksController,
  CoursesController,
  WaitlistController,
  AbsencesController,
  ConversationsController,
  OutreachController,
  SuggestionsController,
  PhotosController,
  StreamController,
  WebhooksController,
  WebhooksOutController,
  MailController,
  SignInController,
  AccessLogController,
  KeysController,
  CalendarsController,
  ClinicController,
  ExceptionsController,
  TemplatesController,
  ProtocolsController,
  InsightController,
  PatientPagesController,
  AnotherTimeController,
  AnswersController,
  HistoryController,
  ConsentController,
  KeepController,
];

@Module({})
class ApiModule {
  /** The routes alone. */
  static describing(): DynamicModule {
    const absent = ['afterglow', 'database', 'clock', 'queue', 'metrics', ChangeStream].map((provide) => ({ provide, useValue: null }));
    return { module: ApiModule, controllers, providers: absent };
  }

  static of(afterglow: Afterglow, metrics: Registry): DynamicModule {
    const value = (provide: string, useValue: unknown) => ({ provide, useValue });
    return {
      module: ApiModule,
      controllers,
      providers: [
        value('afterglow', afterglow),
        value('database', afterglow.db),
        value('clock', afterglow.clock),
        value('queue', afterglow.outreachQueue),
        value('metrics', metrics),
        ChangeStream,
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
        { provide: APP_FILTER, useValue: new ProblemFilter(afterglow.log) },
      ],
    };
  }
}

export interface Api {
  readonly address: string;
  /** Takes no new request, lets running ones end, closes streams. */
  stop(): Promise<void>;
}

export interface ApiOptions {
  readonly port: number;
  readonly host?: string;
  /** Routes that the demo adds on the same address (the sandbox). */
  readonly before?: Router;
  readonly requestsPerMinute?: number;
}

const eventBodies = '/v1/events';
const followMillis = 250;

/** Events are read as a stream and e-mails whole by their own controllers; everything else is small JSON, the carrier's calls are forms. */
function bodies(): express.RequestHandler {
  const [json, form] = [express.json({ limit: '256kb' }), express.urlencoded({ extended: false, limit: '64kb' })];
  return (request: Request, response: Response, next: NextFunction) => {
    if (request.path === eventBodies) return next();
    return request.is('application/x-www-form-urlencoded') ? form(request, response, next) : json(request, response, next);
  };
}

function limits(perMinute: number): express.RequestHandler {
  return rateLimit({
    windowMs: 60_000,
    limit: perMinute,
    standardHeaders: 'draft-7',
    legacyHeaders: false,
    skip: ({ path }) => path.startsWith('/webhooks/') || path === '/healthz',
    handler: (_request, response) => sendProblem(response, problem(429, 'too_many_requests', 'Slow down; the limit opens again within a minute.')),
  });
}

/** What the API takes and answers, without anything that runs: nothing is opened for it. */
export async function apiDescription(): Promise<OpenAPIObject> {
  const app = await NestFactory.create(ApiModule.describing(), { preview: true, logger: false, abortOnError: false });
  return descriptionOf(app);
}

/** Tells this process's listeners what was committed, by whichever process. Nothing is stored: who connects later asks first. */
function tailChanges(afterglow: Afterglow, changes: ChangeStream): () => void {
  let position: number | null = null;
  let running = false;
  const look = async () => {
    if (running) return;
    running = true;
    try {
      const upTo = await settledPosition(afterglow.db);
      if (position !== null && upTo > position) changes.publish(await afterglow.store.readAfter(afterglow.db, position, upTo, 1_000));
      position = upTo;
    } catch (error) {
      afterglow.log.warn({ err: error }, 'the stream of changes lost sight of the log');
    } finally {
      running = false;
    }
  };
  const timer = setInterval(() => void look(), followMillis);
  afterglow.onWake(() => void look());
  return () => clearInterval(timer);
}

function listen(app: NestExpressApplication, port: number, host: string): Promise<Server> {
  return app.listen(port, host).catch((error: Error & { code?: string }) => {
    throw error.code === 'EADDRINUSE'
      ? new Rejected('port_taken', `Port ${port} is taken: another program listens there. Choose another (PORT, or --port).`)
      : error;
  }) as Promise<Server>;
}

/** Serves the API. @throws Rejected `port_taken`. */
export async function startApi(afterglow: Afterglow, { port, host = '127.0.0.1', before, requestsPerMinute = 6_000 }: ApiOptions): Promise<Api> {
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  const app = await NestFactory.create<NestExpressApplication>(ApiModule.of(afterglow, metrics), { logger: false, bodyParser: false, abortOnError: false });
  if (before !== undefined) app.use(before);
  app.disable('x-powered-by');
  app.use(
    helmet({
      contentSecurityPolicy: { directives: { 'script-src': ["'self'"], 'upgrade-insecure-requests': null } },
      strictTransportSecurity: afterglow.config.PUBLIC_URL.startsWith('https:'),
    }),
  );
  app.use(limits(requestsPerMinute), measure(metrics, afterglow), bodies(), problemHandler(afterglow.log));
  app.use(
    express.static(consoleFolder, {
      setHeaders: (response, path) => void response.setHeader('Cache-Control', path.endsWith('.html') ? 'no-cache' : 'public, max-age=31536000, immutable'),
    }),
  );
  SwaggerModule.setup('docs', app, () => descriptionOf(app), { jsonDocumentUrl: 'docs-json' });
  const stopTail = tailChanges(afterglow, app.get(ChangeStream));
  const server = await listen(app, port, host);
  const address = server.address();
  return {
    address: `http://${host}:${typeof address === 'object' && address !== null ? address.port : port}`,
    stop: async () => {
      stopTail();
      server.closeIdleConnections();
      const impatient = setTimeout(() => server.closeAllConnections(), 1_500);
      await app.close();
      clearTimeout(impatient);
    },
  };
}
