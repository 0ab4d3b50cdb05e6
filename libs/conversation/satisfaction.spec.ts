import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseClinic } from '#clinic';
import { projectRoot } from '#platform';
import { decideReply, type Incoming, type OpenQuestion, type Situation } from './decider.js';

const clinic = parseClinic(JSON.parse(readFileSync(join(projectRoot, 'libs/clinic/data/sample-clinic.json'), 'utf8')));
const incoming = (body: string): Incoming => ({
  messageId: '00000000-0000-8000-8000-000000000001',
  conversationId: 'ana',
  patientId: 'ana',
  patientIds: ['ana'],
  channel: 'sms',
  outreachId: null,
  body,
  hasMedia: false,
  at: new Date('2026-11-24T15:00:00Z'),
});
const question = (kind: OpenQuestion['question'], answered = false): OpenQuestion => ({
  outreachId: `o-${kind}`,
  question: kind,
  sessionId: 's1',
  protocolId: kind === 'check-in' ? 'ipl_bbl.standard' : null,
  day: kind === 'check-in' ? 16 : null,
  patientId: 'ana',
  answered,
});
const reply = (body: string, asked: readonly OpenQuestion[], contexts: Situation['contexts'] = []) =>
  decideReply(incoming(body), { clinic, contexts, questions: asked, hasUpcomingSession: true, stopped: false });
const satisfied = [question('satisfaction')];

describe('an answer from 1 to 5', () => {
  test.each([
    ['2', 2],
    ['5!', 5],
    ['Four', 4],
    ['cinco', 5],
    ['4/5', 4],
    ['3 out of 5', 3],
    ['5 stars', 5],
    ['2, the wait was long', 2],
    ['1. nobody called me back', 1],
  ])('"%s" is a %d and nothing else: no other time, no "not sure"', (text, score) => {
    const { satisfaction, effects, triage } = reply(text, satisfied);
    expect(satisfaction).toEqual({ score });
    expect(effects.filter(({ type }) => type !== 'send-answer')).toEqual([]);
    expect(triage.rules).toContain(`digit:satisfaction:${score}`);
  });

  test.each([['2 weeks ago it was better'], ['10'], ['1 2'], ['it was lovely']])('"%s" is no score', (text) => {
    expect(reply(text, satisfied).satisfaction).toEqual({ score: null });
  });

  test('a low score is asked for its why and shown to a person; a high one is thanked for', () => {
    const of = (text: string) => {
      const { effects, tasks } = reply(text, satisfied);
      return [effects.flatMap((effect) => (effect.type === 'send-answer' ? effect.template : [])), tasks.map(({ why }) => why)];
    };
    expect(of('2')).toEqual([['satisfaction.why'], ['a patient gave us 2 of 5']]);
    expect(of('5')).toEqual([['satisfaction.thanks'], []]);
  });

  test('under another question the same digit means what that question asked', () => {
    expect(reply('2', [question('confirm')]).effects.map(({ type }) => type)).toContain('request-reschedule');
    expect(reply('2', [question('check-in')]).triage.rules).toContain('digit:check-in:2');
    for (const asked of ['confirm', 'check-in'] as const) expect(reply('2', [question(asked)]).satisfaction).toBeNull();
  });

  test('4 and 5 answer the only question that has them; a digit that two questions have is asked about, and weighs the graver (invariant 9)', () => {
    const both = [question('check-in'), question('satisfaction')];
    expect(reply('5', both).satisfaction).toEqual({ score: 5 });
    const { ambiguous, satisfaction, triage, effects } = reply('2', [question('confirm'), question('satisfaction')]);
    expect([ambiguous, satisfaction, triage.urgency]).toEqual([true, null, 'ask']);
    expect(effects).toEqual([expect.objectContaining({ template: 'ask.which_question' })]);
    expect(reply('2', both).triage.urgency).toBe('soon');
  });

  test('a second digit is no second score, and words go to an open check-in first', () => {
    expect(reply('3', [question('satisfaction', true)]).questions).toEqual([]);
    expect(reply('still a little red', [question('satisfaction'), question('check-in')]).questions.map((asked) => asked.question)).toEqual(['check-in']);
  });

  test('a link that is opened again gives no second score and no second task', () => {
    const { satisfaction, tasks } = decideReply(
      { ...incoming('1, the wait was long'), channel: 'web', outreachId: 'o-satisfaction' },
      { clinic, contexts: [], questions: [question('satisfaction', true)], hasUpcomingSession: false, stopped: false },
    );
    expect([satisfaction, tasks]).toEqual([{ score: null }, []]);
  });

  test('words after the score are its why, and are judged like any text (invariant 9)', () => {
    const asked = [question('satisfaction', true)];
    expect(reply('the front desk was not kind to me', asked).satisfaction).toEqual({ score: null });
    const { satisfaction, triage, tasks } = reply('there is pus and I have a fever', asked, [{ protocolId: 'ipl_bbl.standard', day: 16 }]);
    expect(satisfaction).toEqual({ score: null });
    expect(triage.urgency).toBe('urgent');
    expect(tasks.map(({ kind }) => kind)).toContain('escalation');
    expect(reply('2 there is pus', satisfied, [{ protocolId: 'ipl_bbl.standard', day: 3 }]).triage.urgency).toBe('urgent');
  });
});
