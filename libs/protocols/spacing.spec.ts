import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { matches, protocolIds, spacing } from '#protocols';

const naming = (pattern: string) => protocolIds.filter((id) => matches(id, pattern));

describe('patterns', () => {
  test.each([
    ['microneedling', ['microneedling.cosmetic', 'microneedling.scar']],
    ['laser_therapy.vascular', ['laser_therapy.vascular_nonpurpuric', 'laser_therapy.vascular_purpuric']],
    ['laser_ablative.full_field*', ['laser_ablative.full_field_er_yag_light', 'laser_ablative.full_field_er_yag_deep', 'laser_ablative.full_field_co2']],
    ['chemical_peel.*', ['chemical_peel.superficial', 'chemical_peel.medium', 'chemical_peel.deep']],
    ['chemical_peel.medium', ['chemical_peel.medium']],
    ['laser_nonablative.thulium_1927', []],
    ['laser_hair_removal', []],
  ])('%s', (pattern, ids) => {
    expect(naming(pattern)).toEqual(ids);
  });

  test('laser* and laser_* are every laser and nothing else; skin treatments are all but injectables', () => {
    expect(naming('laser*')).toHaveLength(9);
    expect(naming('laser_*')).toEqual(naming('laser*'));
    expect(naming('*')).toEqual(protocolIds);
    expect(protocolIds.filter((id) => !matches(id, 'any skin treatment'))).toEqual(['botulinum_toxin.standard', 'dermal_filler.ha']);
    expect(matches('facelift', 'any skin treatment')).toBe(false);
  });
});

describe('spacing', () => {
  test.each([
    ['dermal_filler.ha', 'microneedling.cosmetic', 28, ['X09']], // longer than X10's 14
    ['dermal_filler.ha', 'rf_microneedling.standard', 90, ['X07']],
    ['dermal_filler.ha', 'focused_ultrasound.mfu_v', 28, ['X09']],
    ['microneedling.scar', 'laser_ablative.fractional_co2', 90, ['X14']],
    ['microneedling.cosmetic', 'dermal_filler.ha', 14, ['X11']],
    ['laser_ablative.fractional_co2', 'rf_microneedling.standard', 90, ['X21', 'rf_microneedling.standard/ablative_or_deep_peel_days_before']],
    ['laser_ablative.full_field_co2', 'laser_nonablative.fractional_1550', 180, ['X25']],
    ['laser_ablative.full_field_er_yag_light', 'laser_therapy.vascular_purpuric', 180, ['X25']],
    ['chemical_peel.medium', 'microdermabrasion.standard', 30, ['X24']],
    ['chemical_peel.superficial', 'laser_ablative.fractional_co2', 28, ['X18']],
    ['chemical_peel.medium', 'laser_ablative.fractional_er_yag', 30, ['laser_ablative.fractional_er_yag/peel_or_dermabrasion_days_before']],
    ['botulinum_toxin.standard', 'rf_tightening.series', 14, ['rf_tightening.series/injectables_days_before']],
    ['rf_tightening.series', 'rf_microneedling.standard', 28, ['rf_microneedling.standard/other_skin_treatment_days_before']],
    ['botulinum_toxin.standard', 'dermal_filler.ha', 0, ['X01']],
    ['dermal_filler.ha', 'botulinum_toxin.standard', 7, ['X04']],
    ['focused_ultrasound.mfu_v', 'botulinum_toxin.standard', 7, ['X02']],
    ['botulinum_toxin.standard', 'focused_ultrasound.mfu_v', 14, ['X03', 'focused_ultrasound.mfu_v/injectables_days_before']],
    ['isotretinoin_last_dose', 'focused_ultrasound.mfu_v', 180, ['X31']],
    ['isotretinoin_last_dose', 'laser_ablative.full_field_er_yag_deep', 180, ['X29']],
    ['facelift', 'rf_microneedling.standard', 365, ['X32']],
    ['waxing', 'microdermabrasion.standard', 14, ['X22']],
  ])('from %s to %s: %i days', (from, to, days, ruleIds) => {
    expect(spacing(from, to)).toMatchObject({ days, ruleIds });
  });

  test('waits for full healing where the rule says only that (X27)', () => {
    expect(spacing('laser_ablative.full_field_co2', 'focused_ultrasound.mfu_v')).toMatchObject({ days: 120, ruleIds: ['X27'] });
    expect(spacing('chemical_peel.superficial', 'focused_ultrasound.mfu_v')).toMatchObject({ days: 7 });
  });

  test.each([
    ['vaccination', 'microneedling.cosmetic'], // X35 is left to the clinic
    ['isotretinoin_last_dose', 'botulinum_toxin.standard'],
    ['focused_ultrasound.mfu_v', 'microneedling.cosmetic'], // X04 is not for resurfacing
    ['rf_microneedling.standard', 'ipl_bbl.standard'], // rf_microneedling is not microneedling
  ])('no rule names %s to %s', (from, to) => {
    expect(spacing(from, to)).toBeNull();
  });

  test('a protocol after itself keeps its own interval; every figure has a rule, and a source unless it stands in', () => {
    fc.assert(
      fc.property(fc.constantFrom(...protocolIds), fc.constantFrom(...protocolIds), (from, to) => {
        const found = spacing(from, to);
        if (from === to) return found === null;
        return found === null || (found.days >= 0 && found.ruleIds.length > 0 && found.sourceIds.length > 0);
      }),
      { numRuns: 600 },
    );
  });
});
