import type { Server } from 'node:http';
import express, { type Request, type Response } from 'express';
import helmet from 'helmet';
import { consoleFolder } from '../../apps/api/console-folder.js';
import type { Clinic, Me, Outreach, Patient, Task, TimelineEntry } from '../../apps/console/src/api.js';
import { deskRoutes } from './console-desk.js';
import { inboxRoutes } from './console-inbox.js';
import { record, ribbon } from './console-patient.js';

const timeZone = 'America/New_York';
const me: Me = { name: 'Joon Tan', staffId: 'desk-tan', roles: ['front_desk'] };
const clinic: Clinic = {
  name: 'Afterglow Skin Studio',
  phone: '+18385550100',
  now: '2026-12-02T15:10:00Z',
  locations: [{ id: 'nyc', name: 'Manhattan', timeZone }],
  staff: [
    { id: 'dr-okafor', name: 'Dr Ada Okafor', roles: ['provider'] },
    { id: 'np-reyes', name: 'Marisol Reyes NP', roles: ['provider'] },
    { id: 'rn-lindqvist', name: 'Karin Lindqvist RN', roles: ['provider'] },
    { id: 'desk-tan', name: 'Joon Tan', roles: ['front_desk'] },
  ],
  rooms: [{ id: 'nyc-laser', location: 'nyc' }],
};

const patient = (id: string, givenName: string, familyName: string): Patient => ({
  id,
  givenName,
  familyName,
  birthDate: '1990-01-01',
  phone: '+12125550100',
  email: `${id}@example.com`,
  language: 'en',
  timeZone: null,
});
const patients = [patient('ana', 'Ana', 'Lima'), patient('dana', 'Dana', 'Cole'), patient('theo', 'Theo', 'Stern'), patient('maya', 'Maya', 'Ruiz')];

const tasks: Task[] = [
  {
    id: 't1',
    kind: 'escalation',
    why: 'urgent reply',
    status: 'open',
    dueAt: '2026-12-02T15:08:00Z',
    role: 'on_call',
    assignee: null,
    urgency: 'urgent',
    patientId: 'dana',
    sessionId: null,
    courseId: null,
    outreachId: null,
    messageId: null,
    openedAt: '2026-12-02T15:00:00Z',
    acknowledgedAt: null,
    told: [],
    conversationId: 'dana',
    acknowledgedBy: null,
    nextRung: { rung: 1, role: 'medical_director', at: '2026-12-02T15:18:00Z' },
  },
  {
    id: 't2',
    kind: 'call',
    why: 'no channel may be used',
    status: 'open',
    dueAt: '2026-12-02T18:00:00Z',
    role: 'front_desk',
    assignee: null,
    urgency: null,
    patientId: 'theo',
    sessionId: null,
    courseId: null,
    outreachId: null,
    messageId: null,
    openedAt: '2026-12-02T15:00:00Z',
    acknowledgedAt: null,
    told: [],
    conversationId: null,
    acknowledgedBy: null,
    nextRung: null,
  },
];
const outreachRow = (id: string, status: Outreach['status'], why: string): Outreach => ({
  id,
  patientId: 'ana',
  sessionId: 's1',
  touchpoint: 'reminder',
  channel: 'sms',
  dueAt: '2026-12-01T15:00:00Z',
  status,
  sentAt: null,
  attempts: 1,
  why,
  because: why,
  key: id,
  category: 'reminder',
  courseId: null,
  consultationId: null,
  conversationId: null,
  taskId: null,
  staffId: null,
  providerMessageId: null,
  nextAttemptAt: null,
  stoppedBy: null,
  expiresAt: '2026-12-02T15:00:00Z',
  held: false,
  tasks: [],
});
const outreach = (['planned', 'delivered', 'in_doubt', 'failed'] as const).map((status, index) =>
  outreachRow(`o${index}`, status, 'the visit is within two days'),
);
const timeline: TimelineEntry[] = [
  {
    id: 'e2',
    type: 'session.booked.v1',
    title: 'Session booked',
    at: '2026-11-24T15:00:00Z',
    recordedAt: '2026-11-24T15:00:00Z',
    data: {},
    source: 'schedule',
    cause: 'e1',
  },
  {
    id: 'e1',
    type: 'consultation.consent-signed.v1',
    title: 'Consent signed',
    at: '2026-11-23T15:00:00Z',
    recordedAt: '2026-11-23T15:00:00Z',
    data: {},
    cause: null,
    source: '/intake',
  },
];

export interface ConsoleStub {
  readonly address: string;
  /** What the console asked to be done, in order: `POST /v1/tasks/t1/acknowledge`. */
  readonly commands: readonly string[];
  /** Tells the console that something of this kind changed. */
  tell(kind: string): void;
  /** Ends every stream, as a server that goes down does; the next ones are refused until it is told to hear again. */
  fallSilent(): void;
  hearAgain(): void;
  close(): Promise<void>;
}

/** The built console before an API that always answers the same, shaped as the public contract says, under the product's own content policy. */
export async function serveConsole(): Promise<ConsoleStub> {
  const commands: string[] = [];
  const listeners = new Set<Response>();
  let [signedIn, silent] = [false, false];
  const app = express();
  app.use(helmet({ contentSecurityPolicy: { directives: { 'script-src': ["'self'"], 'upgrade-insecure-requests': null } } }), express.json());
  const list = (items: readonly unknown[]) => (_request: Request, response: Response) => void response.json({ items, next: null });
  app.post('/v1/sign-in', (request, response) => {
    const { password } = request.body as { password?: string };
    signedIn = password === 'right password';
    if (signedIn) response.json(me);
    else response.status(401).json({ code: 'wrong_sign_in', detail: 'E-mail or password is not right.' });
  });
  app.use('/v1', (_request, response, next) => (signedIn ? next() : void response.status(401).json({ code: 'unauthorized', detail: 'Sign in.' })));
  app.get('/v1/me', (_request, response) => void response.json(me));
  app.get('/v1/clinic', (_request, response) => void response.json(clinic));
  app.get('/v1/tasks', (request, response) => list(tasks.filter(({ status }) => status === request.query['status']))(request, response));
  app.get('/v1/outreach', list(outreach));
  app.get('/v1/outreach/touchpoints', list(['reminder']));
  app.get('/v1/patients', list(patients));
  app.get('/v1/patients/:id', ({ params }, response) => void response.json({ ...patients.find(({ id }) => id === params.id), ...record }));
  app.get('/v1/patients/:id/ribbon', (_request, response) => void response.json({ ribbon }));
  app.get('/v1/patients/:id/timeline', list(timeline));
  app.get('/v1/stream', (_request, response) => {
    if (silent) return void response.status(503).end();
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' }).write(': here\n\n');
    listeners.add(response);
  });
  app.post('/v1/*path', (request, _response, next) => {
    commands.push(`POST ${request.path}`);
    next();
  });
  app.use('/v1', deskRoutes(), inboxRoutes());
  app.post('/v1/*path', (_request, response) => void response.json({}));
  app.use(express.static(consoleFolder));
  const server = await new Promise<Server>((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
  const address = server.address();
  return {
    address: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    commands,
    fallSilent: () => {
      silent = true;
      for (const listener of listeners) listener.end();
      listeners.clear();
    },
    hearAgain: () => void (silent = false),
    tell: (kind) => listeners.forEach((listener) => listener.write(`event: ${kind}\ndata: {}\n\n`)),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
