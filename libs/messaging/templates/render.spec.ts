import { describe, expect, test } from '@jest/globals';
import { catalogue, symptoms } from '#protocols';
import { segmentsOf } from '../segments.js';
import { renderEmail, renderSms } from './render.js';
import { avoidWords, type TemplateKey, texts } from './texts.js';

const variables = {
  clinic: 'Afterglow Skin Studio',
  phone: '+18385550100',
  date: 'Wed, Dec 30',
  time: '10:30 AM',
  place: 'Manhattan',
  link: 'https://clinic.example/p/abcdefghijklmnop',
  avoid: 'retinol creams, sun and tanning',
  urgency: 'urgent',
  text: 'Please come ten minutes early.',
  visits: 'Wed, Dec 30, 10:30 AM; Wed, Jan 27, 10:30 AM',
};
const all = (['en', 'es'] as const).flatMap((language) => (Object.keys(texts[language]) as TemplateKey[]).map((key) => [language, key] as const));
const carrierWords = /\b(cancel|end|quit|unsubscribe|stopall|optout|revoke|yes)\b/i;
const procedures = catalogue.protocols.flatMap(({ label, technique }) => [label.toLowerCase(), technique.replaceAll('_', ' ')]);

describe('what we say (invariants 10 and 11)', () => {
  test('stands in both languages', () => {
    expect(Object.keys(texts.es).sort()).toEqual(Object.keys(texts.en).sort());
    expect(Object.keys(avoidWords.es).sort()).toEqual(Object.keys(avoidWords.en).sort());
  });

  test.each(all)('%s %s fits two segments, names no procedure, asks for no word of the carrier', (language, key) => {
    const sms = renderSms(key, language, variables);
    expect(segmentsOf(sms)).toEqual({ segments: expect.any(Number), encoding: 'GSM-7' });
    expect(segmentsOf(sms).segments).toBeLessThanOrEqual(2);
    expect(sms).not.toMatch(carrierWords);
    for (const procedure of procedures) expect(sms.toLowerCase()).not.toContain(procedure);
    expect(sms).not.toMatch(/[{}]/);
  });

  test.each(all)('%s %s as e-mail: the same words in text and HTML, nothing remote', (language, key) => {
    const { subject, text, html } = renderEmail(key, language, variables);
    expect(subject).toContain(variables.clinic);
    expect(html).not.toMatch(/src=|@import|url\(/);
    expect(text.length).toBeGreaterThan(20);
    for (const procedure of procedures) expect(subject.toLowerCase()).not.toContain(procedure);
  });

  test('never tells anyone to stop a prescribed medicine', () => {
    for (const [language, key] of all)
      expect(`${texts[language][key].sms} ${texts[language][key].email}`).not.toMatch(
        /\b(stop|pause|skip|deje|suspenda)\b[^.]*\b(medicine|prescri|medicina|receta)/i,
      );
  });

  test('asks every clarifying question of the catalogue in words of its own', () => {
    const asked = symptoms.filter(({ clarifyingQuestion }) => clarifyingQuestion !== null).map(({ code }) => `ask.${code}`);
    expect(asked.filter((key) => !(key in texts.en))).toEqual([]);
  });

  test('speaks of opting out only in the line that carriers require', () => {
    for (const [language, key] of all)
      expect(texts[language][key].sms.replaceAll(/Reply STOP to opt out|Responda STOP para no recibir más/g, '')).not.toMatch(/\bstop\b/i);
  });

  test('a missing variable is an error, not a hole', () => {
    expect(() => renderSms('reminder', 'en', { clinic: 'A' })).toThrow();
  });

  test('what people wrote is escaped in HTML', () => {
    expect(renderEmail('help', 'en', { ...variables, clinic: '<script>' }).html).not.toContain('<script>');
  });
});
