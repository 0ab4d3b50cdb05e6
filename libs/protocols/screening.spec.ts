import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { catalogue, type Clearance, noFacts, type PatientFacts, protocolIds, screen } from '#protocols';

const today = '2026-12-01';
const facts = (more: Partial<PatientFacts>): PatientFacts => ({ ...noFacts, ...more });
const found = (more: Partial<PatientFacts>, protocolId: string, on = today) =>
  screen(facts(more), protocolId, on).map(({ code, level, cleared }) => [code, level, cleared]);
const takes = (code: string, more: object = {}) => ({ medications: [{ code, prescribed: true, startedOn: '2026-05-01', ...more }] });

describe('what the catalogue lists for the protocol', () => {
  test.each([
    ['chemical_peel.medium', { conditions: ['keloid_history'] }, [['keloid_history', 'hard', false]]],
    ['chemical_peel.superficial', { conditions: ['keloid_history'] }, [['keloid_history', 'clearance', false]]],
    ['microdermabrasion.standard', { conditions: ['keloid_history'] }, []],
    ['laser_ablative.fractional_co2', { pregnant: true }, [['pregnancy', 'hard', false]]],
    ['microneedling.cosmetic', { pregnant: true }, [['pregnancy', 'clearance', false]]],
    ['laser_ablative.fractional_er_yag', { smoking: true }, [['smoking', 'clearance', false]]],
    ['microneedling.cosmetic', { smoking: true }, []],
    ['microneedling.cosmetic', takes('prescribed_anticoagulant'), [['anticoagulants', 'clearance', false]]],
    ['dermal_filler.ha', takes('prescribed_anticoagulant'), [['bleeding_disorder_or_anticoagulant', 'clearance', false]]],
    ['chemical_peel.medium', takes('prescribed_anticoagulant'), []],
    ['ipl_bbl.standard', { conditions: ['sunburn_or_active_tan'] }, [['sunburn_or_active_tan', 'defer', false]]],
    ['rf_microneedling.standard', { conditions: ['pacemaker_or_implanted_device'] }, [['pacemaker_or_implanted_device', 'hard', false]]],
  ] as const)('%s with %j', (protocolId, more, expected) => {
    expect(found(more as Partial<PatientFacts>, protocolId)).toEqual(expected);
  });

  test('a fact counts under every code that it implies', () => {
    expect(found({ conditions: ['cold_sore_now'] }, 'botulinum_toxin.standard')).toEqual([
      ['active_infection_or_hsv', 'defer', false],
      ['infection_at_site', 'hard', false],
    ]);
    expect(found({ conditions: ['severe_cystic_acne'] }, 'microneedling.scar')).toEqual([['active_inflammatory_acne', 'hard', false]]);
    expect(found({ conditions: ['epilepsy'] }, 'ipl_bbl.standard')).toEqual([['epilepsy_light_triggered', 'clearance', false]]);
    expect(found({ conditions: ['pdt_drug'] }, 'laser_therapy.vascular_purpuric')).toEqual([[expect.stringMatching(/^photosensitising/), 'clearance', false]]);
  });

  test('says why in a sentence, with the source', () => {
    expect(screen(facts({ conditions: ['keloid_history'] }), 'chemical_peel.superficial', today)).toEqual([
      expect.objectContaining({ why: expect.stringMatching(/^Superficial .*: needs a clinician's clearance: keloid history$/), sourceIds: ['ELITE-PEEL'] }),
    ]);
  });
});

describe('what holds for every protocol', () => {
  test('pregnancy, nursing and an active infection are never passed over (G3, G6)', () => {
    for (const id of protocolIds) {
      expect(found({ pregnant: true }, id)).toContainEqual(['pregnancy', expect.stringMatching(/hard|clearance/), false]);
      expect(found({ nursing: true }, id)).toContainEqual(['nursing', 'clearance', false]);
      expect(found({ conditions: ['active_infection_or_hsv'] }, id)).toContainEqual(['active_infection_or_hsv', expect.stringMatching(/hard|defer/), false]);
    }
  });
});

describe('isotretinoin (G2)', () => {
  test('is hard for full ablation and dermabrasion, a clinician decides on the rest, 180 days long', () => {
    const stopped = takes('isotretinoin', { stoppedOn: '2026-09-25' });
    expect(found(stopped, 'laser_ablative.full_field_co2')).toEqual([['isotretinoin_recent', 'hard', false]]);
    expect(found(stopped, 'dermabrasion.standard')).toEqual([['isotretinoin_recent', 'hard', false]]);
    expect(found(stopped, 'chemical_peel.superficial')).toEqual([['isotretinoin_recent', 'clearance', false]]);
    expect(found(stopped, 'chemical_peel.superficial', '2027-03-23')).toHaveLength(1);
    expect(found(stopped, 'chemical_peel.superficial', '2027-03-24')).toEqual([]);
    expect(found(stopped, 'dermal_filler.ha')).toEqual([]);
  });

  test('where only a spacing rule speaks of it, a known last dose is a matter of days, a dose still taken of clearance', () => {
    expect(found(takes('isotretinoin', { stoppedOn: '2026-09-25' }), 'focused_ultrasound.mfu_v')).toEqual([]);
    expect(found(takes('isotretinoin'), 'focused_ultrasound.mfu_v')).toEqual([['isotretinoin_recent', 'clearance', false]]);
    expect(found({ conditions: ['isotretinoin_recent'] }, 'focused_ultrasound.mfu_v')).toEqual([['isotretinoin_recent', 'clearance', false]]);
  });
});

describe('skin type and age', () => {
  test.each([
    ['laser_ablative.fractional_er_yag', 'IV', 1], // listed as needing clearance
    ['laser_ablative.fractional_er_yag', 'III', 0],
    ['ipl_bbl.standard', 'IV', 0], // caution, not listed
    ['ipl_bbl.standard', 'VI', 1], // avoided: the director's cut-off
    ['laser_nonablative.fractional_1550', 'VI', 0],
    ['microneedling.cosmetic', 'VI', 0],
  ])('%s on type %s', (protocolId, fitzpatrick, count) => {
    expect(found({ fitzpatrick }, protocolId)).toEqual(Array.from({ length: count }, () => ['fitzpatrick_IV_VI', 'clearance', false]));
  });

  test('age is counted on the day of treatment', () => {
    const born = { birthDate: '2004-12-02' };
    expect(found(born, 'dermal_filler.ha', '2026-12-01')).toEqual([['under_22_years', 'clearance', false]]);
    expect(found(born, 'dermal_filler.ha', '2026-12-02')).toEqual([]);
    expect(found({ birthDate: '2009-01-01' }, 'botulinum_toxin.standard')).toEqual([['under_18', 'clearance', false]]);
  });
});

describe('a clearance', () => {
  const cleared = (clearance: Partial<Clearance>, more: Partial<PatientFacts> = takes('isotretinoin')) =>
    screen(facts({ ...more, clearances: [{ code: 'isotretinoin_recent', by: 'dr-okafor', ...clearance }] }), 'chemical_peel.superficial', today).map(
      (one) => one.cleared,
    );

  test('holds for its protocol or for all, up to its last day, under the code or the fact it names', () => {
    expect(cleared({})).toEqual([true]);
    expect(cleared({ code: 'isotretinoin' })).toEqual([true]);
    expect(cleared({ protocolId: 'chemical_peel.superficial', until: today })).toEqual([true]);
    expect(cleared({ protocolId: 'ipl_bbl.standard' })).toEqual([false]);
    expect(cleared({ until: '2026-11-30' })).toEqual([false]);
  });

  test('of one fact leaves another that means the same code open', () => {
    const both = { ...takes('prescribed_anticoagulant'), conditions: ['bleeding_disorder'], clearances: [{ code: 'bleeding_disorder', by: 'dr-okafor' }] };
    expect(found(both, 'dermal_filler.ha')).toEqual([
      ['bleeding_disorder_or_anticoagulant', 'clearance', true],
      ['bleeding_disorder_or_anticoagulant', 'clearance', false],
    ]);
  });

  const anyFacts: fc.Arbitrary<PatientFacts> = fc
    .record({
      conditions: fc.uniqueArray(fc.constantFrom(...catalogue.contraindication_codes), { maxLength: 6 }),
      medications: fc.uniqueArray(fc.constantFrom('isotretinoin', 'prescribed_anticoagulant', 'st_johns_wort', 'immunosuppressant'), { maxLength: 3 }),
      pregnant: fc.boolean(),
      fitzpatrick: fc.constantFrom('I', 'III', 'IV', 'VI'),
    })
    .map(({ medications, ...rest }) => facts({ ...rest, medications: medications.map((code) => ({ code, prescribed: true })) }));

  test('never adds a finding, never opens a hard one, and closes nothing that was cleared', () => {
    const codes = fc.constantFrom(...catalogue.contraindication_codes);
    fc.assert(
      fc.property(anyFacts, fc.constantFrom(...protocolIds), fc.array(codes, { maxLength: 4 }), codes, (patient, protocolId, given, more) => {
        const clearances = given.map((code) => ({ code, by: 'dr-okafor' }));
        const before = screen({ ...patient, clearances }, protocolId, today);
        const after = screen({ ...patient, clearances: [...clearances, { code: more, by: 'dr-okafor' }] }, protocolId, today);
        expect(after.map(({ code, level }) => [code, level])).toEqual(before.map(({ code, level }) => [code, level]));
        before.forEach((finding, index) => expect(Number(after[index]?.cleared)).toBeGreaterThanOrEqual(Number(finding.cleared)));
        expect(after.filter(({ level, cleared: lifted }) => level === 'hard' && lifted)).toEqual([]);
      }),
    );
  });
});
