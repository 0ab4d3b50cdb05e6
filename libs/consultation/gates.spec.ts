import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { RecordedEvent } from '#event-store';
import { deterministicId, type JsonObject } from '#platform';
import { activate, noFacts, type PatientFacts, sampleFigures, sampleProtocols } from '#protocols';
import { foldConsultation, statusOf } from './decider.js';
import { decideCourse, type GateName, judgeGates, patchWaits } from './gates.js';

const protocols = new Map(sampleProtocols.map((id) => [id, activate(id, sampleFigures(id), 1)]));
const peel = 'chemical_peel.superficial';

let position = 0;
function event(minute: number, step: string, data: JsonObject = {}): RecordedEvent {
  position += 1;
  const occurredAt = new Date(Date.parse('2026-11-23T14:00:00Z') + minute * 60_000);
  return {
    position,
    version: position,
    stream: 'consultation/c',
    id: deterministicId('gates', position),
    type: `consultation.${step}.v1`,
    erased: false,
    patientId: 'p',
    data: { consultationId: 'c', patientId: 'p', ...data },
    meta: { sourceId: `e-${position}` },
    occurredAt,
    recordedAt: occurredAt,
  };
}

const plan = (minute: number, planId = 'plan-1', protocolId = peel, sessions = 3) =>
  event(minute, 'plan-proposed', { planId, providerId: 'dr-okafor', items: [{ protocolId, sessions }] });
const consent = (minute: number, planId = 'plan-1') =>
  event(minute, 'consent-signed', { planId, documentVersion: '2026-09', acknowledged: [], signedAt: '2026-11-23T15:00:00Z' });
const decision = (minute: number, decided: string, planId = 'plan-1') => event(minute, 'decision-made', { decision: decided, planId });
/** Everything that opens every gate. */
const whole = (): RecordedEvent[] => [
  event(1, 'started', { providerId: 'dr-okafor', locationId: 'nyc' }),
  event(2, 'history-reviewed', { providerId: 'dr-okafor' }),
  event(3, 'skin-assessed', { providerId: 'dr-okafor', fitzpatrick: 'II' }),
  plan(4),
  event(5, 'education-delivered', { topics: [] }),
  decision(10, 'proceed'),
  consent(11),
];

interface Circumstances {
  readonly facts?: Partial<PatientFacts>;
  readonly patchTests?: readonly string[];
}
function judge(events: readonly RecordedEvent[], { facts = {}, patchTests = [] }: Circumstances = {}) {
  const state = foldConsultation(events);
  const gates = judgeGates(state, { facts: { ...noFacts, ...facts }, protocols, today: '2026-11-23', patchTests });
  const of = (name: GateName) => gates.find(({ gate }) => gate === name)?.met;
  return { state, gates, of, decision: decideCourse(state, gates) };
}

describe('the gates (invariant 2)', () => {
  test('a whole consultation opens its course, not before the last fact that opened a gate', () => {
    const { gates, decision: decided } = judge(whole());
    expect(gates.map(({ met }) => met)).toEqual(['met', 'met', 'met', 'met', 'waived', 'met', 'met', 'waived']);
    expect(decided).toMatchObject({ kind: 'open', plan: { planId: 'plan-1' }, notBefore: '2026-11-23T14:11:00.000Z' });
  });

  test.each([
    ['history-reviewed', 'assessment'],
    ['skin-assessed', 'assessment'],
    ['plan-proposed', 'plan'],
    ['education-delivered', 'education'],
    ['decision-made', 'consent'],
    ['consent-signed', 'consent'],
  ])('without %s the gate %s stays closed', (step, gate) => {
    const { decision: decided, of } = judge(whole().filter(({ type }) => type !== `consultation.${step}.v1`));
    expect(of(gate as GateName)).toBe('unmet');
    expect(decided.kind).toBe('hold');
  });

  test('a question is open until it is answered, also when the answer came first', () => {
    const asked = event(6, 'question-asked', { questionId: 'q', text: '?' });
    expect(judge([...whole(), asked]).of('questions')).toBe('unmet');
    expect(judge([event(7, 'question-answered', { questionId: 'q', text: '!' }), ...whole(), asked]).of('questions')).toBe('met');
  });

  test('a new plan needs its own decision and consent; the first that was agreed to does not count for it', () => {
    const replaced = [...whole(), plan(20, 'plan-2', 'ipl_bbl.standard')];
    expect(judge(replaced).of('consent')).toBe('unmet');
    expect(judge([...replaced, decision(21, 'proceed', 'plan-2'), consent(22, 'plan-2')]).decision).toMatchObject({ kind: 'open', plan: { planId: 'plan-2' } });
  });

  test('a plan that was changed under its own id has to be agreed to again; the same one said twice has not', () => {
    expect(judge([...whole(), plan(20)]).of('consent')).toBe('met');
    const changed = [...whole(), plan(20, 'plan-1', peel, 6)];
    expect(judge(changed).of('consent')).toBe('unmet');
    expect(judge([...changed, decision(21, 'proceed'), consent(22)]).of('consent')).toBe('met');
  });

  test('the last decision holds: declined and deferred are ends, and a later proceed opens again', () => {
    const declined = judge([...whole(), decision(20, 'declined')]);
    expect([declined.of('consent'), statusOf(declined.state, false)]).toEqual(['unmet', 'declined']);
    const deferred = judge([decision(9, 'deferred'), ...whole()]);
    expect(deferred.of('consent')).toBe('met');
  });

  test('a deposit is waived unless asked for, and counts only in its own currency', () => {
    const estimate = event(6, 'estimate-presented', { currency: 'USD', lines: [], depositRequired: 10_000 });
    const paid = (amount: number, currency: string) => event(12, 'deposit-paid', { amount, currency });
    expect(judge([...whole(), estimate]).of('deposit')).toBe('unmet');
    expect(judge([...whole(), estimate, paid(10_000, 'EUR'), paid(4_000, 'USD')]).of('deposit')).toBe('unmet');
    expect(judge([paid(6_000, 'USD'), ...whole(), estimate, paid(4_000, 'USD')]).of('deposit')).toBe('met');
  });

  test('a protocol that is not in force closes the plan', () => {
    const deep = whole().map((one) => (one.type.includes('plan-proposed') ? plan(4, 'plan-1', 'chemical_peel.deep') : one));
    expect(judge(deep).of('plan')).toBe('unmet');
  });

  test('contraindications: hard ones close, soft ones until cleared, and a fact that comes later closes again', () => {
    const pregnant = { facts: { pregnant: true } };
    expect(judge(whole(), pregnant).of('contraindications')).toBe('unmet');
    const cleared = { facts: { pregnant: true, clearances: ['pregnancy', 'pregnancy_salicylic_or_tca'].map((code) => ({ code, by: 'dr-okafor' })) } };
    expect(judge(whole(), cleared).of('contraindications')).toBe('met');
    expect(
      judge(whole(), { facts: { conditions: ['open_wound_dermatitis'], clearances: [{ code: 'open_wound_dermatitis', by: 'dr-okafor' }] } }).of(
        'contraindications',
      ),
    ).toBe('unmet');
  });
});

