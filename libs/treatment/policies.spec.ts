import { expect, test } from '@jest/globals';
import type { RecordedEvent } from '#event-store';
import type { Json } from '#platform';
import { tasksAfter } from './policies.js';

const ids = { courseId: 'course-1', patientId: 'p-1', sessionId: 's-1' };
const recorded = (type: string, data: Record<string, Json>): RecordedEvent => ({
  position: 1,
  stream: 'course/course-1',
  version: 1,
  id: '0192d4a0-0000-7000-8000-000000000001',
  type,
  data: { ...ids, ...data },
  erased: false,
  patientId: 'p-1',
  meta: {},
  occurredAt: new Date('2026-12-01T10:00:00Z'),
  recordedAt: new Date('2026-12-01T10:00:00Z'),
});

test.each([
  ['session.no-show.v1', {}, 'desk', '2026-12-02T10:00:00.000Z'],
  ['session.reschedule-requested.v1', { by: 'patient' }, 'desk', '2026-12-02T10:00:00.000Z'],
  ['session.cancelled.v1', { by: 'patient', reason: 'no time' }, 'desk', '2026-12-02T10:00:00.000Z'],
  ['session.put-on-hold.v1', { gate: 'contraindications', why: 'is pregnant' }, 'clinician-review', '2026-12-02T10:00:00.000Z'],
  ['session.put-on-hold.v1', { gate: 'window', why: 'a wedding' }, 'desk', '2026-12-02T10:00:00.000Z'],
  ['session.interval-exceeded.v1', { latest: '2027-01-12T05:00:00.000Z' }, 'desk', '2026-12-02T10:00:00.000Z'],
  ['session.adverse-reaction-recorded.v1', { codes: ['blistering'], severity: 'severe' }, 'clinician-review', '2026-12-01T11:00:00.000Z'],
  ['session.adverse-reaction-recorded.v1', { codes: ['redness'], severity: 'mild' }, 'clinician-review', '2026-12-03T10:00:00.000Z'],
])('%s asks a person (%j)', (type, data, kind, dueAt) => {
  const event = recorded(type, data);
  expect(tasksAfter(event)).toEqual([expect.objectContaining({ kind, dueAt, patientId: 'p-1', sessionId: 's-1' })]);
  expect(tasksAfter(event)).toEqual(tasksAfter(event));
});

test.each([
  ['session.arrived.v1', {}],
  ['session.cancelled.v1', { by: 'clinic', reason: 'another plan took its place' }],
  ['session.put-on-hold.v1', { gate: 'adverse_reaction', why: 'moderate reaction' }],
  ['outreach.sent.v1', { outreachId: 'o-1' }],
])('%s asks nobody (%j)', (type, data) => {
  expect(tasksAfter(recorded(type, data))).toEqual([]);
});
