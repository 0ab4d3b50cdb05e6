import { type Request, type Response, Router } from 'express';
import type { Choices, DayOfChoice, Session } from '../../apps/console/src/api.js';

const timeZone = 'America/New_York';
const hourMillis = 3_600_000;

const session = (id: string, patientId: string, hour: string, change: Partial<Session>): Session => {
  const start = change.start ?? `2026-12-02T${hour}:00.000Z`;
  return {
    id,
    courseId: `course-${patientId}`,
    patientId,
    item: 0,
    number: 1,
    protocolId: 'chemical_peel.superficial',
    protocolVersion: 1,
    status: 'booked',
    turnoverMinutes: 15,
    earliest: null,
    latest: null,
    override: null,
    held: null,
    completedAt: null,
    completedOn: null,
    sequence: 1,
    start,
    end: new Date(Date.parse(start ?? '') + hourMillis).toISOString(),
    timeZone,
    locationId: 'nyc',
    providerId: 'dr-okafor',
    roomId: 'nyc-care-1',
    deviceId: null,
    because: [{ constraint: 'interval', detail: '28 to 42 days after visit 1' }],
    holds: [],
    ...change,
  };
};

const booked = (): Session[] => [
  session('s1', 'ana', '14:00', { status: 'arrived', protocolId: 'laser_ablative.fractional_co2', number: 2, roomId: 'nyc-laser' }),
  session('s2', 'theo', '15:30', { providerId: 'np-reyes' }),
  session('s3', 'dana', '16:00', { status: 'on_hold', holds: [{ gate: 'consent', why: 'a consent that covers the new plan is missing' }] }),
  session('s4', 'theo', '19:00', { status: 'confirmed', providerId: 'np-reyes', protocolId: 'microneedling.cosmetic' }),
  session('s5', 'maya', '14:45', { status: 'confirmed', providerId: 'rn-lindqvist', roomId: 'nyc-care-2', protocolId: 'microneedling.cosmetic' }),
];

/** The local hours (UTC-5 in winter) at which a visit may begin on the days of the stub's two weeks. */
const free: Readonly<Record<string, readonly [number, number]>> = {
  '2026-12-02': [13, 16],
  '2026-12-03': [9, 12],
  '2026-12-07': [9, 17],
  '2026-12-08': [10, 15],
  '2026-12-10': [10, 15],
};
const walls: Readonly<Record<string, string>> = {
  '2026-12-04': 'the downtime would reach the wedding on 2026-12-06',
  '2026-12-05': 'the clinic is closed on 2026-12-05',
  '2026-12-06': 'the clinic is closed on 2026-12-06',
};

function dayOf(date: string): DayOfChoice {
  const hours = free[date];
  if (hours === undefined) return { date, starts: [], because: [{ constraint: 'horizon', detail: walls[date] ?? 'planning runs 365 days from 2026-12-02' }] };
  const [first, last] = hours.map((hour) => Date.parse(`${date}T00:00:00Z`) + (hour + 5) * hourMillis);
  const count = ((last ?? 0) - (first ?? 0)) / (hourMillis / 4);
  return { date, because: [], starts: Array.from({ length: count }, (_start, index) => new Date((first ?? 0) + (index * hourMillis) / 4).toISOString()) };
}

const after = (date: string, days: number) => new Date(Date.parse(date) + days * 24 * hourMillis).toISOString().slice(0, 10);
const isFree = (start: string) => dayOf(start.slice(0, 10)).starts.includes(start);
const becomes: Readonly<Record<string, Session['status']>> = {
  confirm: 'confirmed',
  arrive: 'arrived',
  complete: 'completed',
  'no-show': 'no_show',
  cancel: 'cancelled',
};

/** Sessions that a page can act on: what is done to them is remembered, and a start that is not free is refused as the product does. */
export function deskRoutes(): Router {
  const routes = Router();
  const sessions = booked();
  const change = (id: string, to: Partial<Session>) => {
    const at = sessions.findIndex((each) => each.id === id);
    const known = sessions[at];
    if (known !== undefined) sessions[at] = { ...known, ...to };
    return sessions[at] ?? {};
  };
  routes.get('/sessions', ({ query }: Request, response: Response) => {
    const { from = '', to = '~', limit: _limit, patient = '', ...exactly } = query;
    const within = (each: Session) =>
      each.start !== null &&
      each.start >= String(from) &&
      each.start < String(to) &&
      each.patientId.includes(String(patient).toLowerCase()) &&
      Object.entries(exactly).every(([name, value]) => each[name as keyof Session] === value);
    const byStart = (one: Session, other: Session) => (one.start ?? '').localeCompare(other.start ?? '');
    response.json({ items: sessions.filter(within).sort(byStart), next: null });
  });
  routes.get('/courses/:id/choices', ({ query }: Request, response: Response) => {
    const dates = Array.from({ length: Number(query['days'] ?? 7) }, (_day, days) => after(String(query['from']), days));
    const choices: Choices = { gridMinutes: 15, items: dates.map(dayOf) };
    response.json(choices);
  });
  routes.get('/courses/:id', ({ params: { id } }: Request, response: Response) => {
    const own = sessions.filter(({ courseId }) => courseId === id);
    response.json({ id, patientId: own[0]?.patientId, status: 'booked', sessions: own });
  });
  routes.post('/sessions/:id/reschedule', ({ params, body }: Request<{ id: string }>, response: Response) => {
    const { start } = body as { start: string };
    const wasThere = sessions.some(({ id, because }) => id === params.id && because.some(({ detail }) => detail === start));
    const [wall] = dayOf(start.slice(0, 10)).because;
    const detail = `The visit may not begin then: ${wall?.detail ?? 'the room nyc-care-1 is taken'}.`;
    if (!isFree(start) && !wasThere) return void response.status(409).json({ code: 'forbidden_window', detail });
    const before = sessions.find(({ id }) => id === params.id)?.start ?? '';
    const because = [{ constraint: 'moved', detail: before }];
    response.json(change(params.id, { start, end: new Date(Date.parse(start) + hourMillis).toISOString(), because }));
  });
  routes.post('/sessions/:id/:verb', ({ params: { id, verb } }: Request<{ id: string; verb: string }>, response: Response) => {
    const status = becomes[verb];
    response.json(change(id, status === undefined ? {} : { status }));
  });
  return routes;
}
