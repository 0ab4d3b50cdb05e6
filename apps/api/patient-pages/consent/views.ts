import type { ConsentWording } from '#clinic';
import { type Language, spokenTime } from '#messaging';
import { spoken, treatmentWords } from '../history/words.js';
import { html, type Markup } from '../page.js';
import { type Copy, pointsOf, type Reading } from './consent.js';
import { consentWords } from './words.js';

export type ConsentTrouble = 'tickAll' | 'nameNeeded' | 'changed' | 'notSaved';

interface Place {
  readonly base: string;
  readonly language: Language;
  readonly timeZone: string;
}

export interface SigningForm {
  readonly once: string;
  readonly name: string;
  readonly ticked: readonly string[];
  readonly trouble: ConsentTrouble | null;
  /** A day in words. */
  readonly today: string;
}

const names: Readonly<Record<string, readonly [string, string]>> = treatmentWords;

function planLines({ plan }: Reading, language: Language): string[] {
  const w = consentWords[language];
  return plan.items.map(({ protocolId, sessions, area }) => {
    const name = names[protocolId];
    const count = `${sessions} ${sessions === 1 ? w.session : w.sessions}`;
    return [name === undefined ? protocolId : spoken(name, language), ...(area === undefined ? [] : [area]), count].join(', ');
  });
}

const documentView = ({ title, text }: ConsentWording): Markup =>
  html`<h2>${title}</h2>
    <p class="lines">${text}</p>`;

const askView = (base: string, language: Language, once: string): Markup =>
  html`<h2>${consentWords[language].question}</h2>
    <form method="post" action="${`${base}/consent/question`}" data-keep="question">
      <input type="hidden" name="once" value="${`${once}-question`}" /><label for="text" class="unseen">${consentWords[language].question}</label
      ><textarea id="text" name="text" rows="3" maxlength="1000" required></textarea><button>${consentWords[language].ask}</button>
    </form>`;

/** The plan, what it is about in the clinic's words, each point to tick, and the line for the name. */
export function signView({ base, language }: Place, reading: Reading, { once, name, ticked, trouble, today }: SigningForm): Markup {
  const w = consentWords[language];
  const points = pointsOf(reading, language).map(
    (point, index) =>
      html`<label class="tick"
        ><input type="checkbox" name="ticked" value="${String(index)}" required ${ticked.includes(String(index)) ? html`checked` : null} /><span
          >${point}</span
        ></label
      >`,
  );
  return html`${trouble === null ? null : html`<p role="alert" class="alarm">${w[trouble]}</p>`}
    <h2>${w.yourPlan}</h2>
    <p class="lines">${planLines(reading, language).join('\n')}</p>
    ${reading.documents.map(documentView)}
    <p class="soft">${w.document} ${reading.version}</p>
    <form method="post" action="${`${base}/consent`}" data-keep="consent">
      <input type="hidden" name="once" value="${once}" /><input type="hidden" name="mark" value="${reading.mark}" />
      <h2 id="points">${w.acknowledge}</h2>
      <div role="group" aria-labelledby="points">${points}</div>
      <label for="name">${w.name}</label><input id="name" name="name" autocomplete="name" maxlength="200" required value="${name}" />
      <p class="soft">${w.signs} ${today}</p>
      <button class="main">${w.sign}</button>
    </form>
    ${askView(base, language, once)}`;
}

/** What is missing before there is anything to sign. */
export const notYetView = ({ base, language }: Place, missing: keyof typeof consentWords.en, once: string, mayAsk: boolean): Markup =>
  html`<p>${consentWords[language][missing]}</p>
    ${mayAsk ? askView(base, language, once) : null}`;

/** What was signed, word for word where it was signed here. */
export function copyView({ language, timeZone }: Place, { documentVersion, signedAt, name, points, documents }: Copy): Markup {
  const w = consentWords[language];
  const day = `${spokenTime(signedAt, timeZone, language, 'long').date}, ${signedAt.slice(0, 4)}`;
  return html`<p role="status">${w.signedOn} ${day}${name === null ? null : html` ${w.by} <strong>${name}</strong>`}. ${w.document} ${documentVersion}.</p>
    ${points.length === 0 ? html`<p>${w.onPaper}</p>` : null}${documents.map(documentView)}
    <ul>
      ${points.map((point) => html`<li>${point}</li>`)}
    </ul>`;
}

export const askedView = (language: Language): Markup => html`<p role="status">${consentWords[language].asked}</p>`;
