import { clinicProjection } from '#clinic';
import { conversationProjection } from '#conversation';
import { EventStore } from '#event-store';
import { outreachLedger } from '#follow-up';
import { type Database, deterministicId, type JsonObject, SimulatedClock } from '#platform';
import { treatmentProjection } from '#treatment';

export const protocolId = 'microneedling.cosmetic';
const timeZone = 'America/New_York';
export const sessionId = (course: string, number: number) => deterministicId('session', course, 'plan', 0, number);

/** A clinic's log written by hand: each line says when what happened, and the read models follow as they always do. */
export class History {
  readonly clock = new SimulatedClock(new Date('2026-11-01T15:00:00Z'));
  readonly store = new EventStore({
    masterKey: new Uint8Array(32).fill(7),
    clock: this.clock,
    inline: [clinicProjection, treatmentProjection, outreachLedger, conversationProjection],
  });
  #count = 0;

  constructor(readonly db: Database) {}

  async happened(at: string, stream: string, type: string, data: JsonObject, personal?: JsonObject): Promise<void> {
    const whose = typeof data['patientId'] === 'string' ? { patientId: data['patientId'] } : {};
    const event = {
      id: deterministicId('history', (this.#count += 1)),
      type,
      data,
      ...whose,
      occurredAt: new Date(at),
      ...(personal === undefined ? {} : { personal }),
    };
    await this.store.append(this.db, [{ stream, expected: 'any', events: [event] }]);
  }

  /** A course of the patient's with a session at each start; their ids come from `sessionId`. */
  async course(at: string, patientId: string, starts: readonly string[]): Promise<void> {
    const ids = { courseId: patientId, patientId };
    const items = [{ item: 0, protocolId, protocolVersion: 1, sessions: starts.length }];
    await this.happened(at, `course/${patientId}`, 'course.opened.v1', { ...ids, consultationId: `c-${patientId}`, planId: 'plan', locationId: 'nyc', items });
    for (const [index, start] of starts.entries())
      await this.happened(at, `course/${patientId}`, 'session.booked.v1', this.booking(patientId, index + 1, start));
  }

  move(at: string, patientId: string, number: number, previousStart: string, start: string, by: string): Promise<void> {
    const data = { ...this.booking(patientId, number, start), previousStart, by, reason: 'asked' };
    return this.happened(at, `course/${patientId}`, 'session.rescheduled.v1', data);
  }

  /** `session.arrived.v1`, `session.no-show.v1` and others of one session. */
  session(at: string, patientId: string, number: number, what: string, more: JsonObject = {}): Promise<void> {
    return this.happened(at, `course/${patientId}`, `session.${what}.v1`, { sessionId: sessionId(patientId, number), courseId: patientId, patientId, ...more });
  }

  complete(at: string, patientId: string, number: number): Promise<void> {
    return this.session(at, patientId, number, 'completed', { protocolId, protocolVersion: 1, completedAt: at, on: at.slice(0, 10), timeZone });
  }

  /** A question goes out; answers its id, as replies name it. */
  async ask(at: string, patientId: string, question: 'confirm' | 'check-in' | 'satisfaction', number: number, day: number | null = null) {
    const outreachId = deterministicId('question', (this.#count += 1));
    const about = { sessionId: sessionId(patientId, number), protocolId: day === null ? null : protocolId, day };
    await this.happened(at, `outreach/${patientId}`, 'outreach.sent.v1', {
      ...{ outreachId, patientId, channel: 'sms', touchpoint: question, category: 'reminder', providerMessageId: `SM-${outreachId}` },
      ...{ sessionId: about.sessionId, question, sentAt: at, ...(day === null ? {} : { protocolId, day }) },
    });
    return { outreachId, question, ...about };
  }

  /** A message comes in and is judged; answers its id. */
  async says(at: string, patientId: string, urgency: string, more: JsonObject = {}): Promise<string> {
    const messageId = deterministicId('message', (this.#count += 1));
    const ids = { messageId, conversationId: patientId };
    const received = { ...ids, patientId, patientIds: [patientId], channel: 'sms', providerMessageId: messageId };
    await this.happened(at, `conversation/${patientId}`, 'message.received.v1', received, { body: 'words', from: '+12125550100' });
    await this.judged(at, patientId, messageId, urgency, more);
    return messageId;
  }

  judged(at: string, patientId: string, messageId: string, urgency: string, more: JsonObject = {}): Promise<void> {
    const triage = { messageId, conversationId: patientId, patientId, urgency, codes: [], rules: [], by: 'rules', ...more };
    return this.happened(at, `conversation/${patientId}`, 'reply.triaged.v1', triage);
  }

  answers(at: string, patientId: string, author: string): Promise<void> {
    const data = { messageId: deterministicId('answer', (this.#count += 1)), conversationId: patientId, channel: 'sms', author, patientId };
    return this.happened(at, `conversation/${patientId}`, 'message.answered.v1', data, { body: 'words' });
  }

  /** A row of the ledger, planned for then. */
  async planned(dueAt: string, patientId: string, more: JsonObject = {}): Promise<string> {
    const outreachId = deterministicId('outreach', (this.#count += 1));
    const expiresAt = new Date(Date.parse(dueAt) + 3_600_000).toISOString();
    await this.happened('2026-11-20T15:00:00.000Z', `outreach/${patientId}`, 'outreach.planned.v1', {
      ...{ outreachId, patientId, key: outreachId, occasion: outreachId, touchpoint: 'reminder', channel: 'sms', category: 'reminder' },
      ...{ template: 'reminder', locals: {}, question: null, targetAt: null, dueAt, expiresAt, because: 'a visit is near', ...more },
    });
    return outreachId;
  }

  private booking(patientId: string, number: number, start: string): JsonObject {
    const end = new Date(Date.parse(start) + 1_800_000).toISOString();
    return {
      ...{ sessionId: sessionId(patientId, number), courseId: patientId, patientId, item: 0, number, protocolId, protocolVersion: 1, start, end },
      ...{ turnoverMinutes: 0, timeZone, locationId: 'nyc', providerId: `provider-${patientId}`, roomId: `room-${patientId}`, deviceId: null },
      ...{ earliest: start, latest: null, because: [], spacing: {} },
    };
  }
}
