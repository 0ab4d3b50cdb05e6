import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { activateProtocol, type ClinicDocument, clinicProjection, parseClinic } from '#clinic';
import { conversationProjection } from '#conversation';
import { EventStore, type NewEvent } from '#event-store';
import { type FollowUpContext, outreachLedger, replanPatient, sendDue, sweep } from '#follow-up';
import type { Channel, Evidence, EvidenceQuestion, OutgoingMessage, SendAnswer } from '#messaging';
import { type Database, deterministicId, inTransaction, projectRoot, SimulatedClock } from '#platform';
import { sampleFigures } from '#protocols';
import { treatmentProjection } from '#treatment';

/** A channel that takes what it is given and remembers it; a test says what it answers. */
export class FakeChannel implements Channel {
  readonly accepted: OutgoingMessage[] = [];
  readonly attempts: string[] = [];
  /** What the next hand-overs answer; empty: sent. `accepts`: it reached the other side all the same. */
  readonly plan: { readonly answer: SendAnswer | Error; readonly accepts: boolean }[] = [];
  proof: ((question: EvidenceQuestion) => Evidence) | null = null;

  constructor(readonly name: 'sms' | 'email') {}

  async send(message: OutgoingMessage, attemptId: string): Promise<SendAnswer> {
    this.attempts.push(attemptId);
    const { answer = { kind: 'sent' as const, providerMessageId: `${this.name}-${attemptId}` }, accepts = true } = this.plan.shift() ?? {};
    if (accepts) this.accepted.push(message);
    if (answer instanceof Error) throw answer;
    return answer;
  }

