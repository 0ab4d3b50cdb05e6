import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import { Module } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { hashToken } from '#platform';
import { answerSchemas } from '../apps/api/answers.js';
import { InsightController } from '../apps/api/insight.controller.js';
import { insightOf, spanOf } from '../apps/api/insight.js';
import type { Insight as Shown } from '../apps/console/src/insight.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { History, protocolId } from './support/history.js';
import { sampleDocument } from './support/outreach.js';
import { serve, type Served } from './support/served.js';

/* One December of a clinic in New York, small enough to be counted by hand: it lasts from 05:00 UTC of the 1st to 05:00 UTC of January 1st. */
let database: TestDatabase;
let served: Served;
let afterglow: { readonly db: TestDatabase['db']; readonly clock: History['clock']; readonly clinic: () => Promise<typeof sampleDocument> };
const roles = ['events', 'front_desk', 'provider', 'medical_director', 'admin', 'auditor'] as const;

beforeAll(async () => {
  database = await createTestDatabase();
  const history = new History(database.open('insight', 4));
  await visits(history);
  await questions(history);
  await waits(history);
  await messages(history);
  const rows = roles.map((role) => ({ name: role, key_hash: hashToken(role), roles: [role], created_at: history.clock.now() }));
  await history.db.insertInto('api_key').values(rows).execute();
  afterglow = { db: history.db, clock: history.clock, clinic: async () => sampleDocument };
  served = await serve([InsightController], afterglow);
}, 60_000);
afterAll(async () => {
  await served.close();
  await database.close();
});

/** Ana finished, Bea gave up, Cleo and Eve go on; Dana's only visit was late on November 30th in New York, when in UTC it was December. */
async function visits(history: History): Promise<void> {
  const [november, december] = ['2026-11-10T15:00:00.000Z', '2026-12-10T15:00:00.000Z'];
  await history.course(november, 'ana', ['2026-12-02T15:00:00.000Z', '2026-12-29T15:00:00.000Z']);
  await history.course(november, 'bea', ['2026-12-03T15:00:00.000Z', '2026-12-30T15:00:00.000Z']);
  await history.course(november, 'cleo', ['2026-12-04T15:00:00.000Z', '2026-12-18T15:00:00.000Z', '2027-01-15T15:00:00.000Z']);
  await history.course(november, 'dana', ['2026-12-01T04:30:00.000Z']);
  await history.course(november, 'eve', ['2026-12-05T15:00:00.000Z']);
  await history.move(november, 'bea', 2, '2026-12-30T15:00:00.000Z', '2027-01-01T04:00:00.000Z', 'desk-tan');
  await history.move(december, 'cleo', 2, '2026-12-18T15:00:00.000Z', '2026-12-19T15:00:00.000Z', 'desk-tan');
  await history.move(december, 'cleo', 2, '2026-12-19T15:00:00.000Z', '2026-12-20T15:00:00.000Z', 'schedule');
  await history.move(december, 'ana', 2, '2026-12-29T15:00:00.000Z', '2026-12-30T15:00:00.000Z', 'patient');
  const asked = (patient: string, at: string, number = 1) => history.ask(at, patient, 'confirm', number);
  await asked('dana', '2026-11-29T15:00:00.000Z');
  await asked('ana', '2026-12-01T15:00:00.000Z');
  await history.session('2026-12-01T16:00:00.000Z', 'ana', 1, 'confirmed', { by: 'patient' });
  await asked('bea', '2026-12-02T15:00:00.000Z');
  await asked('cleo', '2026-12-03T15:00:00.000Z');
  await asked('cleo', '2026-12-03T18:00:00.000Z');
  await history.session('2026-12-03T19:00:00.000Z', 'cleo', 1, 'confirmed', { by: 'desk-tan' });
  await history.complete('2026-12-01T05:30:00.000Z', 'dana', 1);
  await history.complete('2026-12-02T16:00:00.000Z', 'ana', 1);
  await history.session('2026-12-03T16:00:00.000Z', 'bea', 1, 'no-show');
  await history.session('2026-12-04T15:00:00.000Z', 'cleo', 1, 'arrived');
  await history.session('2026-12-04T16:00:00.000Z', 'eve', 1, 'put-on-hold', { gate: 'consent', why: 'missing' });
  await history.session('2026-12-20T15:00:00.000Z', 'bea', 2, 'cancelled', { by: 'patient', reason: 'no more' });
  await history.complete('2026-12-30T16:00:00.000Z', 'ana', 2);
}

