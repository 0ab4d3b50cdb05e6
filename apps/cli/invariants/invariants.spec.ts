import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseClinic } from '#clinic';
import { projectRoot } from '#platform';
import type { OutreachRow, Outside, SessionRow, TaskRow } from '../clinic-client.js';
import { judge, type Person, type World } from './index.js';

const clinic = parseClinic(JSON.parse(readFileSync(join(projectRoot, 'libs/clinic/data/sample-clinic.json'), 'utf8')));

const session = (more: Partial<SessionRow> = {}): SessionRow => ({
  id: 's1',
  courseId: 'course',
  patientId: 'ana',
  number: 1,
  protocolId: 'microneedling.cosmetic',
  status: 'completed',
  start: '2026-12-02T15:00:00.000Z',
  end: '2026-12-02T16:00:00.000Z',
  turnoverMinutes: 15,
  providerId: 'dr-okafor',
  roomId: 'nyc-care-1',
  locationId: 'nyc',
  deviceId: null,
  because: [{ constraint: 'hours', detail: 'open' }],
  override: null,
  ...more,
});

const row = (more: Partial<OutreachRow> = {}): OutreachRow => ({
  id: 'o1',
  key: 'check-in/s1/1/sms',
  patientId: 'ana',
  touchpoint: 'check-in',
  category: 'safety',
  channel: 'sms',
  dueAt: '2026-12-03T15:00:00.000Z',
  status: 'delivered',
  sentAt: '2026-12-03T15:00:00.000Z',
  providerMessageId: 'SM1',
  why: null,
  because: 'the protocol asks on day 1',
  ...more,
});

const message = (more: Partial<Outside> = {}): Outside => ({
  n: 1,
  channel: 'sms',
  to: '+12125550001',
  body: 'How is your skin? Reply 1 for fine, 2 for worried.',
  acceptedAt: '2026-12-03T15:00:00.000Z',
  providerMessageId: 'SM1',
  validUntil: '2026-12-03T19:00:00.000Z',
  ...more,
});

const word = { at: '2026-11-23T14:00:00.000Z', channel: 'sms', scope: 'care', address: '+12125550001', granted: true } as const;

const ana: Person = {
  patientId: 'ana',
  secrets: ['Quillfeather'],
  zones: [{ from: '', timeZone: 'America/New_York' }],
  words: [word],
  texts: [{ at: '2026-12-03T16:00:00.000Z', from: '+12125550001', body: 'there is pus', atLeast: 'urgent' }],
  treatedElsewhere: [],
  pregnantSince: null,
  erasedAt: null,
};

const heard = (more: Partial<World['heard'][number]> = {}): World['heard'][number] => ({
  patientId: 'ana',
  direction: 'in',
  body: 'there is pus',
  at: '2026-12-03T16:00:00.000Z',
  triage: { urgency: 'urgent', codes: ['pus_discharge'] },
  ...more,
});

const page = row({
  id: 'o2',
  key: 'page/t1/0/1/np-reyes',
  patientId: 'ana',
  touchpoint: 'page',
  category: 'page',
  dueAt: '2026-12-03T16:00:00.000Z',
  providerMessageId: 'SM2',
});
const task = (more: Partial<TaskRow> = {}): TaskRow => ({
  id: 't1',
  kind: 'escalation',
  why: 'urgent reply',
  status: 'done',
  dueAt: '2026-12-03T16:00:00.000Z',
  patientId: 'ana',
  outreachId: null,
  openedAt: '2026-12-03T16:00:00.000Z',
  acknowledgedAt: '2026-12-03T16:02:00.000Z',
  ...more,
});

/** A small world in which everything is as it should be. */
const sound: World = {
  clinic,
  now: new Date('2026-12-20T15:00:00.000Z'),
  people: [ana],
  sightings: [],
  sessions: [session()],
  outreach: [row(), page],
  outside: [message(), message({ n: 2, to: '+18385550102', body: 'a reply needs you', providerMessageId: 'SM2', acceptedAt: '2026-12-03T16:00:00.000Z' })],
  transmitted: [{ sid: 'SM1', to: '+12125550001', sentAt: '2026-12-03T15:00:00.000Z' }],
  tasks: [task()],
  heard: [heard()],
  intervals: new Map([['microneedling.cosmetic', 28]]),
  records: { events: 1, looks: 1, broken: [], leaks: [], traces: [], unexplained: [] },
};