describe('patch tests', () => {
  const required = event(6, 'patch-test-required', { protocolId: peel });
  const performed = (minute: number, at: string) => event(minute, 'patch-test-performed', { protocolId: peel, at });
  const read = (minute: number, at: string, result: string) => event(minute, 'patch-test-read', { protocolId: peel, at, result });
  const met = (events: readonly RecordedEvent[], circumstances: Circumstances = {}) => judge([...whole(), ...events], circumstances).of('patch_test');

  test('are waived unless an event or the clinic asks for them', () => {
    expect(met([])).toBe('waived');
    expect(met([required])).toBe('unmet');
    expect(met([], { patchTests: ['chemical_peel.*'] })).toBe('unmet');
    expect(met([event(9, 'patch-test-waived', { protocolId: peel, reason: 'same agent in May' })], { patchTests: ['*'] })).toBe('waived');
  });

  test('the later word on the need holds', () => {
    expect(met([event(5, 'patch-test-waived', { protocolId: peel }), required])).toBe('unmet');
  });

  test('open when read clear, close on a reaction, and wait for a reading when done again', () => {
    const [first, second] = [performed(7, '2026-11-23T15:00:00Z'), performed(30, '2026-11-27T15:00:00Z')];
    expect(met([required, first])).toBe('unmet');
    expect(met([required, first, read(8, '2026-11-25T15:00:00Z', 'clear')])).toBe('met');
    expect(met([required, first, read(8, '2026-11-25T15:00:00Z', 'reaction')])).toBe('unmet');
    expect(met([required, first, read(8, '2026-11-25T15:00:00Z', 'reaction'), second])).toBe('unmet');
    expect(met([required, first, read(8, '2026-11-25T15:00:00Z', 'reaction'), second, read(31, '2026-11-29T15:00:00Z', 'clear')])).toBe('met');
  });

  test('keep the wait of the protocol before its first session', () => {
    const { state } = judge([...whole(), required, performed(7, '2026-11-23T15:00:00Z')]);
    expect(patchWaits(state, protocols, (instant) => instant.slice(0, 10))).toEqual([
      { protocolId: peel, notBefore: '2026-11-25', because: 'patch test on 2026-11-23: 24 hours' },
    ]);
  });
});

describe('the state', () => {
  test('two lines of one protocol are one series', () => {
    const items: JsonObject[] = [
      { protocolId: peel, sessions: 2, area: 'face', order: 2 },
      { protocolId: 'ipl_bbl.standard', sessions: 1, order: 1 },
      { protocolId: peel, sessions: 3, area: 'neck', order: 3 },
    ];
    expect(foldConsultation([event(1, 'plan-proposed', { planId: 'x', providerId: 'd', items })]).plan?.items).toEqual([
      { protocolId: 'ipl_bbl.standard', sessions: 1, area: undefined },
      { protocolId: peel, sessions: 5, area: 'face, neck' },
    ]);
  });

  test('does not depend on the order of arrival', () => {
    const events = [
      ...whole(),
      plan(20, '__proto__', 'ipl_bbl.standard'),
      plan(20),
      decision(21, 'deferred'),
      decision(22, 'proceed'),
      event(6, 'patch-test-required', { protocolId: peel }),
      event(6, 'patch-test-waived', { protocolId: peel }),
      event(8, 'question-asked', { questionId: '__proto__', text: '?' }),
      event(9, 'question-answered', { questionId: '__proto__', text: '!' }),
      event(30, 'finalized'),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(events, { minLength: events.length }), (arrived) =>
        expect(judge(arrived)).toMatchObject({ gates: judge(events).gates, decision: judge(events).decision }),
      ),
    );
  });

  test('walks from requested to a course', () => {
    const status = (events: readonly RecordedEvent[], ready = false, courseId: string | null = null) => statusOf(foldConsultation(events), ready, courseId);
    expect(status([event(0, 'requested', { channel: 'phone' })])).toBe('requested');
    expect(status(whole().slice(0, 3))).toBe('in_progress');
    expect(status([...whole(), event(30, 'finalized')])).toBe('finalized');
    expect(status(whole(), true)).toBe('ready');
    expect(status(whole(), true, 'course-1')).toBe('course_open');
  });
});