async function questions(history: History): Promise<void> {
  const first = await history.ask('2026-12-03T17:00:00.000Z', 'ana', 'check-in', 1, 1);
  const third = await history.ask('2026-12-05T17:00:00.000Z', 'ana', 'check-in', 1, 3);
  const cleos = await history.ask('2026-12-05T17:00:00.000Z', 'cleo', 'check-in', 1, 1);
  const other = await history.ask('2026-12-05T17:05:00.000Z', 'cleo', 'check-in', 1, 3);
  await history.ask('2026-11-20T17:00:00.000Z', 'dana', 'check-in', 1, 3);
  await history.says('2026-12-03T18:00:00.000Z', 'ana', 'expected', { questions: [first] });
  await history.says('2026-12-05T18:00:00.000Z', 'ana', 'expected', { questions: [third] });
  await history.says('2026-12-05T18:30:00.000Z', 'ana', 'urgent', { questions: [third] });
  await history.says('2026-12-05T18:40:00.000Z', 'ana', 'ask', { questions: [third] });
  await history.says('2026-12-05T18:00:00.000Z', 'cleo', 'expected', { questions: [cleos, other], ambiguous: true });
  const happy = async (patientId: string, at: string, ...scores: readonly number[]) => {
    const { outreachId, sessionId } = await history.ask(at, patientId, 'satisfaction', 1);
    for (const score of scores) {
      const messageId = outreachId;
      const data = { messageId, conversationId: patientId, patientId, outreachId, sessionId, protocolId, score };
      await history.happened('2026-12-28T15:00:00.000Z', `conversation/${patientId}`, 'satisfaction.answered.v1', data);
    }
  };
  await happy('dana', '2026-11-28T15:00:00.000Z', 1);
  await happy('ana', '2026-12-20T15:00:00.000Z', 5);
  await happy('bea', '2026-12-20T15:00:00.000Z', 2, 4);
  await happy('cleo', '2026-12-20T15:00:00.000Z');
}

/** Answered after 10, 30 and 120 minutes; two dealt with without words; one still waits; one turned out to ask for nobody. */
async function waits(history: History): Promise<void> {
  const wants = (patient: string, at: string) => history.says(at, patient, 'soon', { answerBy: '2026-12-31T20:00:00.000Z' });
  const resolved = (patient: string, at: string) =>
    history.happened(at, `conversation/${patient}`, 'conversation.resolved.v1', { conversationId: patient, patientId: patient, by: 'desk-tan' });
  await wants('ana', '2026-11-30T15:00:00.000Z');
  await history.answers('2026-12-01T15:00:00.000Z', 'ana', 'desk-tan');
  await wants('ana', '2026-12-06T15:00:00.000Z');
  await wants('ana', '2026-12-06T15:04:00.000Z');
  await history.answers('2026-12-06T15:10:00.000Z', 'ana', 'np-reyes');
  await wants('bea', '2026-12-06T15:00:00.000Z');
  await history.answers('2026-12-06T15:00:10.000Z', 'bea', 'afterglow');
  await history.answers('2026-12-06T15:30:00.000Z', 'bea', 'desk-tan');
  await wants('cleo', '2026-12-07T15:00:00.000Z');
  await resolved('cleo', '2026-12-07T15:20:00.000Z');
  await wants('cleo', '2026-12-08T15:00:00.000Z');
  await history.answers('2026-12-08T17:00:00.000Z', 'cleo', 'desk-tan');
  await wants('dana', '2026-12-09T15:00:00.000Z');
  await history.judged('2026-12-10T15:05:00.000Z', 'eve', await wants('eve', '2026-12-10T15:00:00.000Z'), 'expected', { answerBy: null });
  const messageId = await wants('fay', '2026-12-11T15:00:00.000Z');
  const task = { taskId: 'call-fay', kind: 'message', dueAt: '2026-12-11T20:00:00.000Z', patientId: 'fay', conversationId: 'fay', messageId };
  await history.happened('2026-12-11T15:00:00.000Z', 'task/call-fay', 'task.opened.v1', task);
  await history.happened('2026-12-11T15:40:00.000Z', 'task/call-fay', 'task.completed.v1', { taskId: 'call-fay', by: 'desk-tan' });
  await history.answers('2026-12-20T15:00:00.000Z', 'fay', 'desk-tan');
}

