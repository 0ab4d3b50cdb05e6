import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseClinic } from '#clinic';
import { projectRoot } from '#platform';
import { protocolIds } from '#protocols';
import { decideReply, type Incoming, type OpenQuestion, type Situation, threadTo } from './decider.js';
import { nextRepeat } from './ladder.js';
import { afterOpenMinutes } from './opening-hours.js';
import { atLeast, triage } from './triage/index.js';

const clinic = parseClinic(JSON.parse(readFileSync(join(projectRoot, 'libs/clinic/data/sample-clinic.json'), 'utf8')));
const at = new Date('2026-11-24T15:00:00Z');
const incoming = (body: string, more: Partial<Incoming> = {}): Incoming => ({
  messageId: '00000000-0000-8000-8000-000000000001',
  conversationId: 'ana',
  patientId: 'ana',
  patientIds: ['ana'],
  channel: 'sms',
  outreachId: null,
  body,
  hasMedia: false,
  at,
  ...more,
});
const question = (outreachId: string, kind: 'check-in' | 'confirm', sessionId = 's1', answered = false): OpenQuestion => ({
  outreachId,
  question: kind,
  sessionId,
  protocolId: 'ipl_bbl.standard',
  day: 1,
  patientId: 'ana',
  answered,
});
const situation = (more: Partial<Situation> = {}): Situation => ({ clinic, contexts: [], questions: [], hasUpcomingSession: false, stopped: false, ...more });

const body = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom(
    'STOP',
    'pus',
    'no fever',
    '1',
    '2',
    '3',
    'thanks',
    'START',
    'HELP',
    "can't breathe",
    'no me manden más mensajes',
    'peeling',
    'where do I park',
    'what if it blisters',
    'leave me alone, I have a fever',
  ),
);
const questions = fc.uniqueArray(
  fc.constantFrom(question('o1', 'check-in'), question('o2', 'confirm', 's2'), question('o3', 'check-in', 's3'), question('o4', 'check-in', 's1', true)),
);
const contexts = fc.array(fc.record({ protocolId: fc.constantFrom(...protocolIds), day: fc.integer({ min: 0, max: 60 }) }), { maxLength: 2 });
const anything = fc.record({ questions, contexts, hasUpcomingSession: fc.boolean(), stopped: fc.boolean() });

describe('the language of an answer', () => {
  test.each([
    ['3', undefined],
    ['Fin', undefined],
    ['me duele mucho y tengo fiebre', 'es'],
    ['it hurts and I have a fever', 'en'],
  ])('to "%s" is %s: a text that does not say which leaves it to the patient\'s own', (text, language) => {
    const { effects } = decideReply(incoming(text), situation({ questions: [question('o1', 'check-in')] }));
    const [answered] = effects.flatMap((effect) => (effect.type === 'send-answer' ? [effect] : []));
    expect(answered?.language).toBe(language);
    expect(answered).toBeDefined();
  });
});

