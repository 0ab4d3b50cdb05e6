import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { RecordedEvent } from '#event-store';
import { deterministicId, type JsonObject } from '#platform';
import { isTaken } from '#protocols';
import { foldPatient, hasConsent } from './decider.js';
import { patientSchemas } from './events.js';

let position = 0;
/** `minute` is when it happened, counted from one morning. */
function event(minute: number, type: string, data: JsonObject): RecordedEvent {
  position += 1;
  const occurredAt = new Date(Date.parse('2026-11-23T14:00:00Z') + minute * 60_000);
  const id = deterministicId('test', position);
  return {
    position,
    version: position,
    stream: 'patient/p',
    id,
    type,
    data,
    erased: false,
    patientId: 'p',
    meta: { sourceId: `e-${position}` },
    occurredAt,
    recordedAt: occurredAt,
  };
}

const fact = (minute: number, told: JsonObject) => event(minute, 'patient.fact-recorded.v1', { fact: told });
const medicine = (minute: number, told: JsonObject) => fact(minute, { kind: 'medication', prescribed: true, ...told });
const consent = (minute: number, granted: boolean, address = 'Ana@Example.com') =>
  event(minute, 'patient.contact-consent-changed.v1', { channel: 'email', scope: 'care', granted, address, method: 'form', recordedOn: '2026-11-23' });
const registered = (minute: number, data: JsonObject = {}) =>
  event(minute, 'patient.registered.v1', { person: { givenName: 'Ana', familyName: 'Ruiz', birthDate: '1990-01-01' }, ...data });

describe('the later time wins, whatever arrived first', () => {
  test('for each field of the person on its own', () => {
    const events = [
      registered(1),
      event(3, 'patient.contact-changed.v1', { person: { phone: '+12125550101' } }),
      event(2, 'patient.contact-changed.v1', { person: { phone: '+12125550100', email: 'a@example.com' } }),
    ];
    expect(foldPatient(events).person).toEqual({
      givenName: 'Ana',
      familyName: 'Ruiz',
      birthDate: '1990-01-01',
      phone: '+12125550101',
      email: 'a@example.com',
    });
  });

  test('for availability, as a whole', () => {
    const set = (minute: number, name: string) => event(minute, 'patient.availability-set.v1', { unavailable: [], socialEvents: [{ on: '2027-02-14', name }] });
    expect(foldPatient([set(9, 'wedding'), set(4, 'gala')]).availability).toEqual({
      unavailable: [],
      socialEvents: [{ on: '2027-02-14', name: 'wedding' }],
      preferred: [],
    });
  });

  test('for pregnancy, whichever way it is told', () => {
    const told = [
      registered(1, { pregnant: true }),
      fact(2, { kind: 'condition', code: 'pregnancy', present: false }),
      fact(3, { kind: 'pregnancy', present: true }),
    ];
    expect(foldPatient(told).facts.pregnant).toBe(true);
    expect(foldPatient([...told, fact(4, { kind: 'pregnancy', present: false })]).facts).toMatchObject({ pregnant: false, conditions: [] });
  });

  test('so that the order of arrival never shows', () => {
    const events = [
      registered(5, { conditions: ['keloid_history'], medications: [{ code: 'topical_retinoid', prescribed: false, startedOn: '2026-05-01' }] }),
      fact(7, { kind: 'condition', code: 'keloid_history', present: false }),
      medicine(6, { code: 'topical_retinoid', stoppedOn: '2026-11-20' }),
      medicine(8, { code: 'isotretinoin', startedOn: '2026-01-01' }),
      fact(5, { kind: 'exposure', code: 'sunburn', on: '2026-11-20' }),
      consent(6, true),
      consent(9, false),
      consent(7, true, 'b@example.com'),
      event(9, 'patient.contact-changed.v1', { person: { phone: '+12125550101' } }),
      event(9, 'patient.contact-changed.v1', { person: { phone: '+12125550102' } }),
    ];
    fc.assert(fc.property(fc.shuffledSubarray(events, { minLength: events.length }), (arrived) => expect(foldPatient(arrived)).toEqual(foldPatient(events))));
  });
});

describe('consent to be contacted (invariant 7)', () => {
  test('is for one channel, scope and address, and a withdrawal holds however the address is written', () => {
    const { consents } = foldPatient([consent(1, true), consent(2, false, 'ana@example.COM')]);
    expect(hasConsent(consents, 'email', 'care', 'Ana@Example.com')).toBe(false);
    expect(hasConsent(foldPatient([consent(1, true)]).consents, 'email', 'care', 'ana@example.com')).toBe(true);
    expect(hasConsent(foldPatient([consent(1, true)]).consents, 'email', 'marketing', 'ana@example.com')).toBe(false);
    expect(hasConsent(foldPatient([consent(1, true)]).consents, 'email', 'care', 'new@example.com')).toBe(false);
  });

  test('that came late does not undo a later withdrawal', () => {
    expect(hasConsent(foldPatient([consent(8, false), consent(3, true)]).consents, 'email', 'care', 'ana@example.com')).toBe(false);
  });
});