async function messages(history: History): Promise<void> {
  await history.planned('2026-12-10T15:00:00.000Z', 'ana');
  await history.planned('2026-12-11T15:00:00.000Z', 'bea');
  await history.planned('2027-01-02T15:00:00.000Z', 'ana');
  await history.planned('2026-12-10T15:00:00.000Z', 'ana', { category: 'page', staffId: 'np-reyes', touchpoint: 'page', template: 'page' });
  const called = await history.planned('2026-12-12T15:00:00.000Z', 'cleo', { channel: 'email' });
  await history.happened('2026-12-09T15:00:00.000Z', 'outreach/cleo', 'outreach.cancelled.v1', {
    outreachId: called,
    patientId: 'cleo',
    why: 'the visit was cancelled',
  });
}

const ask = (path: string, role: (typeof roles)[number] = 'medical_director') => served.http.get(`/v1/${path}`).set('Authorization', `Bearer ${role}`);
const december = 'from=2026-12-01&to=2026-12-31';

describe('the figures of December', () => {
  test('are those counted by hand', async () => {
    const { body } = await ask(`insight?${december}`).expect(200);
    expect(body).toEqual({
      period: { from: '2026-12-01', to: '2026-12-31', timeZone: 'America/New_York' },
      sessions: {
        byStatus: { arrived: 1, booked: 1, cancelled: 1, completed: 2, no_show: 1, on_hold: 1 },
        due: 4,
        noShows: 1,
        noShowRate: 0.25,
        moves: { sessions: 2, byPatient: 1, byStaff: 1, bySchedule: 1 },
      },
      confirmations: { asked: 3, confirmed: 2, rate: 2 / 3 },
      courses: { completed: 1, underWay: 2, abandoned: 1 },
      checkIns: {
        asked: 4,
        answered: 2,
        replyRate: 0.5,
        days: [
          { protocolId, day: 1, asked: 2, answered: 1, outcomes: { expected: 1 } },
          { protocolId, day: 3, asked: 2, answered: 1, outcomes: { urgent: 1 } },
        ],
      },
      answers: { waits: 6, answered: 3, closed: 2, waiting: 1, medianMinutes: 30, p90Minutes: expect.closeTo(102, 6) },
      satisfaction: { asked: 3, answered: 2, scores: [0, 0, 0, 1, 1], mean: 4.5 },
      messages: [
        { channel: 'email', status: 'cancelled', messages: 1 },
        { channel: 'sms', status: 'planned', messages: 2 },
      ],
    });
  });

  test('are of the form that the console reads', async () => {
    const shown: Shown = await insightOf(afterglow.db, { from: '2026-12-01', to: '2026-12-31', timeZone: 'America/New_York' });
    expect(JSON.parse(JSON.stringify(shown))).toEqual((await ask(`insight?${december}`)).body);
  });

  test('name no patient, no message and no member of staff', async () => {
    const { text } = await ask(`insight?${december}`);
    const { text: table } = await ask(`insight.csv?${december}`);
    expect(text + table).not.toMatch(/\b(ana|bea|cleo|dana|eve|fay|desk-tan|np-reyes)\b|[0-9a-f]{8}-[0-9a-f]{4}-/);
  });

  test('begin and end at midnight in New York, in which daylight saving ends within a period too', async () => {
    const of = async (period: string) => ((await ask(`insight?${period}`).expect(200)).body as { sessions: { byStatus: object } }).sessions.byStatus;
    expect(await of('from=2026-11-30&to=2026-11-30')).toEqual({ completed: 1 });
    expect(await of('from=2026-12-31&to=2026-12-31')).toEqual({ cancelled: 1 });
    expect(spanOf({ from: '2026-11-01', to: '2026-11-01', timeZone: 'America/New_York' })).toEqual({
      from: new Date('2026-11-01T04:00:00Z'),
      to: new Date('2026-11-02T05:00:00Z'),
    });
  });

  test('of a period in which nothing was, are nought, and a rate of nothing is no rate', async () => {
    const { body } = await ask('insight?from=2025-01-01&to=2025-01-31').expect(200);
    expect(body).toMatchObject({
      sessions: { byStatus: {}, due: 0, noShowRate: null },
      confirmations: { asked: 0, rate: null },
      checkIns: { asked: 0, replyRate: null, days: [] },
      answers: { waits: 0, medianMinutes: null, p90Minutes: null },
      satisfaction: { asked: 0, scores: [0, 0, 0, 0, 0], mean: null },
      messages: [],
    });
  });

  test("another clinic's are not among them", async () => {
    const stranger = await serve([InsightController], { ...afterglow, db: database.open('elsewhere', 2) });
    await stranger.http.get(`/v1/insight?${december}`).set('Authorization', 'Bearer admin').expect(401);
    await stranger.close();
  });
});

