import { describe, expect, test } from '@jest/globals';
import { activate, isProtocol, openSafetyFields, protocolIds, readActiveProtocol, sampleFigures, sampleProtocols } from '#protocols';

const sample = (id: string) => activate(id, sampleFigures(id), 1);

describe('a protocol in force', () => {
  test.each([
    // id, minutes, interval, downtime, healing, sun before
    ['chemical_peel.superficial', 45, [14, 14, 28], 7, 7, 14],
    ['chemical_peel.medium', 90, [180, 180, 365], 10, 14, 14],
    ['laser_nonablative.ndyag_1064', 30, [14, 14, 28], 1, 1, 14],
    ['laser_nonablative.fractional_1550', 120, [28, 28, 56], 5, 14, 14],
    ['laser_ablative.fractional_co2', 120, [42, 42, 90], 7, 30, 28],
    ['laser_ablative.full_field_er_yag_light', 60, [28, 28, 42], 5, 7, 28],
    ['laser_ablative.full_field_co2', 120, [180, 180, 365], 14, 120, 60],
    ['ipl_bbl.standard', 30, [28, 28, 28], 5, 10, 28],
    ['dermabrasion.standard', 90, [180, 180, 365], 14, 90, 28],
    ['microdermabrasion.standard', 60, [7, 7, 21], 2, 3, 14],
    ['microneedling.cosmetic', 90, [28, 28, 42], 3, 14, 14],
    ['rf_tightening.series', 30, [14, 14, 28], 1, 3, 14],
    ['botulinum_toxin.standard', 30, [91, 91, 120], 1, 14, 0],
    ['dermal_filler.ha', 60, [14, 14, 30], 10, 14, 0],
    ['laser_therapy.vascular_purpuric', 15, [28, 28, 42], 10, 14, 30],
  ] as const)('%s has the figures of the catalogue', (id, minutes, [min, ideal, max], downtime, healing, sun) => {
    expect(sample(id)).toMatchObject({
      durationMinutes: minutes,
      intervalDays: { min, ideal, max },
      downtimeDays: downtime,
      fullRecoveryDays: healing,
      sunAvoidBeforeDays: sun,
    });
  });

  test('the sample clinic opens every protocol but the deep peel', () => {
    expect(protocolIds).toHaveLength(23);
    expect(protocolIds.filter((id) => !sampleProtocols.includes(id))).toEqual(['chemical_peel.deep']);
    expect(sampleProtocols.map((id) => sample(id).id)).toEqual(sampleProtocols);
  });

  test('an open safety figure keeps a protocol closed, and the refusal names it', () => {
    expect(openSafetyFields('dermabrasion.standard')).toEqual([
      'session_duration_min',
      'sessions',
      'interval_days',
      'sun_avoid_before_days',
      'washouts.retinoid_days_before',
      'washouts.aha_bha_days_before',
      'washouts.waxing_depilatory_days_before',
      'washouts.tanning_selftan_days_before',
    ]);
    expect(() => activate('dermabrasion.standard', {}, 1)).toThrow(/the clinic must set session_duration_min, sessions, interval_days/);
    expect(() => activate('chemical_peel.deep', {}, 1)).toThrow(/washouts\.retinoid_days_before/);
    expect(openSafetyFields('microneedling.cosmetic')).toEqual([]);
    expect(activate('microneedling.cosmetic', {}, 1).durationMinutes).toBe(90);
  });

  test.each([
    ['laser_nonablative.ndyag_1064', 'interval_days', { min: 14, max: 28 }, /placeholder/],
    ['laser_nonablative.ndyag_1064', 'washouts.waxing_depilatory_days_before', 21, /laser_ablative/],
    ['laser_ablative.full_field_co2', 'washouts.retinoid_days_before', 7, /placeholder/],
    ['laser_ablative.full_field_co2', 'patch_test.min_wait_hours', 672, /placeholder of laser_ablative/],
    ['rf_tightening.monopolar_single', 'sun_avoid_before_days', 14, /rf_microneedling/],
    ['focused_ultrasound.mfu_v', 'washouts.retinoid_days_before', 4, /rf_microneedling/],
    ['dermal_filler.ha', 'washouts.aha_bha_days_before', 5, /microneedling/],
  ] as const)('%s takes %s from its placeholder or its nearest neighbour', (id, field, value, grounds) => {
    expect(sampleFigures(id)[field]).toEqual({ value, grounds: expect.stringMatching(grounds) });
  });

  test('the clinic sets the ideal interval, and its figure stands before the placeholder', () => {
    const figures = { interval_ideal_days: { value: 30, grounds: 'house rule' } };
    expect(activate('microneedling.cosmetic', figures, 2)).toMatchObject({ version: 2, intervalDays: { min: 28, ideal: 30, max: 42 } });
    const own = { ...sampleFigures('dermal_filler.ha'), session_duration_min: { value: 40, grounds: 'house rule' } };
    expect(activate('dermal_filler.ha', own, 1).durationMinutes).toBe(40);
  });

  test('is the same after it was stored', () => {
    for (const id of sampleProtocols) expect(readActiveProtocol(JSON.parse(JSON.stringify(sample(id))))).toEqual(sample(id));
    expect(() => readActiveProtocol({ id: 'microneedling.cosmetic' })).toThrow();
    expect(isProtocol('laser_nonablative.thulium_1927')).toBe(false);
  });
});
