import type { Judgement } from './judge.js';
import { classes } from './lexicon/classes.js';
import type { Reading } from './reading.js';
import { keywordOf } from './wishes.js';

interface Situation {
  readonly optOut: boolean;
  /** There is an open recovery. */
  readonly watched: boolean;
  /** A digit answered something. */
  readonly answered: boolean;
}

const bodyWords = new Set(`${classes['skin']} ${classes['eye']} ${classes['piel']} skin hands arm arms leg legs body cuerpo`.split(' '));
/** Words of the lexicon that describe matter; unexplained, they may be a symptom in words nobody foresaw. */
const matterWords = new Set(`${classes['fluid']} ${classes['dirtyColour']} ${classes['colorMalo']}`.split(' '));
const courtesies = new Set(
  'none nothing nada hi hello hey hola yes no yeah yep nope si siyes lol lmao haha hahaha are you there anyone anybody home somebody around pls please buenas que tal'.split(
    ' ',
  ),
);
/** A text about the desk may hold this many words that nobody knows: names, streets, trains. */
const unknownAtDesk = 3;

const has = ({ marks }: Reading, kind: 'good' | 'desk') => marks.some(({ meaning }) => meaning.kind === kind);
const judgement = (urgency: Judgement['urgency'], rule: string): Judgement[] => [{ urgency, rule, code: null }];

function isAtDesk(reading: Reading): boolean {
  const aboutBody = reading.tokens.some(({ text }) => bodyWords.has(text));
  return has(reading, 'desk') && reading.unknown.length <= (aboutBody ? 0 : unknownAtDesk);
}

/** Rules 4 and 6 for what no phrase explains: it is never expected, and clinical or wholly unrecognised text goes to a person. */
function unexplained(reading: Reading, recognised: boolean): Judgement[] {
  if (reading.unknown.length === 0) return [];
  const grave = !recognised || reading.unknown.some((word) => matterWords.has(word));
  return judgement(grave ? 'soon' : 'ask', '6:unrecognised');
}

/** What is left to say of a text once its symptoms are judged. */
export function remainder(reading: Reading, said: readonly Judgement[], { optOut, watched, answered }: Situation): Judgement[] {
  const stated = said.some(({ urgency }) => urgency !== 'administrative');
  const keyword = keywordOf(reading);
  if (keyword !== null) return judgement('administrative', `keyword:${keyword}`);
  if (!stated && isAtDesk(reading)) return judgement('administrative', '6:desk');
  const denied = said.some(({ rule }) => rule.startsWith('9:absent'));
  const content = has(reading, 'good') || denied;
  if (stated || content || optOut || answered) {
    const good = content && !optOut && !has(reading, 'desk');
    return [...unexplained(reading, true), ...(good ? judgement(watched ? 'expected' : 'administrative', '4:content') : [])];
  }
  const courteous = reading.tokens.every(({ kind, text }) => kind === 'stop' || kind === 'comma' || courtesies.has(text));
  if (courteous) return judgement(watched ? 'ask' : 'administrative', '6:nothing-said');
  return judgement('soon', '6:unrecognised');
}
