import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { aConsultation, consultations, zone } from '../../test/support/touchpoint-facts.js';
import { aroundConsultation } from './around-consultation.js';
import type { ConsultationFacts, Draft } from './draft.js';

const plan = (change: Partial<ConsultationFacts>) => aroundConsultation(aConsultation(change), zone);
const brief = ({ touchpoint, at, expiresAt }: Draft) => [touchpoint, at, expiresAt];
const spot = { protocolId: 'ipl_bbl.standard', requiredAt: '2026-11-20T15:00:00.000Z', performedAt: null };

describe('until there is a course', () => {
  const requested = { requestedAt: '2026-11-20T15:00:00.000Z' };

  test('a request is answered at once, and for two days', () => {
    expect(plan(requested).map(brief)).toEqual([['request-received', '2026-11-20T15:00:00.000Z', '2026-11-22T15:00:00.000Z']]);
  });

  test('each newer estimate is a letter of its own, an hour after it was presented', () => {
    const first = plan({ estimateAt: '2026-11-21T15:00:00.000Z' });
    const newer = plan({ estimateAt: '2026-11-22T15:00:00.000Z' });
    expect(first.map(brief)).toEqual([['plan-and-costs', '2026-11-21T16:00:00.000Z', '2026-11-24T15:00:00.000Z']]);
    expect(newer[0]?.occasion).not.toBe(first[0]?.occasion);
  });

  test('who thinks it over hears from us once, after thirty days; who declined, never', () => {
    expect(plan({ deferredAt: '2026-11-20T15:00:00.000Z' }).map(brief)).toEqual([['deferred-recall', '2026-12-20T15:00:00.000Z', '2026-12-23T15:00:00.000Z']]);
    expect(plan({ ...requested, deferredAt: '2026-11-20T15:00:00.000Z', declined: true })).toEqual([]);
  });

  test('once there is a course, it speaks for itself', () => {
    expect(plan({ ...requested, estimateAt: '2026-11-21T15:00:00.000Z', hasCourse: true })).toEqual([]);
  });
});

describe('afterwards', () => {
  test('thanks come at ten the next morning on the wall, whatever the clocks did in the night', () => {
    expect(plan({ finalizedAt: '2026-11-20T22:00:00.000Z' }).map(brief)).toEqual([['thanks', '2026-11-21T15:00:00.000Z', '2026-11-24T15:00:00.000Z']]);
    expect(plan({ finalizedAt: '2026-10-31T20:00:00.000Z' })[0]?.at).toBe('2026-11-01T15:00:00.000Z');
    expect(plan({ finalizedAt: '2026-10-30T20:00:00.000Z' })[0]?.at).toBe('2026-10-31T14:00:00.000Z');
  });

  test('a copy of what was signed comes an hour later and says on which day, in the zone of the clinic', () => {
    const [copy] = plan({ consentedAt: '2026-11-20T15:00:00.000Z' });
    expect(copy).toMatchObject({ touchpoint: 'consent-copy', at: '2026-11-20T16:00:00.000Z', locals: { by: '2026-11-20T15:00:00.000Z', timeZone: zone } });
  });
});

describe('a patch test', () => {
  test('is asked for on the next morning, once for all that are required', () => {
    const later = { ...spot, protocolId: 'chemical_peel.superficial', requiredAt: '2026-11-23T15:00:00.000Z' };
    expect(plan({ patchTests: [later, spot] }).map(brief)).toEqual([['patch-test', '2026-11-21T15:00:00.000Z', '2026-11-24T15:00:00.000Z']]);
  });

  test('is read a day after it was done at the earliest, by daylight, and within three days', () => {
    const evening = { ...spot, performedAt: '2026-11-24T23:00:00.000Z' };
    expect(plan({ patchTests: [evening] }).map(brief)).toEqual([['patch-test-reading', '2026-11-25T23:00:00.000Z', '2026-11-27T17:00:00.000Z']]);
    const early = { ...spot, performedAt: '2026-11-24T13:00:00.000Z' };
    expect(plan({ patchTests: [early] })[0]?.at).toBe('2026-11-25T15:00:00.000Z');
  });

  test('spots that were set together are read together, whatever the patient decided meanwhile', () => {
    const done = { ...spot, performedAt: '2026-11-24T15:00:00.000Z' };
    const other = { ...done, protocolId: 'chemical_peel.superficial' };
    expect(plan({ patchTests: [done, other], declined: true }).map(({ touchpoint }) => touchpoint)).toEqual(['patch-test-reading']);
  });

  test('that was not done yet waits while the patient thinks it over', () => {
    expect(plan({ patchTests: [spot], deferredAt: '2026-11-20T15:00:00.000Z' }).map(({ touchpoint }) => touchpoint)).toEqual(['deferred-recall']);
  });
});

describe('whatever is known', () => {
  const holds = (check: (drafts: readonly Draft[], facts: ConsultationFacts) => void) =>
    fc.assert(
      fc.property(consultations, (facts) => check(aroundConsultation(facts, zone), facts)),
      { numRuns: 300 },
    );

  test('an occasion names one touchpoint, and each has time to be sent and a reason (invariants 5, 14)', () => {
    holds((drafts) => {
      expect(new Set(drafts.map(({ occasion }) => occasion)).size).toBe(drafts.length);
      for (const { at, expiresAt, because, sessionId } of drafts) {
        expect(at < expiresAt).toBe(true);
        expect([because === '', sessionId]).toEqual([false, undefined]);
      }
    });
  });

  test('who declined is written to about what was signed and what must be looked at, and about nothing else', () => {
    holds((drafts, { declined }) => {
      const names = drafts.map(({ touchpoint }) => touchpoint);
      if (declined) expect(names.filter((name) => name !== 'consent-copy' && name !== 'patch-test-reading')).toEqual([]);
    });
  });

  test('nothing comes before what it speaks of, and the order of the tests changes nothing', () => {
    holds((drafts, facts) => {
      const causes = [facts.requestedAt, facts.finalizedAt, facts.deferredAt, facts.estimateAt, facts.consentedAt];
      const known = [...causes, ...facts.patchTests.flatMap(({ requiredAt, performedAt }) => [requiredAt, performedAt])].filter((at) => at !== null);
      for (const { at } of drafts) expect(known.some((cause) => cause <= at)).toBe(true);
      expect(aroundConsultation({ ...facts, patchTests: [...facts.patchTests].reverse() }, zone)).toEqual(drafts);
    });
  });
});
