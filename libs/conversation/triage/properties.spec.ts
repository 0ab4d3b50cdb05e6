import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectedOn, protocolIds, redFlagAnywhere, redFlagOn, symptoms } from '#protocols';
import { projectRoot } from '#platform';
import { atLeast, highest, triage, type RecoveryContext } from './index.js';
import { warningSigns } from './warning-signs.js';

const day = fc.integer({ min: 0, max: 120 });
const context: fc.Arbitrary<RecoveryContext> = fc.record({ protocolId: fc.constantFrom(...protocolIds), day });
const contexts = fc.array(context, { maxLength: 3 });

const flags = [
  'There is pus.',
  'I have a fever.',
  'I cannot breathe.',
  'My vision is blurry.',
  'A blister appeared.',
  'The redness is spreading.',
  'The pain is unbearable.',
  'My eye is swollen shut.',
  'Tengo fiebre.',
  'Me sale pus.',
  'No puedo respirar.',
  'Tengo ampollas.',
] as const;
const ordinary = [
  'Thanks!',
  'all good',
  'no fever',
  'no problems',
  'a bit red',
  'peeling',
  'still pink',
  'it is gone now',
  'what if it blisters?',
  'had a fever yesterday, gone now',
  'is it normal to',
  'can I reschedule',
  'no',
  'not sure',
  'gracias',
  'sin fiebre',
  'STOP',
  '1',
  '👍',
  'better',
  'not worse',
  'fading',
  'my sister had',
  'never',
  'if',
] as const;
const word = fc.constantFrom(...flags, ...ordinary, ...ordinary.map((text) => text.toUpperCase()));
const text = fc.oneof(
  fc.array(word, { maxLength: 5 }).map((parts) => parts.join(' ')),
  fc.string({ unit: 'grapheme', maxLength: 80 }),
);
const urgencyOf = (body: string, open: RecoveryContext[]) => triage(body, open).urgency;

describe('automation only raises (invariant 9)', () => {
  test('a red-flag sentence added to any text never lowers it, and weighs what it weighs alone', () => {
    fc.assert(
      fc.property(text, fc.constantFrom(...flags), contexts, (before, flag, open) => {
        const both = urgencyOf(`${before}. ${flag}`, open);
        expect(atLeast(both, highest(urgencyOf(before, open), urgencyOf(flag, open)))).toBe(true);
      }),
      { numRuns: 1500 },
    );
  });

  test('two texts together weigh at least as much as each', () => {
    const clear = fc.constantFrom(...flags, 'my face is red', 'peeling', 'itchy', 'I am pregnant', 'it smells', 'getting worse', 'red again');
    fc.assert(
      fc.property(clear, clear, fc.constantFrom('. ', ' ', ', ', ' and ', '\n', ' but '), contexts, (a, b, joint, open) => {
        expect(atLeast(urgencyOf(a.replace(/\.$/, '') + joint + b, open), highest(urgencyOf(a, open), urgencyOf(b, open)))).toBe(true);
      }),
      { numRuns: 1500 },
    );
  });

  test('another open recovery never lowers it (rule 7)', () => {
    fc.assert(
      fc.property(text, fc.array(context, { minLength: 1, maxLength: 2 }), context, (body, open, more) => {
        expect(atLeast(urgencyOf(body, [...open, more]), urgencyOf(body, open))).toBe(true);
      }),
    );
  });

  test('a photo never lowers it', () => {
    fc.assert(
      fc.property(text, contexts, (body, open) => {
        expect(atLeast(triage(body, open, { hasMedia: true }).urgency, highest('soon', urgencyOf(body, open)))).toBe(true);
      }),
    );
  });
});

