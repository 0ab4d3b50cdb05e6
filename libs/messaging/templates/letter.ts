import type { Block } from './blocks.js';
import type { Language } from './text.js';

/** An e-mail before it is laid out. */
export interface Letter {
  readonly language: Language;
  readonly clinic: string;
  readonly heading: string;
  readonly blocks: readonly Block[];
  /** E.164, and as people write it. */
  readonly phone: { readonly dial: string; readonly written: string };
  readonly address: string | undefined;
  readonly unsubscribeUrl: string | undefined;
  /** Something must be done now. */
  readonly alarm: boolean;
}

export const footWords: Readonly<Record<Language, { readonly unsubscribe: string; readonly noReply: string }>> = {
  en: { unsubscribe: 'Stop these e-mails', noReply: 'E-mail is not for emergencies: call 911.' },
  es: { unsubscribe: 'No recibir más correos', noReply: 'El correo no es para emergencias: llame al 911.' },
};

const escape = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

// Inline, because many mail programs drop style sheets. The sheet in the head serves those that keep it: narrow and dark.
const font = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif";
const styles = {
  page: `margin:0;padding:0;background:#faf7f4;color:#2c2622;font:400 17px/1.55 ${font};-webkit-text-size-adjust:100%`,
  sheet: 'max-width:560px;margin:0 auto;padding:32px 16px 40px',
  clinic: 'margin:0 0 16px;padding:0 8px;font-size:15px;font-weight:600;color:#6b615a',
  card: 'padding:32px 32px 24px;background:#ffffff;border:1px solid #e0d8d0;border-top:4px solid #d9785c;border-radius:3px 3px 12px 12px',
  heading: 'margin:0 0 20px;font-size:26px;line-height:1.25;font-weight:700;color:#2c2622',
  paragraph: 'margin:0 0 16px;overflow-wrap:anywhere',
  list: 'margin:0 0 20px;padding:0 0 0 22px',
  item: 'margin:0 0 8px;padding-left:4px',
  details: 'margin:0 0 20px;padding:16px 20px;background:#fbf1ec;border-left:4px solid #d9785c;border-radius:3px 10px 10px 3px',
  first: 'margin:0;font-size:20px;line-height:1.35;font-weight:700;color:#2c2622;font-variant-numeric:tabular-nums',
  more: 'margin:4px 0 0;color:#6b615a',
  action: 'margin:4px 0 24px',
  button: 'display:inline-block;padding:14px 24px;background:#a8432f;color:#ffffff;font-weight:600;line-height:20px;text-decoration:none;border-radius:10px',
  alarmButton:
    'display:inline-block;padding:14px 24px;background:#a31621;color:#ffffff;font-weight:600;line-height:20px;text-decoration:none;border-radius:10px',
  link: 'color:#a8432f;text-underline-offset:3px',
  phone: 'color:#a8432f;white-space:nowrap;text-underline-offset:3px',
  foot: 'padding:24px 8px 0;font-size:14px;line-height:1.6;color:#6b615a',
  line: 'margin:0 0 4px',
  quiet: 'margin:16px 0 0',
  quietLink: 'color:#6b615a;text-underline-offset:3px',
  hidden: 'display:none;max-height:0;overflow:hidden;mso-hide:all',
} as const;
type Part = keyof typeof styles;

const narrow =
  '@media (max-width:480px){.sheet{padding:16px 8px 32px!important}.card{padding:24px 20px 16px!important}.button,.alarmButton{display:block!important;text-align:center}}';
const dark =
  ':root{color-scheme:light dark;supported-color-schemes:light dark}@media (prefers-color-scheme:dark){.page{background:#1d1917!important;color:#f3ece6!important}.card{background:#28231f!important;border-color:#453d37!important;border-top-color:#f2a488!important}.details{background:#332b26!important;border-left-color:#f2a488!important}.heading,.first{color:#f3ece6!important}.clinic,.more,.foot,.quietLink{color:#b9aea5!important}.button{background:#f2a488!important;color:#2a130c!important}.alarmButton{background:#ff9a8f!important;color:#2a130c!important}.link,.phone{color:#f2a488!important}.alarm{border-top-color:#ff9a8f!important}}';