describe('the table', () => {
  test('has one number a row, the same as the answer', async () => {
    const { text, headers } = await ask(`insight.csv?${december}`).expect(200);
    expect(headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': 'attachment; filename="insight-2026-12-01-2026-12-31.csv"',
    });
    const [head, ...lines] = text.split('\r\n');
    expect(head).toBe('from,to,time_zone,figure,protocol,day,channel,part,value,unit');
    expect(lines.at(-1)).toBe('');
    const period = '2026-12-01,2026-12-31,America/New_York,';
    expect(lines).toEqual(
      expect.arrayContaining([
        `${period}sessions,,,,no_show,1,sessions`,
        `${period}rates,,,,no_shows,0.25,share`,
        `${period}check-ins,${protocolId},3,,urgent,1,questions`,
        `${period}time to an answer,,,,medianMinutes,30,minutes`,
        `${period}satisfaction,,,,score 5,1,answers`,
        `${period}messages,,,sms,planned,2,messages`,
      ]),
    );
  });
});

describe('who may ask, and for what', () => {
  test.each(roles)('%s', async (role) => {
    const status = role === 'events' || role === 'front_desk' ? 403 : 200;
    await ask(`insight?${december}`, role).expect(status);
    await ask(`insight.csv?${december}`, role).expect(status);
  });

  test('nobody without a key; no period that is none, ends before it begins or is longer than two years', async () => {
    await served.http.get(`/v1/insight?${december}`).expect(401);
    for (const [period, code] of [
      ['', 'invalid_request'],
      ['from=2026-12-01', 'invalid_request'],
      ['from=2026-02-30&to=2026-12-31', 'invalid_request'],
      ['from=2026-12-02&to=2026-12-01', 'wrong_period'],
      ['from=2020-01-01&to=2026-12-01', 'wrong_period'],
    ] as const)
      expect((await ask(`insight?${period}`).expect(400)).body).toMatchObject({ code });
  });

  test('the description of the API says what is asked and what is answered', async () => {
    @Module({ controllers: [InsightController], providers: [{ provide: 'afterglow', useValue: afterglow }] })
    class Described {}
    const app = await NestFactory.create(Described, { logger: false });
    const { paths } = SwaggerModule.createDocument(app, new DocumentBuilder().build());
    await app.close();
    expect(paths['/v1/insight']?.get?.parameters).toMatchObject([{ name: 'from', required: true, schema: { format: 'date' } }, { name: 'to' }]);
    expect(paths['/v1/insight']?.get?.responses['200']).toMatchObject({
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Insight' } } },
    });
    expect(answerSchemas()['Insight']).toMatchObject({ properties: { courses: { required: ['completed', 'underWay', 'abandoned'] } } });
    expect(paths['/v1/insight.csv']?.get?.responses['200']).toMatchObject({ content: { 'text/csv': {} } });
  });
});
