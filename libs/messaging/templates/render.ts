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

/** Text and HTML; nothing remote, readable in the dark and on a phone. */
export function renderEmail(key: TemplateKey, language: Language, variables: Variables): RenderedEmail {
  const { subject, email } = texts[language][key];
  const body = fill(email, variables);
  const linked = escape(body).replace(/https?:\/\/[^\s,]+/g, (link) => `<a href="${link}" style="color:#b4532a">${link}</a>`);
  const html = `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"></head><body style="margin:0;padding:24px;font:17px/1.5 system-ui,sans-serif"><main style="max-width:34rem;margin:auto"><p style="font-weight:600">${escape(variables.clinic ?? '')}</p><p>${linked}</p><p style="opacity:.7;font-size:14px">${escape(variables.phone ?? '')}</p></main></body></html>`;
  return { subject: `${variables.clinic ?? ''}: ${subject}`, text: body, html };
}
