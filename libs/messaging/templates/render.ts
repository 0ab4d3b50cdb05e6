import { Liquid } from 'liquidjs';
import { foldToGsm } from '../segments.js';
import { type Language, type TemplateKey, texts } from './texts.js';

/** What a template may speak of. Everything is optional to give; a variable that a text needs and lacks is an error. */
export type Variables = Partial<Record<'clinic' | 'phone' | 'date' | 'time' | 'place' | 'link' | 'avoid' | 'urgency' | 'visits' | 'text', string>>;

export interface RenderedEmail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const engine = new Liquid({ strictVariables: true, strictFilters: true, ownPropertyOnly: true });
const fill = (template: string, variables: Variables): string => engine.parseAndRenderSync(template, variables) as string;
const escape = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** The language that we speak to someone who prefers this one. */
export const languageOf = (preferred: string | undefined): Language => (preferred?.toLowerCase().startsWith('es') === true ? 'es' : 'en');

/** @throws when a variable is missing: a message with a hole is worse than none. */
export const renderSms = (key: TemplateKey, language: Language, variables: Variables): string => foldToGsm(fill(texts[language][key].sms, variables));

// Inline, because mail programs drop style sheets; the one rule in the head only serves those that know dark mode.
const style = {
  page: 'margin:0;padding:24px 16px;background:#faf7f4;color:#2b2724;font:17px/1.55 system-ui,-apple-system,Segoe UI,Roboto,sans-serif',
  card: 'max-width:34rem;margin:0 auto;padding:28px 24px;background:#ffffff;border-radius:14px',
  clinic: 'margin:0 0 16px;font-weight:600;color:#8a4526',
  body: 'margin:0 0 16px',
  link: 'color:#a04a24',
  foot: 'margin:24px 0 0;font-size:14px;color:#6b625c',
} as const;
const dark =
  '@media (prefers-color-scheme:dark){body{background:#1d1a18!important;color:#efe9e4!important}main{background:#292522!important}a,.clinic{color:#f0a880!important}.foot{color:#b3a9a2!important}}';

/** Text and HTML of one message: nothing remote in it, readable in the dark, on a phone and by a screen reader. */
export function renderEmail(key: TemplateKey, language: Language, variables: Variables): RenderedEmail {
  const { subject, email } = texts[language][key];
  const text = fill(email, variables);
  const linked = escape(text).replace(/https?:\/\/[^\s,]+/g, (link) => `<a href="${link}" style="${style.link}">${link}</a>`);
  const title = `${variables.clinic ?? ''}: ${subject}`;
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><title>${escape(title)}</title><style>${dark}</style>`;
  const body = `<p class="clinic" style="${style.clinic}">${escape(variables.clinic ?? '')}</p><p style="${style.body}">${linked}</p><p class="foot" style="${style.foot}">${escape(variables.phone ?? '')}</p>`;
  const html = `<!doctype html><html lang="${language}"><head>${head}</head><body style="${style.page}"><main style="${style.card}">${body}</main></body></html>`;
  return { subject: title, text, html };
}
