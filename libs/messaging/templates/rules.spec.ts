import { describe, expect, test } from '@jest/globals';
import { flawsOf } from './rules.js';
import type { Text } from './text.js';
import { languages, shipped, type TemplateKey, templateKeys } from './texts.js';

const flaws = (key: TemplateKey, change: Partial<Text>, language: 'en' | 'es' = 'en') =>
  flawsOf({ ...shipped(key, language), ...change }, 'Afterglow Skin Studio').map(({ part, message }) => `${part}: ${message}`);
const sms = '{{clinic}}: see you {{date}}, {{time}}. Reply 1 to confirm, 2 for another time. {{phone}}';

test.each(languages.flatMap((language) => templateKeys.map((key) => [language, key] as const)))('the shipped %s %s may be approved', (language, key) => {
  expect(flaws(key, {}, language)).toEqual([]);
});

describe('a clinic may write its own', () => {
  test('with the same variables and the same way to answer', () => {
    expect(flaws('reminder', { sms, subject: 'See you soon', email: '{% if date %}On {{date}}{% endif %}\n\n[Answer]({{link}})\n\n{{phone}}' })).toEqual([]);
  });

  test.each<[string, TemplateKey, Partial<Text>, RegExp]>([
    ['that cannot be read', 'reminder', { sms: '{{clinic' }, /sms: cannot be read/],
    ['with a tag that reads files', 'reminder', { email: '{% render "passwd" %}' }, /email: cannot be read/],
    ['with a filter that is not there', 'reminder', { sms: `${sms}{{ clinic | escape }}` }, /sms: cannot be/],
    ['with a variable of another occasion', 'reminder', { sms: `${sms} {{avoid}}` }, /there is no avoid to fill in/],
    ['with a link where no page stands behind it', 'reminder', { sms: `${sms} {{link}}` }, /sms: there is no link/],
    ['that says nothing', 'reminder', { sms: ' ' }, /sms: says nothing/],
    ['that takes three segments', 'reminder', { sms: `${sms} ${'We look forward to it. '.repeat(10)}` }, /takes 3 segments/],
    ['with a sign outside GSM-7', 'reminder', { sms: `${sms} ☀` }, /outside GSM-7/],
    ['with a long subject', 'reminder', { subject: 'See you soon. '.repeat(5) }, /subject: must be one line/],
    ['that names a procedure (invariant 11)', 'reminder', { sms: `${sms} Laser` }, /names a procedure: "Laser"/],
    ['that names it in the subject', 'reminder', { subject: 'Your microneedling' }, /subject: names a procedure/],
    ['that asks for a command', 'reminder', { sms: `${sms} Or reply CANCEL` }, /"CANCEL", which carriers take/],
    ['that asks for yes', 'reminder', { sms: `${sms} Or YES` }, /"YES", which carriers take/],
    [
      'that advises on a medicine (invariant 10)',
      'preparation',
      { email: 'Avoid {{avoid}}. Please stop your blood thinners.\n{{phone}}' },
      /advice about a medicine/,
    ],
    [
      'that does so in other words',
      'preparation',
      { email: 'Keep well. The pills you were prescribed: do not take them.\n{{phone}}' },
      /advice about a medicine/,
    ],
    ['without the digits that are understood', 'reminder', { sms: '{{clinic}}: see you {{date}}. Reply 1. {{phone}}' }, /sms: must say 2/],
    ['without the number to call', 'reminder', { sms: sms.replace('{{phone}}', '') }, /sms: must say {{phone}}/],
    ['without whose it is', 'reminder', { sms: sms.replace('{{clinic}}', 'Hi') }, /sms: must say {{clinic}}/],
    ['without the page to answer on', 'reminder', { email: 'Call {{phone}}' }, /email: must say {{link}}/],
    ['without the way out', 'request-received', { sms: '{{clinic}}: we got it. {{phone}}' }, /must say "Reply STOP to opt out"/],
    ['without 911', 'emergency.911', { sms: '{{clinic}}: call {{phone}}' }, /sms: must say 911/],
    ['that leads elsewhere', 'reminder', { email: '[Win](https://elsewhere.example)\n{{link}} {{phone}}' }, /web address of its own/],
    ['with a button that leads elsewhere', 'reminder', { email: '[Win](//elsewhere.example)\n{{link}} {{phone}}' }, /button that leads elsewhere/],
  ])('but none %s', (_name, key, change, expected) => {
    expect(flaws(key, change).join('\n')).toMatch(expected);
  });

  test('and none in Spanish that advises on a medicine or names a procedure', () => {
    expect(flaws('preparation', { email: 'Evite: {{avoid}}. Deje su medicina recetada. {{phone}}' }, 'es').join()).toMatch(/advice about a medicine/);
    expect(flaws('aftercare', { subject: 'Después del láser' }, 'es').join()).toMatch(/names a procedure/);
  });

  test('and none that runs away with the memory', () => {
    expect(flaws('reminder', { email: '{% for i in (1..99999999) %}{{phone}}{{link}}{% endfor %}' }).join()).toMatch(/email: cannot be filled in/);
  });
});
