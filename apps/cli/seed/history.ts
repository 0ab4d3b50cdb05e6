import { deterministicId } from '#platform';
import { type ActiveProtocol, addDays, spacing } from '#protocols';
import { courseStream } from '#treatment';
import type { Chance } from '../simulate/chance.js';
import { instantAt } from './diary.js';
import { Chronicle } from './events.js';
import { bookingOf, type CourseOfLife, type Life, type Visit } from './lives.js';
import { type PersonOfSeed, personOf } from './people.js';
import { tellMessages } from './messages.js';

/** What every history is told with. */
export interface Telling {
  readonly seed: number;
  readonly now: string;
  readonly turnoverMinutes: number;
  /** Days after a treatment by a protocol before one by another, by both. */
  readonly spacings: ReadonlyMap<string, Readonly<Record<string, number>>>;
}

export type Ending = 'completed' | 'no_show' | 'cancelled' | 'arrived' | 'late' | 'confirmed' | 'booked' | 'on_hold';

/** A visit, and how it stands at the moment of seeding. */
export interface ToldVisit {
  readonly course: CourseOfLife;
  readonly visit: Visit;
  readonly ending: Ending;
}

const dayMillis = 86_400_000;
export const shifted = (instant: string, millis: number): string => new Date(Date.parse(instant) + millis).toISOString();
const gates = [
  { gate: 'consent', why: 'a consent that covers the new plan is missing' },
  { gate: 'contraindications', why: 'an antibiotic that makes the skin sensitive to light was started' },
  { gate: 'deposit', why: 'the deposit has not been paid' },
] as const;

/** Of a hundred visits that are over, three were cancelled and four patients did not come; most of the next days are confirmed. */
export function endingOf({ seat: { start, end } }: Visit, now: string, chance: Chance): Ending {
  const roll = chance.unit('ending');
  if (end <= now) return roll < 0.03 ? 'cancelled' : roll < 0.07 ? 'no_show' : 'completed';
  if (start <= now) return roll < 0.15 ? 'late' : 'arrived';
  if (roll < 0.02) return 'on_hold';
  return Date.parse(start) - Date.parse(now) < 2 * dayMillis && roll < 0.8 ? 'confirmed' : 'booked';
}

/** Days after a treatment before one by each protocol of the clinic; its own is the least interval. */
export function spacingOf(protocol: ActiveProtocol, protocols: ReadonlyMap<string, ActiveProtocol>): Record<string, number> {
  const after = [...protocols.keys()].map((to): [string, number] => [
    to,
    to === protocol.id ? protocol.intervalDays.min : (spacing(protocol.id, to)?.days ?? 0),
  ]);
  return Object.fromEntries(after.filter(([, days]) => days > 0));
}

function tellPerson(chronicle: Chronicle, { person, allergies }: PersonOfSeed, consultationId: string, at: string, chance: Chance): void {
  chronicle.fact('patient.registered.v1', at, { consultationId, person, allergies, conditions: [], medications: [], exposures: [], pregnant: false });
  const consents = [
    { channel: 'sms', address: person.phone, granted: chance.happens('texts', 0.9) },
    { channel: 'email', address: person.email, granted: chance.happens('mails', 0.95) },
  ];
  for (const consent of consents)
    chronicle.fact('patient.contact-consent-changed.v1', at, { consultationId, ...consent, scope: 'care', method: 'form', recordedOn: at });
}

function tellConsultation(chronicle: Chronicle, { consultationId, planId, protocolId, post, visits, consultedOn }: CourseOfLife, person: PersonOfSeed): void {
  const at = (minute: number) => instantAt(consultedOn, minute, post.timeZone);
  const step = (type: string, minute: number, data: Readonly<Record<string, unknown>>) => chronicle.step(consultationId, type, at(minute), data);
  step('consultation.requested.v1', 9 * 60, { channel: 'online', person: person.person, concerns: [person.concern] });
  step('consultation.history-reviewed.v1', 9 * 60 + 10, { providerId: post.providerId });
  step('consultation.skin-assessed.v1', 9 * 60 + 20, {
    providerId: post.providerId,
    fitzpatrick: person.fitzpatrick,
    issues: [person.concern],
    areas: ['face'],
    method: 'visual',
  });
  step('consultation.plan-proposed.v1', 9 * 60 + 30, { planId, providerId: post.providerId, items: [{ protocolId, sessions: visits.length, area: 'face' }] });
  step('consultation.education-delivered.v1', 9 * 60 + 35, { topics: ['aftercare', 'downtime', 'risks'] });
  step('consultation.decision-made.v1', 9 * 60 + 40, { decision: 'proceed', planId });
  step('consultation.consent-signed.v1', 9 * 60 + 45, {
    planId,
    documentVersion: '1',
    acknowledged: ['risks', 'aftercare'],
    signedAt: at(9 * 60 + 45),
  });
}

