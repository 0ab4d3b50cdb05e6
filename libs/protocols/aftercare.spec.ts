import { expect, test } from '@jest/globals';
import { aftercareOn, careChanges, maintenanceDay, reviewDay } from './aftercare.js';
import { catalogue, protocolIds } from './catalogue.js';

test('aftercare follows the days', () => {
  expect(aftercareOn('chemical_peel.superficial', 0)).toHaveLength(3);
  expect(aftercareOn('chemical_peel.superficial', 2)).toContain('Actives may return when redness is gone and not before day 2.');
  expect(aftercareOn('chemical_peel.superficial', 8)).toEqual([]);
});

test('is written in Spanish too, every sentence of it', () => {
  for (const { id, post_care } of catalogue.protocols)
    for (const { from_day, instruction } of post_care) {
      const [english, spanish] = [aftercareOn(id, from_day), aftercareOn(id, from_day, 'es')];
      expect(spanish).toHaveLength(english.length);
      expect(spanish).not.toContain(instruction);
    }
});

test('never tells anyone to stop a prescribed medicine (invariant 10)', () => {
  for (const id of protocolIds)
    for (const language of ['en', 'es'] as const)
      for (const sentence of [0, ...careChanges(id)].flatMap((day) => aftercareOn(id, day, language)))
        expect(sentence).not.toMatch(/\b(stop|pause|skip|deje|suspenda)\b[^.]*\b(medic|prescri|recet|pill|pastilla)/i);
});

test('changes are told from the second day on, each day once', () => {
  expect(careChanges('laser_ablative.fractional_co2')).toEqual([7, 14]);
  expect(careChanges('rf_tightening.monopolar_single')).toEqual([]);
});

test('the result is looked at when the catalogue says, and kept up where it has a figure', () => {
  expect(['chemical_peel.medium', 'focused_ultrasound.mfu_v', 'microdermabrasion.standard'].map(reviewDay)).toEqual([42, 90, 28]);
  expect(['botulinum_toxin.standard', 'chemical_peel.deep', 'ipl_bbl.standard'].map(maintenanceDay)).toEqual([91, null, 365]);
});