const broken = (world: World): number[] => [...new Set(judge(world).flatMap(({ invariant, violations }) => (violations.length > 0 ? [invariant] : [])))];
const saidOf = (more: Partial<World>) => judge({ ...sound, ...more }).flatMap(({ violations }) => violations.map(({ says }) => says));
const person = (more: Partial<Person>) => ({ people: [{ ...ana, ...more }] });
const night = '2026-12-04T03:00:00.000Z';
const later = session({ id: 's2', number: 2, status: 'booked', start: '2027-01-06T15:00:00.000Z', end: '2027-01-06T16:00:00.000Z' });

describe('a world in which everything is as it should be', () => {
  test('breaks no invariant, and each was looked at', () => {
    expect(judge(sound).flatMap(({ violations }) => violations)).toEqual([]);
    expect(new Set(judge(sound).map(({ invariant }) => invariant))).toEqual(new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]));
  });
});

describe('a world with one thing wrong breaks just that invariant', () => {
  const cases: readonly (readonly [string, number, Partial<World>])[] = [
    [
      'a provider in two sessions',
      1,
      {
        sessions: [
          session(),
          session({ id: 's2', patientId: 'ben', roomId: 'nyc-care-2', start: '2026-12-02T15:45:00.000Z', end: '2026-12-02T16:45:00.000Z' }),
        ],
      },
    ],
    [
      'a room that is not turned over yet',
      1,
      {
        sessions: [
          session(),
          session({ id: 's2', patientId: 'ben', providerId: 'np-reyes', start: '2026-12-02T16:10:00.000Z', end: '2026-12-02T17:10:00.000Z' }),
        ],
      },
    ],
    [
      'a session while a gate is open',
      2,
      { sightings: [{ at: '2026-12-05T15:00:00.000Z', sessions: [later], openGates: new Map([['course', ['consent']]]) }], sessions: [session(), later] },
    ],
    ['a session of a pregnant patient', 2, { ...person({ pregnantSince: '2026-12-04T15:00:00.000Z' }), sessions: [session(), later] }],
    ['a session on hold that nobody was told of', 2, { sessions: [session(), { ...later, patientId: 'ben', status: 'on_hold' }] }],
    ['an interval that is too short', 3, { sessions: [session(), { ...later, start: '2026-12-23T15:00:00.000Z', end: '2026-12-23T16:00:00.000Z' }] }],
    [
      'a treatment elsewhere too short before',
      3,
      person({ treatedElsewhere: [{ protocolId: 'laser_ablative.full_field_co2', on: '2026-12-01', toldAt: '2026-12-01T15:00:00.000Z' }] }),
    ],
    [
      'a provider without a certificate',
      4,
      { sessions: [session({ providerId: 'ae-lindqvist', start: '2027-05-05T15:00:00.000Z', end: '2027-05-05T16:00:00.000Z' })] },
    ],
    ['a row that never ends', 5, { outreach: [row(), page, row({ id: 'o3', status: 'in_doubt', providerMessageId: null, sentAt: null })] }],
    ['a message twice', 5, { outside: [...sound.outside, message({ n: 3 })] }],
    [
      'the same words twice under another name',
      5,
      {
        outreach: [...sound.outreach, row({ id: 'o3', providerMessageId: 'SM3', sentAt: null })],
        outside: [...sound.outside, message({ n: 3, providerMessageId: 'SM3', acceptedAt: '2026-12-03T15:10:00.000Z' })],
      },
    ],
    ['a message that no ledger knows', 5, { outside: [...sound.outside, message({ n: 3, body: 'other', providerMessageId: 'SM9' })] }],
    ['a row called sent that never left', 5, { outreach: [...sound.outreach, row({ id: 'o3', providerMessageId: 'SM3', sentAt: null })] }],
    [
      'a missed check-in that nobody was told of',
      5,
      { outreach: [...sound.outreach, row({ id: 'o3', status: 'missed', providerMessageId: null, sentAt: null })] },
    ],
    [
      'more texts than the caps',
      5,
      {
        outreach: [...sound.outreach, row({ id: 'o3', providerMessageId: 'SM3' })],
        outside: [...sound.outside, message({ n: 3, body: 'other', providerMessageId: 'SM3' })],
      },
    ],
    ['a text handed over at night', 6, { outside: [message({ acceptedAt: night, validUntil: undefined }), ...sound.outside.slice(1)] }],
    ['a text that may be transmitted at night', 6, { outside: [message({ validUntil: night }), ...sound.outside.slice(1)] }],
    ['a text that was transmitted at night', 6, { transmitted: [{ sid: 'SM1', to: '+12125550001', sentAt: night }] }],
    [
      'a text at the night of where the patient lives',
      6,
      person({
        zones: [
          { from: '', timeZone: 'America/Los_Angeles' },
          { from: '2026-12-01', timeZone: 'Asia/Tokyo' },
        ],
      }),
    ],
    ['a text without consent', 7, person({ words: [{ ...word, granted: false }] })],
    ['a text after a STOP and its confirmation', 7, person({ words: [word, { ...word, at: '2026-12-03T14:00:00.000Z', granted: false }] })],
    [
      'a check-in that was silenced',
      7,
      { outreach: [...sound.outreach, row({ id: 'o3', status: 'cancelled', why: 'consent withdrawn', providerMessageId: null, sentAt: null })] },
    ],
    ['a text that is in no conversation', 8, { heard: [] }],
    ['an urgent text that paged nobody', 8, { outreach: [row(), { ...page, dueAt: '2026-12-03T16:02:00.000Z' }] }],
    ['an escalation that did not climb', 8, { tasks: [task({ acknowledgedAt: '2026-12-03T16:30:00.000Z' })] }],
    ['an infection read as thanks', 9, { heard: [heard({ triage: { urgency: 'administrative', codes: [] } })] }],
    ['a text that tells to stop a medicine', 10, { outside: [message({ body: 'Stop taking your medication.' }), ...sound.outside.slice(1)] }],
    ['a text with a hole', 10, { outside: [message({ body: 'Hello {{ name }}' }), ...sound.outside.slice(1)] }],
    ['a text that names the procedure', 11, { outside: [message({ body: 'How is your skin after the laser?' }), ...sound.outside.slice(1)] }],
    ['a text with a surname', 11, { outside: [message({ body: 'Hello Ms Quillfeather' }), ...sound.outside.slice(1)] }],
    ['a job with a name', 11, { records: { ...sound.records, leaks: ['a job'] } }],
    ['a broken log', 12, { records: { ...sound.records, broken: ['the log'] } }],
    ['a trace of an erased patient', 13, { records: { ...sound.records, traces: ['a table'] } }],
    ['a booking without a reason', 14, { records: { ...sound.records, unexplained: ['s1'] } }],
  ];

  test.each(cases)('%s (invariant %i)', (_what, invariant, wrong) => {
    expect(broken({ ...sound, ...wrong })).toEqual([invariant]);
  });
});

