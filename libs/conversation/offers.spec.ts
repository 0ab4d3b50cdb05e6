import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { JsonObject } from '#platform';
import { Conversations } from '../../test/support/conversation.js';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.js';

/* What a digit is an answer to, when what was asked about has changed meanwhile. */
let database: TestDatabase;
let stage: Conversations;

beforeAll(async () => {
  database = await createTestDatabase();
});
beforeEach(async () => {
  stage = await Conversations.open(database);
});
afterAll(async () => database.close());

const inCourse = (type: string, more: JsonObject) => stage.fact(type, 'course/c1', { sessionId: 's1', courseId: 'c1', patientId: 'ana', ...more });
const held = (reason: 'offer' | 'request', holdId: string) => inCourse('session.held.v1', { reason, holdId });
const asked = (question: 'offer' | 'confirm', outreachId: string) =>
  stage.fact('outreach.sent.v1', 'outreach/ana', {
    ...{ outreachId, patientId: 'ana', touchpoint: question === 'offer' ? 'slot-offer' : 'reminder', channel: 'sms', providerMessageId: `SM${outreachId}` },
    ...{ sentAt: stage.clock.now().toISOString(), question, sessionId: 's1', protocolId: null, day: null },
  });
const answered = async (body: string) => {
  stage.after(5);
  await stage.text(body);
  return stage.effects.map(({ type }) => type).filter((type) => type !== 'send-answer');
};

describe('an earlier time that was offered', () => {
  test('is taken by a 1, also when it is late: the patient hears whether it can still be had', async () => {
    await held('offer', 'h1');
    await asked('offer', 'o1');
    stage.after(5 * 60);
    expect(await answered('1')).toEqual(['take-offer']);
  });

  test('is not taken by a late 1 to an older offer, before the patient has seen the newer one', async () => {
    await held('offer', 'h1');
    await asked('offer', 'o1');
    stage.after(5 * 60);
    await held('offer', 'h2');
    expect(await answered('1')).toEqual([]);
    await asked('offer', 'o2');
    expect(await answered('1')).toEqual(['take-offer']);
  });

  test('stands beside a time that is held for another reason', async () => {
    await held('offer', 'h1');
    await asked('offer', 'o1');
    await held('request', 'h2');
    expect(await answered('2')).toEqual(['decline-offer']);
  });
});

describe('a visit that the patient was asked to confirm', () => {
  const [start, later] = ['2026-11-26T15:00:00.000Z', '2026-11-27T15:00:00.000Z'];
  beforeEach(async () => {
    await inCourse('session.booked.v1', { start });
    await asked('confirm', 'o1');
  });

  test('is confirmed by a 1 also when another provider has taken it over at the same time', async () => {
    await inCourse('session.rescheduled.v1', { start, previousStart: start });
    expect(await answered('1')).toEqual(['confirm-session']);
  });

  test('is not once it stands at another time', async () => {
    await inCourse('session.rescheduled.v1', { start: later, previousStart: start });
    expect(await answered('1')).toEqual([]);
  });
});