function tellVisit(chronicle: Chronicle, { course, visit, ending }: ToldVisit, patientId: string, booked: string, telling: Telling, chance: Chance): void {
  const { protocolId, courseId } = course;
  const ids = { sessionId: visit.sessionId, courseId, patientId };
  const { start, end, on, post } = visit.seat;
  const say = (type: string, at: string, data: Readonly<Record<string, unknown>> = {}) => chronicle.tell(courseStream(courseId), type, at, { ...ids, ...data });
  say('session.booked.v1', booked, bookingOf(course, patientId, visit, telling.turnoverMinutes, telling.spacings.get(protocolId) ?? {}));
  if (ending === 'cancelled') return say('session.cancelled.v1', shifted(start, -dayMillis), { by: 'patient', reason: 'a cold' });
  if (ending === 'on_hold') return say('session.put-on-hold.v1', telling.now, chance.pick('gate', gates));
  if (ending === 'booked') return;
  say('session.confirmed.v1', shifted(start, -2 * dayMillis), { by: 'patient' });
  if (ending === 'no_show') return say('session.no-show.v1', end);
  if (ending !== 'completed' && ending !== 'arrived') return;
  say('session.arrived.v1', shifted(start, -5 * 60_000));
  if (ending === 'completed') say('session.completed.v1', end, { protocolId, protocolVersion: 1, completedAt: end, on, timeZone: post.timeZone });
}

function tellCourse(chronicle: Chronicle, course: CourseOfLife, patientId: string, telling: Telling, chance: Chance): ToldVisit[] {
  const { courseId, consultationId, planId, protocolId, post, consultedOn } = course;
  const booked = instantAt(consultedOn, 10 * 60, post.timeZone);
  chronicle.tell(courseStream(courseId), 'course.opened.v1', booked, {
    courseId,
    consultationId,
    patientId,
    planId,
    locationId: post.locationId,
    items: [{ item: 0, protocolId, protocolVersion: 1, sessions: course.visits.length, area: 'face' }],
  });
  return course.visits.map((visit) => {
    const own = chance.of(visit.number);
    const told = { course, visit, ending: endingOf(visit, telling.now, own) };
    tellVisit(chronicle, told, patientId, booked, telling, own);
    return told;
  });
}

/** Tasks that a visit leaves: what is over was done, what stands is open. */
function tellTask(chronicle: Chronicle, { course, visit, ending }: ToldVisit, patientId: string, now: string): void {
  const why = { no_show: 'the patient did not come: offer another time', cancelled: 'the patient cancelled: ask how the course goes on' };
  const held = ending === 'on_hold';
  if (ending !== 'no_show' && ending !== 'cancelled' && !held) return;
  const taskId = deterministicId('task', visit.sessionId);
  const opened = held ? now : visit.seat.end;
  const dueAt = shifted(opened, dayMillis);
  const about = { taskId, patientId, sessionId: visit.sessionId, courseId: course.courseId };
  chronicle.tell(`task/${taskId}`, 'task.opened.v1', opened, {
    ...about,
    kind: held ? 'clinician-review' : 'desk',
    why: held ? 'a session is on hold' : why[ending],
    dueAt,
    role: held ? 'provider' : 'front_desk',
    ladder: [],
  });
  if (dueAt < now) chronicle.tell(`task/${taskId}`, 'task.completed.v1', dueAt, { taskId, by: 'desk-tan' });
}

/** Everything that ever happened with one patient. */
export function historyOf(life: Life, telling: Telling, chance: Chance): Chronicle {
  const chronicle = new Chronicle(telling.seed, life.patientId);
  const person = personOf(life.number, chance.of('person'));
  const [first] = life.courses;
  if (first === undefined) return chronicle;
  tellPerson(chronicle, person, first.consultationId, instantAt(addDays(first.consultedOn, -1), 15 * 60, first.post.timeZone), chance);
  for (const [index, course] of life.courses.entries()) {
    tellConsultation(chronicle, course, person);
    const told = tellCourse(chronicle, course, life.patientId, telling, chance.of('course', index));
    for (const visit of told) tellTask(chronicle, visit, life.patientId, telling.now);
    for (const visit of told) tellMessages(chronicle, visit, life.patientId, person, telling.now, chance.of('messages', visit.visit.sessionId));
  }
  return chronicle;
}