describe('what looks wrong and is not', () => {
  test('a withdrawal is confirmed once, and only once (invariant 7)', () => {
    const stopped = person({
      words: [word, { ...word, at: '2026-12-05T15:00:00.000Z', granted: false }],
      texts: [...ana.texts, { at: '2026-12-05T15:00:00.000Z', from: '+12125550001', body: 'STOP' }],
    });
    const both = [...sound.heard, heard({ body: 'STOP', at: '2026-12-05T15:00:00.000Z', triage: { urgency: 'administrative', codes: [] } })];
    const confirmation = (n: number) =>
      message({ n, body: 'You will get no more.', providerMessageId: `auto-${n}`, acceptedAt: '2026-12-05T15:00:01.000Z', automatic: true });
    expect(saidOf({ ...stopped, heard: both, outside: [...sound.outside, confirmation(3)] })).toEqual([]);
    expect(saidOf({ ...stopped, heard: both, outside: [...sound.outside, confirmation(3), confirmation(4)] })).toEqual([
      expect.stringContaining('message 4 left after'),
    ]);
  });

  test('a message that could not be proved accounts for one at the carrier, not for two (invariant 5)', () => {
    const doubtful = row({ id: 'o3', status: 'unproven', providerMessageId: null, sentAt: null });
    const told = [task(), task({ id: 't2', kind: 'review', outreachId: 'o3' })];
    const stray = (n: number) => message({ n, body: `words ${n}`, providerMessageId: `SM${n}`, acceptedAt: '2026-12-04T15:00:00.000Z', validUntil: undefined });
    expect(saidOf({ outreach: [...sound.outreach, doubtful], tasks: told, outside: [...sound.outside, stray(3)] })).toEqual([]);
    expect(saidOf({ outreach: [...sound.outreach, doubtful], tasks: told, outside: [...sound.outside, stray(3), stray(4)] })).toEqual([
      'message 4 reached the outside and stands in no ledger',
    ]);
  });
});