const marks = (part: Part, ...classes: readonly string[]) => `class="${[part, ...classes].join(' ')}" style="${styles[part]}"`;
const tagged = (tag: string, part: Part, content: string) => `<${tag} ${marks(part)}>${content}</${tag}>`;
const linked = (href: string, part: Part, words: string) => `<a href="${escape(href)}" ${marks(part)}>${escape(words)}</a>`;

/** Words with the clinic's number and web addresses in them as links; a time of day stays on its line. */
function prose(given: string, { phone }: Letter): string {
  const words = given.replace(/(\d) ([AP]M|[ap]\. m\.)/g, (_all, digit: string, half: string) => `${digit}\u00a0${half.replace(' ', '\u00a0')}`);
  const parts = words.split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)])/);
  const withPhone = (part: string) =>
    part
      .split(phone.written)
      .map(escape)
      .join(linked(`tel:${phone.dial}`, 'phone', phone.written));
  return parts.map((part, index) => (index % 2 === 1 ? linked(part, 'link', part) : phone.written === '' ? escape(part) : withPhone(part))).join('');
}

function laidOut(block: Block, letter: Letter): string {
  switch (block.kind) {
    case 'action':
      return tagged('p', 'action', linked(block.href, letter.alarm ? 'alarmButton' : 'button', block.label));
    case 'list':
      return tagged('ul', 'list', block.lines.map((line) => tagged('li', 'item', prose(line, letter))).join(''));
    case 'details':
      return tagged('div', 'details', block.lines.map((line, index) => tagged('p', index === 0 ? 'first' : 'more', prose(line, letter))).join(''));
    case 'paragraph':
      return tagged('p', 'paragraph', block.lines.map((line) => prose(line, letter)).join('<br>'));
  }
}

function footOf(letter: Letter): string {
  const { clinic, phone, address, unsubscribeUrl, language } = letter;
  const lines = [escape(clinic), ...(phone.written === '' ? [] : [prose(phone.written, letter)]), ...(address === undefined ? [] : [escape(address)])];
  const stop = unsubscribeUrl === undefined ? '' : tagged('p', 'quiet', linked(unsubscribeUrl, 'quietLink', footWords[language].unsubscribe));
  return lines.map((line) => tagged('p', 'line', line)).join('') + tagged('p', 'quiet', footWords[language].noReply) + stop;
}

/** A page that asks for nothing from elsewhere, for a phone as for a desk, for the dark and for a screen reader. */
export function htmlOf(letter: Letter): string {
  const { language, clinic, heading, blocks, alarm } = letter;
  const [first] = blocks;
  const preview = first === undefined || first.kind === 'action' ? '' : first.lines.join(' ');
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><meta name="format-detection" content="telephone=no,date=no,address=no,email=no"><title>${escape(heading)}</title><style>${dark}${narrow}</style>`;
  const card = `<main class="card${alarm ? ' alarm' : ''}" style="${styles.card}${alarm ? ';border-top-color:#a31621' : ''}">${tagged('h1', 'heading', escape(heading))}${blocks.map((block) => laidOut(block, letter)).join('')}</main>`;
  const sheet = `${tagged('header', 'clinic', escape(clinic))}${card}${tagged('footer', 'foot', footOf(letter))}`;
  // Gmail keeps neither <html> nor <body>: language and ground stand on an element of our own as well.
  const body = `${tagged('div', 'hidden', escape(preview))}<div lang="${language}" dir="ltr" ${marks('page')}>${tagged('div', 'sheet', sheet)}</div>`;
  return `<!doctype html><html lang="${language}"><head>${head}</head><body ${marks('page')}>${body}</body></html>`;
}
