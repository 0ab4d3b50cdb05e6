import { activateProtocol, clinicProjection, configureClinic } from '#clinic';
import { consultationProjection } from '#consultation';
import { conversation, conversationProjection, listTasks, replyPolicy } from '#conversation';
import { EventStore, type NewEvent, Subscriptions } from '#event-store';
import { outreachLedger, replanPatient } from '#follow-up';
import { erasePatient } from '#patient';
import { type Database, deterministicId, hashToken, inTransaction, SimulatedClock } from '#platform';
import { sampleFigures } from '#protocols';
import { treatmentProjection } from '#treatment';
import { sampleClinic } from './booking.js';
import { bookedSession, openedCourse } from './outreach.js';
import { issueLink, type Link } from '../../apps/api/patient-pages/links.js';

export const birthDate = '1990-01-01';
const masterKey = Buffer.alloc(32, 7);

/** A clinic whose patients answer on their own pages, and whose policy on replies runs when a test says so. */
export class AnsweringDesk {
  readonly clock = new SimulatedClock(new Date('2026-11-24T15:00:00Z'));
  readonly store = new EventStore({
    masterKey,
    clock: this.clock,
    inline: [clinicProjection, consultationProjection, treatmentProjection, outreachLedger, conversationProjection],
  });
  /** Opens the staff's side. */
  readonly key = 'key-of-the-front-desk';
  readonly #policies: Subscriptions;

  constructor(readonly db: Database) {
    const { store, clock } = this;
    const report = (error: unknown) => {
      throw error;
    };
    this.#policies = new Subscriptions({ db, store, clock, report, subscriptions: [replyPolicy({ store, clock }, async () => undefined)] });
  }

  /** What controllers use of the product. */
  get afterglow() {
    const { db, store, clock } = this;
    const config = { AFTERGLOW_CLOCK: 'system', PUBLIC_URL: 'http://127.0.0.1' };
    return { config, masterKey, db, store, clock, clinic: async () => sampleClinic, wake: () => undefined };
  }

  async setUp(patientId: string, language: string): Promise<void> {
    const person = { givenName: 'Ana', familyName: 'Ruiz', birthDate, phone: '+12125550100', email: `${patientId}@example.com`, language };
    await inTransaction(this.db, (trx) => configureClinic(trx, this, sampleClinic, 'test'));
    const key = { name: 'front desk', key_hash: hashToken(this.key), roles: ['front_desk'], created_at: this.clock.now() };
    await this.db.insertInto('api_key').values(key).execute();
    await this.record(`patient/${patientId}`, patientId, { type: 'patient.registered.v1', data: { patientId }, personal: { person } });
  }

  erase = (patientId: string): Promise<void> => inTransaction(this.db, (trx) => erasePatient(trx, this, { patientId, reason: 'asked for it' }));

  async record(stream: string, patientId: string, { type, data, personal }: Pick<NewEvent, 'type' | 'data' | 'personal'>): Promise<void> {
    const id = deterministicId(type, stream, JSON.stringify(data));
    const event = { id, type, data, patientId, occurredAt: this.clock.now(), ...(personal === undefined ? {} : { personal }) };
    await inTransaction(this.db, (trx) => this.store.append(trx, [{ stream, expected: 'any', events: [event] }]));
  }

  /** One session of a course took place a moment ago; what it asks for is planned, by e-mail. */
  async treated(patientId: string): Promise<void> {
    const now = this.clock.now().toISOString();
    const session = bookedSession(patientId, 1, now);
    const { protocolId, timeZone } = session;
    await inTransaction(this.db, (trx) => activateProtocol(trx, this, { protocolId, version: 1, figures: sampleFigures(protocolId), by: 'dr-okafor' }));
    const consent = { patientId, channel: 'email', scope: 'care', granted: true, method: 'form', recordedOn: now };
    const address = `${patientId}@example.com`;
    await this.record(`patient/${patientId}`, patientId, { type: 'patient.contact-consent-changed.v1', data: consent, personal: { address } });
    await this.record('course/course-1', patientId, openedCourse(patientId, 1));
    await this.record('course/course-1', patientId, { type: 'session.booked.v1', data: session });
    const done = {
      sessionId: session.sessionId,
      courseId: 'course-1',
      patientId,
      protocolId,
      protocolVersion: 1,
      completedAt: now,
      on: now.slice(0, 10),
      timeZone,
    };
    await this.record('course/course-1', patientId, { type: 'session.completed.v1', data: done });
    const { store, clock } = this;
    await inTransaction(this.db, (trx) => replanPatient(trx, { store, clock, clinic: sampleClinic }, patientId));
  }

  /** A question left by e-mail; answers the page that its link opens. */
  async asked(patientId: string, purpose: 'check-in' | 'satisfaction'): Promise<string> {
    const outreachId = deterministicId('outreach', patientId, purpose);
    const about = { outreachId, patientId, touchpoint: purpose, channel: 'email', providerMessageId: outreachId, sentAt: this.clock.now().toISOString() };
    const of = { category: 'reminder', question: purpose, sessionId: 's1', protocolId: 'chemical_peel.superficial', day: 1 };
    await this.record(`outreach/${patientId}`, patientId, { type: 'outreach.sent.v1', data: { ...about, ...of } });
    return this.link({ patientId, purpose, outreachId });
  }

  async link(link: Link): Promise<string> {
    return `/p/${await issueLink(this.db, this.afterglow, link)}`;
  }

  /** Judges what came in. */
  judge = (): Promise<unknown> => this.#policies.drain();
  wait = (days: number): void => this.clock.moveTo(new Date(this.clock.now().getTime() + days * 86_400_000));
  thread = async (patientId: string) => (await conversation(this.db, patientId))?.messages ?? [];
  tasks = async () => (await listTasks(this.db, { limit: 50, cursor: null })).items;
  log = async (patientId: string) => this.store.readStream(this.db, `conversation/${patientId}`);
}
