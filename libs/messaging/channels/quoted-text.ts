/** A reply's own words, and what it only repeats of the message that it answers. */
export interface OwnWords {
  readonly words: string;
  readonly quoted: string;
}

/** The line above a quotation, as mail programs write it in English and Spanish; it may be broken over some lines. */
const attribution = /^(?:On\b.{5,300}\bwrote|El\b.{5,300}\bescribi[oó])\s*:$/iu;
const longestAttribution = 3;
/** From here on everything is the older message: mail programs that do not mark its lines. */
const divider = /^(?:-{2,}\s*(?:original message|mensaje original|forwarded message|mensaje reenviado)\s*-{2,}|_{10,})$/iu;
const headerLine = /^\*?(?:from|sent|date|to|subject|de|enviado(?: el)?|fecha|para|asunto)\s*:\*?\s/iu;
/** What a telephone adds by itself. */
const advertisement = /^(?:sent from|get outlook for|sent with|enviado desde|enviado con|obtener outlook para)\b.{0,60}$/iu;
/** RFC 3676 4.3: below it stands the signature. */
const signatureMark = /^--\s?$/;
const quotedLine = /^\s*>/;

const isQuoted = (line: string | undefined) => quotedLine.test(line ?? '');
const nextWords = (lines: readonly string[], start: number) => lines.slice(start).find((line) => line.trim() !== '');

/** How many lines from here on are one attribution, with a quotation below it; 0 when none begins here. */
function attributionAt(lines: readonly string[], start: number): number {
  for (let count = 1; count <= longestAttribution; count += 1) {
    const joined = lines.slice(start, start + count).join(' ');
    if (attribution.test(joined.trim())) return isQuoted(nextWords(lines, start + count)) ? count : 0;
  }
  return 0;
}

/** A divider, or two header lines in a row as some programs put them above the older message. */
function isEnd(lines: readonly string[], start: number): boolean {
  const [line, next] = [lines[start] ?? '', lines[start + 1] ?? ''].map((one) => one.trim());
  return divider.test(line ?? '') || (headerLine.test(`${line} `) && headerLine.test(`${next} `));
}

/** `marked` as a quotation, `cut` because of what stands above it, or the writer's `own`. */
type Kind = 'own' | 'marked' | 'cut';

function kindsOf(lines: readonly string[]): Kind[] {
  const kinds: Kind[] = [];
  let inSignature = false;
  while (kinds.length < lines.length) {
    const index = kinds.length;
    const line = lines[index] ?? '';
    const attributed = attributionAt(lines, index);
    const isMarked = attributed > 0 || isQuoted(line);
    if (isEnd(lines, index)) return [...kinds, ...lines.slice(index).map((): Kind => 'cut')];
    inSignature = !isMarked && (inSignature || signatureMark.test(line));
    const kind = isMarked ? 'marked' : inSignature || advertisement.test(line.trim()) ? 'cut' : 'own';
    kinds.push(...Array.from({ length: Math.max(1, attributed) }, (): Kind => kind));
  }
  return kinds;
}

/**
 * Takes out what a reply repeats: marked lines with the line above them, the older message below a divider, the signature.
 * Words between and below marked lines stay: an answer may stand there. Nothing is thrown away, and where only lines without
 * a mark are left to cut, they stay: what a patient wrote is never cut to silence (invariant 8).
 */
export function ownWords(text: string): OwnWords {
  const lines = text.split(/\r?\n/);
  const kinds = kindsOf(lines);
  const those = (...wanted: readonly Kind[]) => {
    const joined = lines.filter((_line, index) => wanted.includes(kinds[index] ?? 'own')).join('\n');
    return joined.replace(/\n{3,}/g, '\n\n').trim();
  };
  const own = those('own');
  return own === '' ? { words: those('cut'), quoted: those('marked') } : { words: own, quoted: those('marked', 'cut') };
}