describe('medicines', () => {
  const medicines = (...events: RecordedEvent[]) => foldPatient(events).facts.medications;
  const taken = (list: ReturnType<typeof medicines>, day: string) => list.filter((one) => isTaken(one, day)).map(({ code, name }) => name ?? code);

  test('a stop told without the name stops the one medicine of that code', () => {
    const list = medicines(
      registered(1, { medications: [{ code: 'prescribed_anticoagulant', name: 'apixaban', prescribed: true, startedOn: '2026-01-01' }] }),
      medicine(2, { code: 'prescribed_anticoagulant', stoppedOn: '2026-11-20' }),
    );
    expect(list).toEqual([{ code: 'prescribed_anticoagulant', name: 'apixaban', prescribed: true, startedOn: '2026-01-01', stoppedOn: '2026-11-20' }]);
  });

  test('a stop that could mean either of two stops neither', () => {
    const list = medicines(
      medicine(1, { code: 'prescribed_anticoagulant', name: 'apixaban' }),
      medicine(2, { code: 'prescribed_anticoagulant', name: 'warfarin' }),
      medicine(3, { code: 'prescribed_anticoagulant', stoppedOn: '2026-11-20' }),
    );
    expect(taken(list, '2026-11-23')).toEqual(['apixaban', 'warfarin']);
  });

  test('one begun again is taken again, and the end of the first stretch is kept', () => {
    const list = medicines(
      medicine(1, { code: 'isotretinoin', startedOn: '2026-01-01', stoppedOn: '2026-09-01' }),
      medicine(2, { code: 'isotretinoin', startedOn: '2026-12-01' }),
    );
    expect(taken(list, '2026-12-02')).toEqual(['isotretinoin']);
    expect(list.map(({ stoppedOn }) => stoppedOn)).toEqual(['2026-09-01', undefined]);
  });

  test('a later word without a stop means that it is taken', () => {
    expect(
      taken(medicines(medicine(1, { code: 'topical_retinoid', stoppedOn: '2026-09-01' }), medicine(2, { code: 'topical_retinoid' })), '2026-11-23'),
    ).toEqual(['topical_retinoid']);
  });
});

test('registering again takes nothing away that was known', () => {
  const events = [registered(1, { allergies: ['latex'], conditions: ['diabetes'] }), registered(2, { allergies: ['nickel'], conditions: [] })];
  expect(foldPatient(events)).toMatchObject({ allergies: ['latex', 'nickel'], facts: { conditions: ['diabetes'] } });
});

test('of an erased patient nothing is left (invariant 13)', () => {
  const events = [registered(1), { ...consent(2, true), erased: true }, event(3, 'patient.erased.v1', { reason: 'asked' })];
  expect(foldPatient(events)).toMatchObject({ person: {}, consents: [], erased: true, facts: { conditions: [] } });
});

describe('the form of facts', () => {
  const schemas = patientSchemas({ now: () => new Date('2026-11-23T14:00:00Z') });
  const ids = { consultationId: 'c', patientId: 'p' };
  test.each([
    [
      'a medicine that stops before it starts',
      { kind: 'medication', code: 'isotretinoin', prescribed: true, startedOn: '2026-11-01', stoppedOn: '2026-10-01' },
      ['fact', 'stoppedOn'],
    ],
    ['a kind that is none', { kind: 'mood' }, ['fact', 'kind']],
    ['a condition of no catalogue', { kind: 'condition', code: 'sadness', present: true }, ['fact', 'code']],
    ['an exposure to nothing known', { kind: 'exposure', code: 'moonlight', on: '2026-11-01' }, ['fact', 'code']],
  ])('refuses %s', (_what, told, path) => {
    expect(schemas['patient.fact-recorded.v1'].safeParse({ ...ids, fact: told }).error?.issues[0]?.path).toEqual(path);
  });

  test('takes a medicine that no rule knows, because refusing would hide it, and keeps unknown fields', () => {
    const told = { ...ids, fact: { kind: 'medication', code: 'constructor', prescribed: false, dose: '5 mg' } };
    expect(schemas['patient.fact-recorded.v1'].parse(told)).toEqual(told);
  });

  test('an address must fit its channel', () => {
    const change = { ...ids, channel: 'sms', scope: 'care', granted: false, method: 'form', recordedOn: '2026-11-23' };
    expect(schemas['patient.contact-consent-changed.v1'].safeParse({ ...change, address: 'ana@example.com' }).success).toBe(false);
    expect(schemas['patient.contact-consent-changed.v1'].safeParse({ ...change, address: '+12125550100' }).success).toBe(true);
  });
});
