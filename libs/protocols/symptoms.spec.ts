import { describe, expect, test } from '@jest/globals';
import { catalogue, emergencyCodes, entry, expectedOn, isStaffFirst, protocolIds, redFlagAnywhere, redFlagOn, symptoms } from '#protocols';

const co2 = 'laser_ablative.fractional_co2';

describe('what is part of healing', () => {
  test.each([
    [co2, 'redness', 0, true],
    [co2, 'redness', 10, true],
    [co2, 'redness', 11, false],
    [co2, 'oozing_clear', 3, true],
    [co2, 'oozing_clear', 4, false],
    [co2, 'crusting_scabbing', 2, false],
    [co2, 'pinkness_fading', 30, true],
    [co2, 'pinkness_fading', 31, false],
    [co2, 'pus_discharge', 0, false],
    ['chemical_peel.superficial', 'pinkness_fading', 4, true], // rule 9b: wherever redness is
    ['chemical_peel.superficial', 'pinkness_fading', 5, false],
    ['dermal_filler.ha', 'bruising', 14, true],
  ])('%s, %s on day %i: %s', (protocolId, code, day, expected) => {
    expect(expectedOn(protocolId, code, day)).toBe(expected);
  });
});

describe('red flags', () => {
  test.each([
    [co2, 'anaphylaxis', 400, 'emergency'],
    [co2, 'worsening_pain', 0, null],
    [co2, 'worsening_pain', 1, 'urgent'],
    ['dermal_filler.ha', 'worsening_pain', 0, 'emergency'],
    ['dermal_filler.ha', 'worsening_pain', 8, null],
    ['dermal_filler.ha', 'blanching_or_mottling', 7, 'emergency'],
    ['dermal_filler.ha', 'delayed_lump_swelling', 14, null],
    ['dermal_filler.ha', 'delayed_lump_swelling', 15, 'soon'],
    [co2, 'oozing_clear', 5, 'urgent'],
    [co2, 'redness', 11, 'soon'],
    ['chemical_peel.superficial', 'redness', 8, 'soon'],
  ])('%s, %s on day %i: %s', (protocolId, code, day, urgency) => {
    expect(redFlagOn(protocolId, code, day)).toBe(urgency);
  });

  test('emergencies are those of every protocol and every day (rule 1)', () => {
    expect([...emergencyCodes].sort()).toEqual(['anaphylaxis', 'breathing_swallowing_speech', 'stroke_signs', 'vision_change']);
  });

  test('a code that no treatment explains has the highest urgency that any gives it', () => {
    expect(redFlagAnywhere('blanching_or_mottling')).toBe('emergency');
    expect(redFlagAnywhere('pus_discharge')).toBe('urgent');
    expect(redFlagAnywhere('milia')).toBeNull();
  });

  test('on no day is a code expected and urgent at once', () => {
    for (const id of protocolIds)
      for (const { code } of symptoms)
        for (let day = 0; day <= 200; day += 1) {
          if (expectedOn(id, code, day)) expect([id, code, day, redFlagOn(id, code, day)]).toEqual([id, code, day, null]);
        }
  });
});

test('protocols that are never reassured automatically (rule 9d)', () => {
  expect(protocolIds.filter(isStaffFirst)).toEqual([
    'chemical_peel.deep',
    'laser_ablative.full_field_er_yag_deep',
    'laser_ablative.full_field_co2',
    'dermabrasion.standard',
    'dermal_filler.ha',
  ]);
});

test('every code and source that the catalogue uses is one that it defines, and nothing in it is in force by itself', () => {
  const [codes, contraindications, sources] = [symptoms.map(({ code }) => code), catalogue.contraindication_codes, catalogue.sources.map(({ id }) => id)];
  for (const id of protocolIds) {
    const { expected_symptoms: expected, red_flags: flags, contraindications: lists, active } = entry(id);
    expect([...expected, ...flags].filter(({ code }) => !codes.includes(code))).toEqual([]);
    expect(
      Object.values(lists)
        .flat()
        .filter(({ code }) => !contraindications.includes(code)),
    ).toEqual([]);
    expect([...expected, ...flags, ...Object.values(lists).flat()].flatMap((item) => item.source_ids).filter((source) => !sources.includes(source))).toEqual(
      [],
    );
    expect(active).toBe(false);
  }
});