  async evidence(question: EvidenceQuestion): Promise<Evidence> {
    if (this.proof !== null) return this.proof(question);
    if (this.name === 'email') return { kind: 'unprovable', why: 'a mail server keeps no list' };
    const found = this.accepted.find(({ to, body }) => to === question.to && body === question.body);
    return found === undefined ? { kind: 'not-found' } : { kind: 'accepted', providerMessageId: `found-${found.id}` };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

export const sampleDocument: ClinicDocument = parseClinic(JSON.parse(readFileSync(join(projectRoot, 'libs/clinic/data/sample-clinic.json'), 'utf8')));
const protocolId = 'microneedling.cosmetic';
/** As the course derives it from its plan. */
const sessionId = (number: number) => deterministicId('session', 'course-1', 'plan-1', 0, number);

/** What the log says of a course as it is opened, and of each of its sessions as it is booked. */
export const openedCourse = (patientId: string, sessions: number) => ({
  type: 'course.opened.v1',
  data: {
    courseId: 'course-1',
    patientId,
    consultationId: 'c-1',
    planId: 'plan-1',
    locationId: 'nyc',
    items: [{ item: 0, protocolId, protocolVersion: 1, sessions }],
  },
});
export const bookedSession = (patientId: string, number: number, start: string) => ({
  sessionId: sessionId(number),
  courseId: 'course-1',
  patientId,
  item: 0,
  number,
  protocolId,
  protocolVersion: 1,
  start,
  end: new Date(Date.parse(start) + 3_600_000).toISOString(),
  turnoverMinutes: 15,
  timeZone: 'America/New_York',
  locationId: 'nyc',
  providerId: 'np-reyes',
  roomId: `nyc-care-${number}`,
  deviceId: null,
  earliest: start,
  latest: null,
  because: [],
  spacing: {},
});

/** A clinic with one patient whose courses, consents and outreach a test moves through time. */
export class OutreachDesk {
  readonly clock: SimulatedClock;
  readonly store: EventStore;
  readonly sms = new FakeChannel('sms');
  readonly email = new FakeChannel('email');
  /** Tasks that someone has taken. */
  readonly acknowledged = new Set<string>();
  /** Patients whose last message nobody has read. */
  readonly unheard = new Set<string>();
  readonly context: FollowUpContext;
  #count = 0;

  constructor(
    readonly db: Database,
    start: string,
    readonly patientId = 'p-1',
  ) {
    this.clock = new SimulatedClock(new Date(start));
    this.store = new EventStore({
      masterKey: new Uint8Array(32),
      clock: this.clock,
      inline: [clinicProjection, treatmentProjection, outreachLedger, conversationProjection],
    });
    this.context = {
      db,
      store: this.store,
      clock: this.clock,
      clinic: sampleDocument,
      channels: { sms: this.sms, email: this.email },
      organizer: 'care@clinic.example',
      pageFor: async (_trx, { outreachId }) => ({ link: `https://clinic.example/p/${outreachId}` }),
      isAcknowledged: async (_db, taskId) => this.acknowledged.has(taskId),
      unheard: async () => this.unheard,
      strangerAddress: async () => '+12125550199',
      writtenText: async () => 'Please come ten minutes early.',
    };
  }

  /** Records facts and plans again, as the policies do. */
  async record(stream: string, ...events: readonly Pick<NewEvent, 'type' | 'data' | 'personal'>[]): Promise<void> {
    const fresh = events.map((event) => ({
      ...event,
      id: deterministicId('test', (this.#count += 1)),
      patientId: this.patientId,
      occurredAt: this.clock.now(),
    }));
    await inTransaction(this.db, (trx) => this.store.append(trx, [{ stream, expected: 'any', events: fresh }]));
    await this.replan();
  }

  replan(): Promise<void> {
    return inTransaction(this.db, (trx) => replanPatient(trx, this.context, this.patientId));
  }

  /** A patient with a phone, an address and consent by these channels. */
  async register(channels: readonly ('sms' | 'email')[] = ['sms', 'email'], person: Readonly<Record<string, string>> = {}): Promise<void> {
    await inTransaction(this.db, (trx) => activateProtocol(trx, this, { protocolId, version: 1, figures: sampleFigures(protocolId), by: 'dr-okafor' }));
    const known = {
      givenName: 'Ana',
      familyName: 'Ruiz',
      phone: '+12125550100',
      email: 'ana@example.com',
      language: 'en',
      timeZone: 'America/New_York',
      ...person,
    };
    const ids = { consultationId: 'c-1', patientId: this.patientId };
    await this.record(`patient/${this.patientId}`, { type: 'patient.registered.v1', data: ids, personal: { person: known } });
    for (const channel of channels) await this.consent(channel, true, (channel === 'sms' ? known.phone : known.email) ?? '');
  }

  consent(channel: 'sms' | 'email', granted: boolean, address: string): Promise<void> {
    const data = {
      consultationId: 'c-1',
      patientId: this.patientId,
      channel,
      scope: 'care',
      granted,
      method: 'form',
      recordedOn: this.clock.now().toISOString(),
    };
    return this.record(`patient/${this.patientId}`, { type: 'patient.contact-consent-changed.v1', data, personal: { address } });
  }

  session = (number: number, start: string) => bookedSession(this.patientId, number, start);

  async book(...starts: readonly string[]): Promise<void> {
    const booked = starts.map((start, index) => ({ type: 'session.booked.v1', data: this.session(index + 1, start) }));
    await this.record('course/course-1', openedCourse(this.patientId, starts.length), ...booked);
  }

  move(number: number, previousStart: string, start: string): Promise<void> {
    return this.record('course/course-1', {
      type: 'session.rescheduled.v1',
      data: { ...this.session(number, start), previousStart, by: 'desk', reason: 'asked' },
    });
  }

  complete(number: number, at: string): Promise<void> {
    const ids = { sessionId: sessionId(number), courseId: 'course-1', patientId: this.patientId };
    return this.record('course/course-1', {
      type: 'session.completed.v1',
      data: { ...ids, protocolId, protocolVersion: 1, completedAt: at, on: at.slice(0, 10), timeZone: 'America/New_York' },
    });
  }

  cancel(number: number, by: string): Promise<void> {
    return this.record('course/course-1', {
      type: 'session.cancelled.v1',
      data: { sessionId: sessionId(number), courseId: 'course-1', patientId: this.patientId, by, reason: 'asked' },
    });
  }

  /** Wakes everything that is due now until nothing is. */
  async settle(): Promise<void> {
    for (let round = 0; round < 50; round += 1) {
      const due = await sweep(this.db, this.clock.now(), 100);
      if (due.length === 0) return;
      for (const { id, version } of due) await sendDue(this.context, id, version);
    }
    throw new Error('the ledger did not come to rest');
  }

  /** Moves the clock in steps and settles at each. */
  async play(to: string, stepMinutes = 15): Promise<void> {
    for (let at = this.clock.now().getTime(); at <= Date.parse(to); at += stepMinutes * 60_000) {
      this.clock.moveTo(new Date(at));
      await this.settle();
    }
    this.clock.moveTo(new Date(to));
    await this.settle();
  }
}
