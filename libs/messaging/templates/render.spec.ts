import { describe, expect, test } from '@jest/globals';
import { catalogue, symptoms } from '#protocols';
import { segmentsOf } from '../segments.js';
import { avoidWords } from './avoid-words.js';
import { letterText, renderEmail, renderSms } from './render.js';
import { sampleFor } from './sample.js';
import { languages, shipped, templateKeys, texts } from './texts.js';

const all = languages.flatMap((language) => templateKeys.map((key) => [language, key] as const));
const carrierWords = /\b(cancel|end|quit|unsubscribe|stopall|optout|revoke|yes)\b/i;
const procedures = catalogue.protocols.flatMap(({ label, technique }) => [label.toLowerCase(), technique.replaceAll('_', ' ')]);

describe('what we say (invariants 10 and 11)', () => {
  test('stands in both languages', () => {
    expect(Object.keys(texts.es).sort()).toEqual(Object.keys(texts.en).sort());
    expect(Object.keys(avoidWords.es).sort()).toEqual(Object.keys(avoidWords.en).sort());
  });

  test.each(all)('%s %s fits two segments, names no procedure, asks for no word of the carrier', (language, key) => {
    const sms = renderSms(shipped(key, language), sampleFor(language, 'sms'));
    expect(segmentsOf(sms)).toEqual({ segments: expect.any(Number), encoding: 'GSM-7' });
    expect(segmentsOf(sms).segments).toBeLessThanOrEqual(2);
    expect(sms).not.toMatch(carrierWords);
    for (const procedure of procedures) expect(sms.toLowerCase()).not.toContain(procedure);
    expect(sms).not.toMatch(/[{}]/);
  });

  test.each(all)('%s %s as e-mail: the same words in text and HTML, nothing remote', (language, key) => {
    const variables = sampleFor(language, 'email');
    const { subject, text, html } = renderEmail(shipped(key, language), variables, { address: '1 Main St', unsubscribeUrl: 'https://clinic.example/u' });
    expect(subject).toContain(variables.clinic);
    expect(html).not.toMatch(/src=|@import|url\(|<script/);
    const said = html.replace(/<style>.*?<\/style>/s, '');
    for (const word of text.match(/[\p{L}\d]+/gu) ?? []) expect(said).toContain(word);
    expect(text).not.toMatch(/[{}]|\bSTOP\b/);
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
    expect(() => renderSms(shipped('reminder', 'en'), { clinic: 'A' })).toThrow(/undefined variable/);
    expect(() => renderEmail(shipped('preparation', 'en'), { clinic: 'A', phone: '+18385550100', date: 'today' })).toThrow(/undefined variable/);
  });

  test('what people wrote is escaped in HTML', () => {
    expect(renderEmail(shipped('help', 'en'), { ...sampleFor('en', 'email'), clinic: '<script>' }).html).not.toContain('<script>');
  });
});

describe('a letter', () => {
  const email = (parts: string) => ({ ...shipped('help', 'en'), email: parts });
  const variables = { clinic: 'Glow', phone: '+18385550100', link: 'https://clinic.example/p/abc', visits: ['Mon', 'Tue'] };
  const written = '> Mon\n> Room\n\nCall {{phone}}.\n{% for line in visits %}- {{line}}\n{% endfor %}\n[Tell us]({{link}})';

  test('has details, lists, a number to dial and one thing to do', () => {
    const { html } = renderEmail(email(written), variables);
    expect(html).toMatch(/<li [^>]*>Mon<\/li><li [^>]*>Tue<\/li>/);
    expect(html).toMatch(/<p class="first"[^>]*>Mon<\/p><p class="more"[^>]*>Room<\/p>/);
    expect(html).toMatch(/Call <a href="tel:\+18385550100"[^>]*>\(838\) 555-0100<\/a>\./);
    expect(html).toMatch(/<a href="https:\/\/clinic.example\/p\/abc" class="button"[^>]*>Tell us<\/a>/);
  });

  test('says the same as text', () => {
    expect(letterText(email(written), variables)).toBe('Mon\nRoom\n\nCall (838) 555-0100.\n\n- Mon\n- Tue\n\nTell us: https://clinic.example/p/abc');
  });

  test('leaves out the thing to do when there is nowhere to go', () => {
    expect(letterText(email('Hello\n\n[Tell us]({{link}})'), { ...variables, link: '' })).toBe('Hello');
  });

  test('ends with how to end it, when it can be ended', () => {
    const { text, html } = renderEmail(email('Hello'), variables, { address: '1 Main St', unsubscribeUrl: 'https://clinic.example/u?a=1&b=2' });
    expect(text).toContain('Stop these e-mails: https://clinic.example/u?a=1&b=2');
    expect(text).toContain('1 Main St');
    expect(html).toContain('href="https://clinic.example/u?a=1&#38;b=2"');
    expect(renderEmail(email('Hello'), variables).text).not.toContain('Stop these');
  });
});
