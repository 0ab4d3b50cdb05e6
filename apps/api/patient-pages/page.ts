import { createHash } from 'node:crypto';
import { type Language, writtenPhone } from '#messaging';

/** Markup that is safe to put into a page. Strings are not: `html` escapes them. */
export class Markup {
  constructor(readonly source: string) {}
}

type Part = string | Markup | readonly Markup[] | null;

const escape = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

function sourceOf(part: Part): string {
  if (part === null) return '';
  if (part instanceof Markup) return part.source;
  return typeof part === 'string' ? escape(part) : part.map(({ source }) => source).join('');
}

/** A template whose values are escaped, unless they are markup themselves. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Markup =>
  new Markup(strings.reduce((whole, text, index) => whole + sourceOf(parts[index - 1] ?? null) + text));

const style = `:root{color-scheme:light dark;--page:#faf7f4;--card:#fff;--ink:#2c2622;--soft:#6b615a;--line:#e0d8d0;--glow:#a8432f;--on-glow:#fff;--alarm:#a31621}
@media(prefers-color-scheme:dark){:root{--page:#1d1917;--card:#28231f;--ink:#f3ece6;--soft:#b9aea5;--line:#453d37;--glow:#f2a488;--on-glow:#2a130c;--alarm:#ff9a8f}}
*{box-sizing:border-box}body{margin:0;background:var(--page);color:var(--ink);font:1.125rem/1.5 system-ui,sans-serif}
header,main,footer{max-width:30rem;margin:0 auto;padding:1rem 1.25rem}header{font-weight:600}
main{background:var(--card);border:1px solid var(--line);border-radius:1rem;padding:1.5rem 1.25rem}
@media(max-width:32rem){main{border-width:1px 0;border-radius:0}}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 1rem}h2{font-size:1.125rem;margin:1.5rem 0 .5rem}p{margin:0 0 1rem}.when{font-size:1.375rem;font-weight:600;margin-bottom:.25rem}.lines{white-space:pre-line}.soft,footer{color:var(--soft)}
.alarm{color:var(--alarm);font-weight:600}form{margin:0 0 .75rem}label{display:block;font-weight:600;margin-bottom:.5rem}
button,.button{display:block;width:100%;min-height:3.25rem;padding:.75rem 1rem;border-radius:.75rem;border:1px solid var(--line);background:var(--card);color:var(--ink);font:inherit;font-weight:600;text-align:center;text-decoration:none;cursor:pointer}
button.main{background:var(--glow);border-color:var(--glow);color:var(--on-glow)}.answers button{margin-bottom:.75rem;text-align:left;font-size:1.25rem}
.scale{display:grid;grid-template-columns:repeat(5,1fr);gap:.5rem}.scale button{min-height:4rem;padding:.5rem 0;font-size:1.5rem}.ends{display:flex;justify-content:space-between;margin:.5rem 0 1rem}
input,textarea{width:100%;padding:.75rem;border-radius:.75rem;border:1px solid var(--soft);background:var(--page);color:var(--ink);font:inherit;margin-bottom:.75rem}
::file-selector-button{min-height:2.5rem;margin-right:.75rem;padding:0 1rem;border:1px solid var(--soft);border-radius:.5rem;background:var(--card);color:var(--ink);font:inherit;font-weight:600}summary{padding:.75rem 0;font-weight:600;cursor:pointer}
.ticks{list-style:none;margin:0 0 1rem;padding:0}.ticks form{margin:0 0 .5rem}.ticks button{display:flex;gap:.75rem;align-items:center;text-align:left}
.ticks button::before{content:"";flex:none;width:1.5rem;height:1.5rem;border:2px solid var(--soft);border-radius:.375rem;line-height:1.25rem;text-align:center}.ticks [aria-pressed=true]::before{content:"\\2713";background:var(--glow);border-color:var(--glow);color:var(--on-glow)}
.tick{display:flex;gap:.75rem;align-items:center;min-height:3rem;padding:.5rem 0;margin:0;font-weight:400}.tick input{flex:none;width:1.5rem;height:1.5rem;margin:0;accent-color:var(--glow)}[role=group]{margin-bottom:1rem}form button+button{margin-top:.75rem}
select{width:100%;min-height:3.25rem;padding:.75rem;border-radius:.75rem;border:1px solid var(--soft);background:var(--page);color:var(--ink);font:inherit;margin-bottom:.75rem}.lines+p{margin-top:-.75rem}form [role=status]{margin:.75rem 0 0}button:disabled{opacity:.6;cursor:default}.far{display:inline-block;padding:.75rem 0}.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
a{color:var(--glow)}:focus-visible{outline:3px solid var(--glow);outline-offset:2px}`;

const still = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
];

/**
 * Nothing may run, load or frame: one style, known by its hash, and forms back to us. Only a page with a form to keep may run the
 * script that keeps it, which is a file of ours, and send that form by it.
 */
export const pagePolicy = (keeps: boolean): string => [...still, ...(keeps ? ["script-src 'self'", "connect-src 'self'"] : [])].join('; ');

/** Where the script lies that keeps what is written until it is sent. */
export const keepPath = '/patient-pages/keep.js';

export interface Frame {
  readonly language: Language;
  readonly clinic: string;
  readonly phone: string;
  /** In the patient's language: what the number is for. */
  readonly call: string;
}

/** One column, one thing to do; the clinic's name and number always there. */
export function pageOf({ language, clinic, phone, call }: Frame, title: string, body: Markup, keeps = false): string {
  const sheet = new Markup(`<style>${style}</style>`);
  const script = keeps ? html`<script type="module" src="${keepPath}"></script>` : null;
  const page = html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title} · ${clinic}</title>
        ${sheet}${script}
      </head>
      <body>
        <header>${clinic}</header>
        <main>
          <h1 id="title">${title}</h1>
          ${body}
        </main>
        <footer>${call}: <a href="tel:${phone}">${writtenPhone(phone)}</a></footer>
      </body>
    </html>`;
  return page.source;
}