describe('the form of a text does not matter', () => {
  test('capitals, spaces and a closing mark change nothing', () => {
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 4 }),
        context,
        fc.constantFrom('  ', '\n', '\t', '\u00a0'),
        fc.constantFrom('', '!', '!!!', ' ', '…'),
        (parts, open, space, end) => {
          const plain = parts.join(' ');
          const other = plain.toUpperCase().replaceAll(' ', space) + end;
          expect(triage(other, [open]).codes).toEqual(triage(plain + end, [open]).codes);
          expect(urgencyOf(other, [open])).toBe(urgencyOf(plain + end, [open]));
        },
      ),
    );
  });

  test.each([['’'], ['‘'], ["'"], ['ʼ'], ['']])('an apostrophe written %s', (apostrophe) => {
    expect(urgencyOf(`I can${apostrophe}t breathe`, [{ protocolId: 'microneedling.cosmetic', day: 2 }])).toBe('emergency');
  });

  test('invisible and look-alike letters hide nothing', () => {
    for (const body of ['p\u200bu\u200bs', 'рus', 'ｐｕｓ', '𝐩𝐮𝐬', 'PÜS', 'pu\u0301s', 'p.u.s']) {
      expect(urgencyOf(body, [{ protocolId: 'chemical_peel.superficial', day: 2 }])).toBe('urgent');
    }
  });

  test('it takes any text, and junk is never expected', () => {
    const junk = fc.string({ unit: 'binary', minLength: 0, maxLength: 200 });
    fc.assert(
      fc.property(junk, contexts, (body, open) => void triage(body, open)),
      { numRuns: 1000 },
    );
    const letters = fc.array(fc.string({ unit: fc.constantFrom(...'bcdfghjklmnpqrstvwxz'), minLength: 7, maxLength: 12 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(letters, context, (words, open) => {
        expect(urgencyOf(words.join(' '), [open])).not.toBe('expected');
      }),
      { numRuns: 1000 },
    );
  });

  test('an unpaired surrogate and an empty text are texts', () => {
    expect(urgencyOf('\ud83d', [])).toBe('administrative');
    expect(urgencyOf('', [{ protocolId: 'ipl_bbl.standard', day: 1 }])).toBe('ask');
  });
});

describe('long texts', () => {
  const open = [{ protocolId: 'laser_ablative.fractional_co2', day: 4 }];
  const long = (unit: string) => unit.repeat(Math.ceil(10_000 / unit.length)).slice(0, 10_000);
  test.each([
    ['words', long('no fever but the swelling is going down and my eye is not better, ')],
    ['one word', long('myfaceisswollen')],
    ['letters', long('q')],
    ['single letters', long('a b c d ')],
    ['near misses', long('feber blisterd swolenn pussy infectted temperatur ')],
    ['points', long('. ')],
    ['emoji', long('🔥👍')],
    ['starts of phrases', long('#eye not going gone no longer had was ')],
  ])('what stands behind ten thousand characters of %s is heard', (_what, body) => {
    const { codes, urgency } = triage(`${body}\n\nThere is pus.`, open);
    expect(codes).toContain('pus_discharge');
    expect(atLeast(urgency, 'urgent')).toBe(true);
  });
});

describe('the catalogue', () => {
  interface Vocabulary {
    symptom_vocabulary: { code: string; example_phrases: string[] }[];
  }
  const { symptom_vocabulary: vocabulary } = JSON.parse(readFileSync(join(projectRoot, 'libs/protocols/data/catalogue.json'), 'utf8')) as Vocabulary;

  test.each(vocabulary.flatMap(({ code, example_phrases: phrases }) => phrases.map((example) => [example, code] as const)))(
    'its example "%s" is %s',
    (example, code) => {
      const codes = protocolIds.flatMap((protocolId) => triage(example, [{ protocolId, day: 2 }]).codes);
      expect(codes).toContain(code);
    },
  );

  test.each(vocabulary.flatMap(({ code, example_phrases: phrases }) => phrases.map((example) => [example, code] as const)))(
    '"%s" is never below the red flag of %s',
    (example, code) => {
      for (const protocolId of protocolIds) {
        for (const at of [0, 1, 3, 5, 8, 15, 40]) {
          const flag = redFlagOn(protocolId, code, at);
          if (flag !== null) expect(atLeast(urgencyOf(example, [{ protocolId, day: at }]), flag)).toBe(true);
        }
      }
    },
  );

  test('warning signs are the codes that some protocol flags and none expects', () => {
    const days = Array.from({ length: 200 }, (_, index) => index);
    const everExpected = (code: string) => protocolIds.some((id) => days.some((at) => expectedOn(id, code, at)));
    expect([...warningSigns].sort()).toEqual(
      symptoms
        .map(({ code }) => code)
        .filter((code) => redFlagAnywhere(code) !== null && !everExpected(code))
        .sort(),
    );
  });
});
