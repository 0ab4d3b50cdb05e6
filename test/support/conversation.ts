import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ClinicDocument, clinicProjection, configureClinic, parseClinic } from '#clinic';
import {
  conversation,
  conversationDue,
  conversationProjection,
  type Due,
  type Effect,
  type ExecuteEffects,
  listTasks,
  type PageStaff,
  receiveMessage,
  replyPolicy,
} from '#conversation';
import { EventStore, Subscriptions } from '#event-store';
import { type Database, deterministicId, inTransaction, type JsonObject, projectRoot, SimulatedClock, type Transaction } from '#platform';
import type { TestDatabase } from './database.js';

const sample = JSON.parse(await readFile(join(projectRoot, 'libs/clinic/data/sample-clinic.json'), 'utf8')) as JsonObject;
const people: Readonly<Record<string, readonly string[]>> = { '+12125550100': ['ana'], '+12125550101': ['bea', 'cleo'] };
let opened = 0;

/** The conversations of a clinic of its own, with a real ledger and a clock that is moved by hand; what other slices would do is kept. */
export class Conversations {
  readonly store: EventStore;
  readonly clinic: ClinicDocument;
  /** What the last message, or what came due, asked of other slices. */
  effects: Effect[] = [];
  readonly #subscriptions: Subscriptions;

  private constructor(
    readonly db: Database,
    readonly clock: SimulatedClock,
    readonly clinicId: string,
    settings: JsonObject,
  ) {
    this.clinic = parseClinic({ ...sample, ...settings });
    this.store = new EventStore({ masterKey: new Uint8Array(32).fill(7), clock, inline: [clinicProjection, conversationProjection] });
    const policy = replyPolicy(this.context, this.keep);
    const report = (error: unknown) => {
      throw error;
    };
    this.#subscriptions = new Subscriptions({ db, store: this.store, clock, subscriptions: [policy], report });
  }

  /** Row-level security keeps the clinics of one database apart. `settings` replace those of the sample clinic. */
  static async open(
    database: TestDatabase,
    { at = '2026-11-24T15:00:00Z', settings = {}, connections = 2 }: { at?: string; settings?: JsonObject; connections?: number } = {},
  ): Promise<Conversations> {
    const clinicId = `clinic-${(opened += 1)}`;
    const stage = new Conversations(database.open(clinicId, connections), new SimulatedClock(new Date(at)), clinicId, settings);
    await stage.run((trx) => configureClinic(trx, stage.context, stage.clinic, 'test'));
    return stage;
  }

  get context() {
    return { store: this.store, clock: this.clock };
  }

  readonly keep: ExecuteEffects = async (_trx, given) => void this.effects.push(...given);

  readonly run = <T>(work: (trx: Transaction) => Promise<T>): Promise<T> => inTransaction(this.db, work);

  readonly after = (minutes: number): void => this.clock.moveTo(new Date(this.clock.now().getTime() + minutes * 60_000));

  /** Something that happened elsewhere. */
  readonly fact = async (type: string, stream: string, data: JsonObject, patientId = 'ana', personal?: JsonObject): Promise<void> => {
    const now = this.clock.now();
    const event = {
      id: deterministicId(type, JSON.stringify(data), now.toISOString()),
      type,
      data,
      patientId,
      occurredAt: now,
      ...(personal === undefined ? {} : { personal }),
    };
    await this.run((trx) => this.store.append(trx, [{ stream, expected: 'any', events: [event] }]));
  };

  readonly sessionDone = (protocolId: string, on: string, sessionId = 's1', patientId = 'ana'): Promise<void> =>
    this.fact(
      'session.completed.v1',
      'course/c1',
      { sessionId, courseId: 'c1', patientId, protocolId, protocolVersion: 1, completedAt: `${on}T15:00:00.000Z`, on, timeZone: 'America/New_York' },
      patientId,
    );

  /** A text comes in and is judged. */
  readonly text = async (body: string, { from = '+12125550100', sid = `SM${(opened += 1)}`, media = [] as { url: string }[] } = {}) => {
    const inbound = { channel: 'sms' as const, from, body, media, providerMessageId: sid, receivedAt: this.clock.now() };
    const answer = await this.run((trx) => receiveMessage(trx, this.context, inbound, async (_db, address) => people[address] ?? []));
    this.effects = [];
    await this.#subscriptions.drain();
    return answer;
  };

  /** Moves the clock and does what came due; answers the pages. */
  readonly due = async (minutes = 0): Promise<PageStaff[]> => {
    this.after(minutes);
    this.effects = [];
    await this.round();
    return this.of('page');
  };

  /** One round of one worker. Without `report` an error is thrown. */
  readonly round = (execute: ExecuteEffects = this.keep, report?: (error: unknown, due: Due) => void): Promise<number> => {
    const loud = (error: unknown) => {
      throw error;
    };
    return conversationDue({ db: this.db, context: this.context, execute, report: report ?? loud });
  };

  readonly thread = async (id: string) => (await conversation(this.db, id)) ?? Promise.reject(new Error(`no thread ${id}`));

  readonly tasks = async (status?: string) => (await listTasks(this.db, { status, limit: 50, cursor: null })).items;

  readonly of = <T extends Effect['type']>(type: T) => this.effects.filter((effect): effect is Extract<Effect, { type: T }> => effect.type === type);
}

/** Pages as short lines: rung and attempt, who, how. */
export const shortly = (pages: readonly PageStaff[]): string[] =>
  pages.map(({ rung, attempt, staffId, channel }) => `${rung}.${attempt} ${staffId} ${channel}`);
