import { describe, expect, test } from '@jest/globals';
import type { RecordedEvent } from '#event-store';
import type { JsonObject } from '#platform';
import type { OutreachEventType } from './events.js';
import { effectsAfter } from './policies.js';

const at = '2026-12-14T15:00:00.000Z';
const about = { outreachId: '018f0000-0000-7000-8000-000000000001', patientId: 'p-1', sessionId: 's-1', touchpoint: 'reminder', channel: 'sms' };
const event = (type: OutreachEventType, data: JsonObject): RecordedEvent => ({
  position: 1,
  stream: 'outreach/p-1',
  version: 1,
  id: 'e-1',
  type,
  data: { ...about, category: 'reminder', why: 'no', ...data },
  erased: false,
  patientId: 'p-1',
  meta: {},
  occurredAt: new Date(at),
  recordedAt: new Date(at),
});
const missed = (data: JsonObject) => effectsAfter(event('outreach.missed.v1', data));
const failed = (data: JsonObject) =>
  effectsAfter(event('outreach.failed.v1', { code: '', ...data }))
    .map(({ effect }) => effect)
    .slice(1);

describe('whoever has to call', () => {
  test.each([
    ['in eight hours', undefined, '2026-12-14T23:00:00.000Z'],
    ['an hour before a visit that comes sooner', '2026-12-14T20:00:00.000Z', '2026-12-14T19:00:00.000Z'],
    ['in eight hours, when the visit is far', '2026-12-20T20:00:00.000Z', '2026-12-14T23:00:00.000Z'],
    ['at once, when it is nearer than an hour', '2026-12-14T15:30:00.000Z', at],
    ['in eight hours about a visit that was missed', '2026-12-14T12:00:00.000Z', '2026-12-14T23:00:00.000Z'],
  ])('calls %s (invariant 5)', (_when, visitAt, dueAt) => {
    expect(missed(visitAt === undefined ? {} : { visitAt })).toEqual([expect.objectContaining({ effect: 'open-task', kind: 'call', dueAt })]);
  });

  test('calls within four hours for a check-in, and has a day to look at the rest', () => {
    const dueOf = (category: string) => missed({ category }).map((effect) => ('dueAt' in effect ? effect.dueAt : ''));
    expect(dueOf('safety')).toEqual(['2026-12-14T19:00:00.000Z']);
    expect(dueOf('survey')).toEqual(['2026-12-15T15:00:00.000Z']);
  });
});

describe('a refusal as a word on the address (invariant 7)', () => {
  test.each([
    ['opted out', { reason: 'opted-out', code: '21610' }, ['withdraw-consent']],
    ['no number at all', { reason: 'bad-address', code: '21211' }, ['suppress-address']],
    ['no mobile', { reason: 'bad-address', code: '21614' }, ['suppress-address']],
    ['a phone that may come back', { reason: 'bad-address', code: '30005' }, []],
    ['no such mailbox', { channel: 'email', reason: 'bad-address', code: '550' }, ['suppress-address']],
    ['a letter that was blocked', { channel: 'email', reason: 'blocked', code: '550' }, []],
    ["of a page, which goes to staff and says nothing of the patient's", { category: 'page', reason: 'opted-out', code: '21610' }, []],
  ])('%s', (_name, data, expected) => expect(failed(data)).toEqual(expected));
});

describe('a channel that refuses our account', () => {
  const deferred = (data: JsonObject) => effectsAfter(event('outreach.deferred.v1', { until: at, ...data }));
  test('is told to a person at the first message, once a day and channel', () => {
    const [first, again, other] = [deferred({ account: 'sms' }), deferred({ account: 'sms' }), deferred({ account: 'email' })];
    expect(first).toEqual([expect.objectContaining({ effect: 'open-task', kind: 'review', dueAt: '2026-12-14T16:00:00.000Z' })]);
    expect(again).toEqual(first);
    expect(other[0]).not.toMatchObject({ taskId: first[0]?.effect === 'open-task' ? first[0].taskId : '' });
  });
  test('a message that is only put off is nobody’s task', () => expect(deferred({})).toEqual([]));
});