describe('whatever comes in', () => {
  test('a stopped thread hears nothing, except that it is open again (invariant 7)', () => {
    fc.assert(
      fc.property(body, anything, (text, given) => {
        const { effects, wish } = decideReply(incoming(text), situation({ ...given, stopped: true }));
        expect(effects.filter(({ type }) => type === 'send-answer')).toHaveLength(wish === 'start' ? 1 : 0);
      }),
    );
  });

  test("emergency and urgent always open an escalation with the clinic's whole ladder, due now (invariant 8)", () => {
    fc.assert(
      fc.property(body, anything, (text, given) => {
        const decision = decideReply(incoming(text), situation(given));
        const escalations = decision.tasks.filter(({ kind }) => kind === 'escalation');
        expect(escalations).toHaveLength(atLeast(decision.triage.urgency, 'urgent') ? 1 : 0);
        for (const { ladder, dueAt } of escalations) expect([ladder, dueAt]).toEqual([clinic.escalation, at]);
      }),
    );
  });

  test('open questions and their digits never lower what the text says (invariant 9)', () => {
    fc.assert(
      fc.property(fc.constantFrom('pus', '1 but there is pus', 'no fever', "I can't see"), anything, (text, given) => {
        const { triage: judged } = decideReply(incoming(text), situation(given));
        expect(atLeast(judged.urgency, triage(text.replace('1 but ', ''), given.contexts).urgency)).toBe(true);
      }),
    );
  });

  test('soon is seen by a person, a withdrawal under care becomes a call, and an answer goes out at most once', () => {
    fc.assert(
      fc.property(body, anything, (text, given) => {
        const { triage: judged, tasks, effects, wish } = decideReply(incoming(text), situation(given));
        if (judged.urgency === 'soon') expect(tasks.map(({ kind }) => kind)).toContain('review');
        if (wish === 'stop' && (given.contexts.length > 0 || given.hasUpcomingSession)) expect(tasks.map(({ kind }) => kind)).toContain('call');
        expect(effects.filter(({ type }) => type === 'send-answer').length).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('decided again it is the same, ids included', () => {
    fc.assert(
      fc.property(body, anything, (text, given) => {
        expect(decideReply(incoming(text), situation(given))).toEqual(decideReply(incoming(text), situation(given)));
      }),
    );
  });
});

describe('the question that is answered', () => {
  const [checkIn, confirm] = [question('o1', 'check-in'), question('o2', 'confirm', 's2')];

  test('words go to the newest', () => {
    expect(threadTo(incoming('peeling'), [checkIn, confirm])).toEqual({ questions: [checkIn], ambiguous: false });
  });

  test('a digit that only one of them knows is its', () => {
    expect(threadTo(incoming('3'), [confirm, checkIn])).toEqual({ questions: [checkIn], ambiguous: false });
  });

  test('a digit that both know is ambiguous, until one of them is answered', () => {
    expect(threadTo(incoming(' 1️⃣ '), [checkIn, confirm]).ambiguous).toBe(true);
    expect(threadTo(incoming('1'), [{ ...checkIn, answered: true }, confirm])).toEqual({ questions: [confirm], ambiguous: false });
  });

  test('a second check-in of the same session takes the place of the first', () => {
    expect(threadTo(incoming('1'), [question('o5', 'check-in'), checkIn])).toMatchObject({ questions: [{ outreachId: 'o5' }], ambiguous: false });
  });

  test('a change of mind goes to the question that was answered', () => {
    expect(threadTo(incoming('3'), [{ ...checkIn, answered: true }]).questions).toHaveLength(1);
  });

  test('a page behind a link names its own question', () => {
    expect(threadTo(incoming('1', { channel: 'web', outreachId: 'o2' }), [checkIn, confirm])).toEqual({ questions: [confirm], ambiguous: false });
  });
});

describe('hours', () => {
  test.each([
    ['2026-11-24T15:00:00Z', 240, '2026-11-24T19:00:00.000Z', 'within the day'],
    ['2026-11-24T22:00:00Z', 240, '2026-11-25T16:00:00.000Z', 'over the night: two hours then, two the next morning'],
    ['2026-11-25T23:00:00Z', 240, '2026-11-27T17:00:00.000Z', 'over a closed holiday'],
    ['2026-11-28T20:00:00Z', 120, '2026-11-30T15:00:00.000Z', 'over a Sunday'],
  ])('from %s, %i opening minutes end at %s: %s', (from, minutes, until) => {
    expect(afterOpenMinutes(clinic, new Date(from), minutes).toISOString()).toBe(until);
  });

  test('the last rung is paged every ten minutes, after four hours every hour', () => {
    const later = (minutes: number) => new Date(at.getTime() + minutes * 60_000);
    expect(nextRepeat(at, later(30))).toEqual(later(40));
    expect(nextRepeat(at, later(300))).toEqual(later(360));
  });
});
