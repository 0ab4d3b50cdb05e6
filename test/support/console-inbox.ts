import { type Request, type Response, Router } from 'express';
import type { Conversation, Thread } from '../../apps/console/src/api.js';

const thread = (id: string, urgency: Conversation['urgency'], lastMessageAt: string): Conversation => ({
  id,
  patientId: id,
  channel: 'sms',
  address: null,
  status: 'open',
  urgency,
  assignee: null,
  lastMessageAt,
  unansweredSince: urgency === 'expected' ? null : lastMessageAt,
  answerBy: urgency === 'ask' ? '2026-12-02T14:00:00Z' : null,
  snoozedUntil: null,
  version: 3,
});

const messages: Thread['messages'] = [
  {
    id: 'm1',
    direction: 'in',
    channel: 'sms',
    body: 'bumps filled with pus',
    at: '2026-12-02T15:08:00Z',
    author: null,
    outreachId: 'o1',
    media: [{ url: '/v1/photos/p1' }, { url: '/v1/photos/p2' }],
    triage: { urgency: 'urgent', codes: ['pustules'], rules: ['6:pustules'], by: 'afterglow', ambiguous: false },
    checkIn: { outreachId: 'o1', question: 'check-in', sessionId: 's1', protocolId: 'chemical_peel.superficial', day: 4 },
    checkIns: [],
    subject: null,
    touchpoint: null,
  },
  {
    id: 'm2',
    direction: 'out',
    channel: 'sms',
    body: null,
    at: '2026-12-02T15:08:10Z',
    author: 'afterglow',
    outreachId: 'o1',
    media: [],
    triage: null,
    checkIn: null,
    checkIns: [],
    subject: null,
    touchpoint: null,
  },
];

const photo = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 30"><rect width="40" height="30" fill="#e8b9a0"/><circle cx="16" cy="13" r="3" fill="#b8584a"/><circle cx="25" cy="18" r="2" fill="#b8584a"/></svg>`;

/** Conversations that several may work on: a command that was meant for an older state is refused, as the product does. */
export function inboxRoutes(): Router {
  const routes = Router();
  const threads = [
    thread('theo', 'ask', '2026-12-02T13:00:00Z'),
    thread('dana', 'urgent', '2026-12-02T15:08:00Z'),
    thread('ana', 'expected', '2026-12-02T12:00:00Z'),
  ];
  const at = (id: string) => threads.findIndex((each) => each.id === id);
  routes.get(
    '/conversations',
    (_request: Request, response: Response) => void response.json({ items: threads.filter(({ status }) => status === 'open'), next: null }),
  );
  routes.get('/conversations/:id/suggestions', (_request: Request, response: Response) => {
    response.json({ items: [{ key: 'soon.received', text: 'Afterglow Skin Studio: thank you, we look at it today.' }], next: null });
  });
  routes.get('/conversations/:id', ({ params }: Request<{ id: string }>, response: Response) => void response.json({ ...threads[at(params.id)], messages }));
  routes.get('/photos/:id', (_request: Request, response: Response) => void response.type('image/svg+xml').send(photo));
  routes.post('/conversations/:id/:verb', ({ params: { id, verb }, body }: Request<{ id: string; verb: string }>, response: Response) => {
    const known = threads[at(id)];
    const { version, until, assignee = 'Joon Tan' } = body as { version?: number; until?: string | null; assignee?: string | null };
    if (known === undefined) return void response.status(404).json({ code: 'unknown_conversation', detail: 'There is no such conversation.' });
    if (version !== undefined && version !== known.version) {
      return void response.status(409).json({ code: 'changed_meanwhile', detail: 'The conversation has changed since you looked at it' });
    }
    const changes: Readonly<Record<string, Partial<Conversation>>> = {
      resolve: { status: 'resolved' },
      snooze: { snoozedUntil: until ?? null },
      assign: { assignee },
    };
    threads[at(id)] = { ...known, ...changes[verb], version: known.version + 1 };
    response.json({ ...threads[at(id)], messages });
  });
  return routes;
}
