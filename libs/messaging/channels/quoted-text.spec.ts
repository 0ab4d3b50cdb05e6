import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ownWords } from './quoted-text.js';

const ours = '> How does your skin feel today?\n> Reply 1 fine, 2 not sure, 3 I need help.';

describe("a reply's own words", () => {
  test.each([
    ['Gmail', `1\n\nOn Wed, Dec 2, 2026 at 10:00 AM Lumen Skin <care@lumen.example> wrote:\n\n${ours}`, '1'],
    ['Gmail, the line broken', `it burns\n\nOn Wed, Dec 2, 2026 at 10:00 AM Lumen Skin <\ncare@lumen.example> wrote:\n\n${ours}`, 'it burns'],
    ['Gmail in Spanish', `me arde\n\nEl mié, 2 dic 2026 a las 10:00, Lumen Skin (<care@lumen.example>) escribió:\n\n${ours}`, 'me arde'],
    ['Apple Mail', `3\n\nSent from my iPhone\n\n> On Dec 2, 2026, at 10:00 AM, Lumen Skin <care@lumen.example> wrote:\n>\n${ours}`, '3'],
    ['Outlook', `2\r\n\r\n________________________________\r\nFrom: Lumen Skin\r\nSent: Wednesday\r\nHow does it feel? fever pus`, '2'],
    ['Outlook in Spanish', `2\n\nDe: Lumen Skin\nEnviado el: miércoles\nPara: Ana\nAsunto: Su piel\n\n¿fiebre?`, '2'],
    ['a forwarding', `see below\n\n-----Original Message-----\nfever`, 'see below'],
    ['a signature', 'thank you\n-- \nAna Ruiz\nfever specialist', 'thank you'],
    ['an answer inside the quotation', `> How does your skin feel today?\nthere is pus\n> Reply 1 fine\n3`, 'there is pus\n3'],
    ['an answer below it', `On Wed, Dec 2, 2026 at 10:00 AM Lumen Skin wrote:\n${ours}\n\nI have a fever`, 'I have a fever'],
    ['an answer below a signature and a quotation', `-- \nAna\n${ours}\nI have a fever`, 'I have a fever'],
  ])('%s', (_name, text, words) => expect(ownWords(text).words).toBe(words));

  test.each([
    ['a colon at the end', 'On day 2 the nurse wrote:\ntake two pills'],
    ['one line that looks like a header', 'To: whoever reads this\nI have a fever'],
    ['nothing but the older message without marks', '-----Forwarded message-----\nI have a fever'],
    ['nothing but a signature', '-- \nAna'],
  ])('are never cut away: %s (invariant 8)', (_name, text) => expect(ownWords(text)).toEqual({ words: text, quoted: '' }));

  test('a quotation alone is nobody’s answer', () => expect(ownWords(ours)).toEqual({ words: '', quoted: ours }));

  test('no line is ever lost (invariant 8)', () => {
    const line = fc.oneof(
      fc.string({ maxLength: 40 }),
      fc.constantFrom('> quoted', '-- ', 'Sent from my iPhone', 'From: a', 'Sent: b', '__________', 'On Dec 2, 2026 Lumen wrote:', ''),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const { words, quoted } = ownWords(lines.join('\n'));
        const after = [...words.split('\n'), ...quoted.split('\n')].map((one) => one.trim()).filter((one) => one !== '');
        const before = lines.flatMap((one) => one.split(/\r?\n/)).map((one) => one.trim()).filter((one) => one !== ''); // prettier-ignore
        expect(after.sort()).toEqual(before.sort());
      }),
    );
  });

  test('text without any mark stays as it is', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9 ,.!?]{1,80}$/), (text) => {
        fc.pre(text.trim() !== '');
        expect(ownWords(text).words).toBe(text.trim());
      }),
    );
  });
});
