import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  activate,
  clearDates,
  type Medication,
  medicineReviews,
  noFacts,
  type PatientFacts,
  preparationSteps,
  sampleFigures,
  sampleProtocols,
} from '#protocols';

const today = '2026-12-01';
const protocols = new Map(sampleProtocols.map((id) => [id, activate(id, sampleFigures(id), 1)]));
const active = (id: string) => protocols.get(id) ?? activate(id, {}, 1);
const facts = (more: Partial<PatientFacts>): PatientFacts => ({ ...noFacts, ...more });
const uses = (code: string, more: Partial<Medication> = {}) => ({ medications: [{ code, prescribed: false, startedOn: '2026-05-01', ...more }] });
const dates = (more: Partial<PatientFacts>, id: string) => clearDates(facts(more), active(id), today).map(({ date }) => date);

describe('the first day that facts allow', () => {
  test.each([
    ['a retinoid still used counts from today', uses('topical_retinoid'), 'microneedling.cosmetic', ['2026-12-06']],
    ['one that was left off counts from its last day', uses('topical_retinoid', { stoppedOn: '2026-11-29' }), 'microneedling.cosmetic', ['2026-12-04']],
    ['one that ends later counts from then', uses('topical_retinoid', { stoppedOn: '2026-12-10' }), 'microneedling.cosmetic', ['2026-12-15']],
    ['darker skin waits longer before a light peel', { ...uses('topical_retinoid'), fitzpatrick: 'V' }, 'chemical_peel.superficial', ['2026-12-15']],
    ['lighter skin does not', { ...uses('topical_retinoid'), fitzpatrick: 'III' }, 'chemical_peel.superficial', ['2026-12-04']],
    ['painkillers before filler', uses('otc_nsaid'), 'dermal_filler.ha', ['2026-12-08']],
    ['painkillers before a light peel matter not', uses('otc_nsaid'), 'chemical_peel.superficial', []],
    ["St John's wort before light", uses('st_johns_wort'), 'ipl_bbl.standard', ['2027-03-01']],
    ['a medicine that has not begun', uses('topical_retinoid', { startedOn: '2027-01-01' }), 'microneedling.cosmetic', []],
    ['a tan counts by the longer of sun and tanning', { exposures: [{ code: 'sun_tan', on: '2026-11-20' }] }, 'ipl_bbl.standard', ['2026-12-18']],
    ['self-tan by tanning alone', { exposures: [{ code: 'self_tan', on: '2026-11-20' }] }, 'ipl_bbl.standard', ['2026-12-04']],
    ['a sunburn before full-field CO2', { exposures: [{ code: 'sunburn', on: '2026-11-20' }] }, 'laser_ablative.full_field_co2', ['2027-01-19']],
    ['waxing by the longer of washout and spacing (X22)', { exposures: [{ code: 'waxing', on: '2026-11-20' }] }, 'microdermabrasion.standard', ['2026-12-04']],
    ['isotretinoin from its last dose (X31)', uses('isotretinoin', { prescribed: true, stoppedOn: '2026-09-25' }), 'focused_ultrasound.mfu_v', ['2027-03-24']],
    ['isotretinoin that no rule names', uses('isotretinoin', { prescribed: true, stoppedOn: '2026-09-25' }), 'dermal_filler.ha', []],
  ] as const)('%s', (_, more, id, expected) => {
    expect(dates(more as Partial<PatientFacts>, id)).toEqual(expected);
  });

  test('a clearance lifts the wait that it names, for its protocol, while it holds', () => {
    const stopped = uses('isotretinoin', { prescribed: true, stoppedOn: '2026-09-25' });
    const clear = (more: object) => dates({ ...stopped, clearances: [{ code: 'isotretinoin_recent', by: 'dr-okafor', ...more }] }, 'ipl_bbl.standard');
    expect(clear({})).toEqual([]);
    expect(clear({ protocolId: 'chemical_peel.medium' })).toEqual(['2027-03-24']);
    expect(clear({ until: '2026-11-30' })).toEqual(['2027-03-24']);
  });

  test('a reason reads the same tomorrow, as long as the fact is the same', () => {
    const because = (day: string) => clearDates(facts(uses('topical_retinoid')), active('ipl_bbl.standard'), day).map((one) => one.because);
    expect(because('2026-12-02')).toEqual(because('2026-12-01'));
  });
});

describe('prescribed medicines (invariant 10, G1)', () => {
  const anyMedicine: fc.Arbitrary<Medication> = fc.record({
    code: fc.constantFrom(
      'topical_retinoid',
      'aha_bha',
      'otc_nsaid',
      'daily_aspirin',
      'prescribed_anticoagulant',
      'isotretinoin',
      'photosensitising_antibiotic',
      'something_new',
    ),
    prescribed: fc.boolean(),
  });

  test('are never among what a patient is told to leave off, nor is what could be taken for one', () => {
    fc.assert(
      fc.property(fc.array(anyMedicine, { maxLength: 5 }), fc.constantFrom(...sampleProtocols), (medications, id) => {
        const told = preparationSteps(facts({ medications }), active(id), today).map(({ code }) => code);
        const ordered = medications.filter(({ code, prescribed }) => prescribed || code === 'daily_aspirin').map(({ code }) => code);
        expect(told.filter((code) => ordered.includes(code) || (code === 'otc_nsaid' && ordered.includes('daily_aspirin')))).toEqual([]);
      }),
    );
  });

  test('that are still taken set no day as if the patient stopped isotretinoin or a blood thinner', () => {
    expect(dates(uses('isotretinoin', { prescribed: true }), 'focused_ultrasound.mfu_v')).toEqual([]);
    expect(dates(uses('prescribed_anticoagulant', { prescribed: true }), 'dermal_filler.ha')).toEqual([]);
  });

  test('open a review where they bear on the protocol', () => {
    const review = (more: Partial<PatientFacts>, id: string) => medicineReviews(facts(more), active(id), today).map(({ code, why }) => [code, why]);
    expect(review(uses('topical_retinoid', { prescribed: true }), 'ipl_bbl.standard')).toEqual([
      ['topical_retinoid', expect.stringMatching(/the patient keeps taking it/)],
    ]);
    expect(review(uses('topical_retinoid', { prescribed: true }), 'botulinum_toxin.standard')).toEqual([]);
    expect(review(uses('topical_retinoid'), 'ipl_bbl.standard')).toEqual([]);
    expect(review(uses('something_new'), 'ipl_bbl.standard')).toEqual([['something_new', expect.stringMatching(/not in the catalogue/)]]);
    const aspirin = {
      medications: [
        { code: 'daily_aspirin', prescribed: true },
        { code: 'otc_nsaid', prescribed: false },
      ],
    };
    expect(review(aspirin, 'dermal_filler.ha').map(([code]) => code)).toEqual(['daily_aspirin', 'otc_nsaid']);
  });
});

test('a patient is told what they use, and the sun', () => {
  expect(preparationSteps(facts(uses('topical_retinoid')), active('microneedling.cosmetic'), today)).toMatchObject([
    { code: 'topical_retinoid', daysBefore: 5 },
    { code: 'sun', daysBefore: 14 },
  ]);
  expect(preparationSteps(noFacts, active('botulinum_toxin.standard'), today)).toEqual([]);
});
