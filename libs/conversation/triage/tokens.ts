/**
 * A message as a list of small pieces in one spelling: lower case, no accents, no apostrophes, look-alike letters
 * folded, each emoji a piece of its own.
 */
export interface Token {
  readonly kind: 'word' | 'number' | 'emoji' | 'comma' | 'stop';
  readonly text: string;
}

/** Letters of other scripts that look Latin: a homoglyph must not hide a symptom. */
const lookAlikes: Readonly<Record<string, string>> = {
  а: 'a',
  в: 'b',
  с: 'c',
  ԁ: 'd',
  е: 'e',
  һ: 'h',
  н: 'h',
  і: 'i',
  ј: 'j',
  к: 'k',
  ӏ: 'l',
  м: 'm',
  п: 'n',
  о: 'o',
  р: 'p',
  ԛ: 'q',
  г: 'r',
  ѕ: 's',
  т: 't',
  υ: 'u',
  ѵ: 'v',
  ѡ: 'w',
  х: 'x',
  у: 'y',
  α: 'a',
  β: 'b',
  ε: 'e',
  ι: 'i',
  κ: 'k',
  ν: 'v',
  ο: 'o',
  ρ: 'p',
  τ: 't',
  χ: 'x',
  η: 'n',
  ı: 'i',
  ł: 'l',
  ø: 'o',
  đ: 'd',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ð: 'd',
  þ: 'th',
};

const digitLetters: Readonly<Record<string, string>> = { '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', $: 's' };

const invisible =
  /[\u00AD\u034F\u061C\u180E\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFE00-\uFE0F\uFEFF\u20E3\u{1F3FB}-\u{1F3FF}\u2640\u2642\u{E0000}-\u{E007F}]/gu;
const apostrophes = /['’‘‛ʼ´`′＇]/gu;
/** `sí` is a yes and `si` an if; without accents they would be one. */
const accentedYes = /(^|[^\p{L}\p{N}])s[íÍ](?![\p{L}\p{N}])/giu;

function fold(text: string): string {
  const composed = text.replace(apostrophes, '').normalize('NFKC').replace(invisible, '').replace(accentedYes, '$1siyes');
  const plain = composed
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}+/gu, '');
  return plain
    .replace(/[^\0-\x7F]/gu, (letter) => lookAlikes[letter] ?? letter)
    .replace(/ [-\u2010-\u2013]+ /gu, ' , ')
    .replace(/[-_*\u2010-\u2013]+/gu, ' ');
}

const number = /\d+(?:[.,]\d+)?/;
const mixedWord = /\p{L}+(?:[\d@$]{1,2}\p{L}+)*\$?/u;
const emoji = /\p{Extended_Pictographic}|\p{Regional_Indicator}{1,2}|[:;]-?[()DP]|<3/u;
const stop = /[.?!;:…¡¿\n\u2014]+/;
const comma = /[,/&+~()"“”[\]]/;
const piece = new RegExp([number, mixedWord, emoji, stop, comma].map(({ source }) => `(${source})`).join('|'), 'gu');
const kinds: readonly Token['kind'][] = ['number', 'word', 'emoji', 'stop', 'comma'];

type Known = (word: string) => boolean;

/** `f3ver`, `pu$`: digits and signs read as the letters they imitate, if that makes a word; otherwise they stand apart. */
function unmask(text: string, known: Known): Token[] {
  if (/^\p{L}+$/u.test(text)) return [{ kind: 'word', text }];
  const word = text.replace(/[\d@$]/g, (sign) => digitLetters[sign] ?? '');
  if (known(word)) return [{ kind: 'word', text: word }];
  return (text.match(/\d+|\p{L}+/gu) ?? []).map((part) => ({ kind: /^\d/.test(part) ? 'number' : 'word', text: part }));
}

const isLetter = (token: Token | undefined) => token?.kind === 'word' && token.text.length === 1;

/** Where a run of single letters that begins at `start` ends, with or without dots between them. */
function endOfLetters(tokens: readonly Token[], start: number): number {
  let end = start;
  while (isLetter(tokens[end]) && end - start < 40) end += tokens[end + 1]?.text === '.' && isLetter(tokens[end + 2]) ? 2 : 1;
  return end;
}

/** `p.u.s` and `f e v e r` are words that were pulled apart. */
function joinLetters(tokens: readonly Token[], known: Known): Token[] {
  const joined: Token[] = [];
  for (let index = 0; index < tokens.length;) {
    const end = endOfLetters(tokens, index);
    const word = tokens
      .slice(index, end)
      .filter(isLetter)
      .map(({ text }) => text)
      .join('');
    if (word.length >= 3 && known(word)) joined.push({ kind: 'word', text: word });
    else joined.push(...tokens.slice(index, Math.max(end, index + 1)));
    index = Math.max(end, index + 1);
  }
  return joined;
}

/**
 * Splits any text into tokens, in time linear in its length. A new line is white space: patients' phones break lines anywhere.
 * @param known says whether a word is in the lexicon; only then are masked and pulled-apart letters read as it.
 */
export function tokenize(text: string, known: Known): Token[] {
  const tokens = [...fold(text).replace(/\s+/gu, ' ').matchAll(piece)].flatMap((match): Token[] => {
    const kind = kinds[match.slice(1).findIndex((group) => group !== undefined)] ?? 'comma';
    if (kind === 'word') return unmask(match[0], known);
    return [{ kind, text: kind === 'number' ? match[0].replace(',', '.') : match[0] }];
  });
  return joinLetters(tokens, known);
}
