import type { Language } from '#messaging';
import { html, type Markup } from '../page.js';
import type { Words } from '../words.js';
import type { Answers } from './history.js';
import { type Answer, asksConditions, type ConditionQuestion, type Question, questions, type Trouble } from './questions.js';
import { conditionWords, exposureWords, historyWords, type HistoryWords, medicineOptions, spoken, treatmentWords } from './words.js';

export interface Asking {
  readonly base: string;
  readonly language: Language;
  readonly words: Words;
  readonly answer: Answer;
  /** Names the form: sent twice, it is one answer. */
  readonly once: string;
  readonly today: string;
  readonly trouble: Trouble | 'notSaved' | null;
}

type Pair = readonly [string, string];
const tickLine = (value: string, label: string, on: boolean): Markup =>
  html`<label class="tick"><input type="checkbox" name="ticked" value="${value}" ${on ? html`checked` : null} /><span>${label}</span></label>`;

const linesBox = (label: string, lines: readonly string[]): Markup =>
  html`<label for="lines">${label}</label><textarea id="lines" name="lines" rows="3" maxlength="4000">${lines.join('\n')}</textarea>`;

function conditionsAsked(question: ConditionQuestion, { language, answer }: Asking, h: HistoryWords): Markup {
  const offered: [string, Pair][] = Object.entries(conditionWords[question]);
  const ticks = offered.map(([code, words]) => tickLine(code, spoken(words, language), answer.ticked.includes(code)));
  const more =
    question === 'allergies'
      ? linesBox(h.otherAllergies, answer.lines)
      : html`<label for="note">${h.something}</label><textarea id="note" name="note" rows="2" maxlength="1000">${answer.note}</textarea>`;
  return html`<div role="group" aria-labelledby="title">${ticks}</div>
    ${more}`;
}

const medicinesAsked = ({ language, answer }: Asking, h: HistoryWords): Markup =>
  html`<p>${h.keepTaking}</p>
    <div role="group" aria-labelledby="title">
      ${medicineOptions.map(({ key, words }) => tickLine(key, spoken(words, language), answer.ticked.includes(key)))}
    </div>
    ${linesBox(h.otherMedicines, answer.lines)}`;

function exposuresAsked({ language, answer, today }: Asking): Markup {
  const offered: [string, Pair][] = Object.entries(exposureWords);
  const last = (code: string) => answer.dated.filter((one) => one.code === code).at(-1)?.on ?? '';
  return html`${offered.map(
    ([code, words]) =>
      html`<label for="${`on-${code}`}">${spoken(words, language)}</label
        ><input id="${`on-${code}`}" name="${`on.${code}`}" type="date" max="${today}" value="${last(code)}" />`,
  )}`;
}

const datedLines = (dated: Answer['dated'], words: Readonly<Record<string, Pair>>, language: Language): string[] =>
  dated.map(({ code, on }) => `${words[code] === undefined ? code : spoken(words[code], language)}, ${on}`);

function treatmentsAsked({ language, answer, today }: Asking, h: HistoryWords): Markup {
  const offered: [string, Pair][] = Object.entries(treatmentWords);
  const options = offered.map(([id, words]) => html`<option value="${id}">${spoken(words, language)}</option>`);
  const told = datedLines(answer.dated, treatmentWords, language);
  return html`${
      told.length === 0
        ? null
        : html`<ul>
            ${told.map((one) => html`<li>${one}</li>`)}
          </ul>`
    }<label for="which">${h.which}</label
    ><select id="which" name="protocolId">
      <option value="">${h.choose}</option>
      ${options}</select
    ><label for="on">${h.when}</label><input id="on" name="on" type="date" max="${today}" />`;
}

function youAsked({ answer }: Asking, h: HistoryWords): Markup {
  const { givenName = '', familyName = '', phone = '', email = '', mayWrite = false } = answer.person ?? {};
  const field = (name: 'givenName' | 'familyName' | 'phone' | 'email', value: string, type: string, complete: string, required = false) =>
    html`<label for="${name}">${h[name]}</label
      ><input id="${name}" name="${name}" type="${type}" value="${value}" autocomplete="${complete}" maxlength="200" ${required ? html`required` : null} />`;
  return html`${field('givenName', givenName, 'text', 'given-name', true)}${field('familyName', familyName, 'text', 'family-name', true)}
    ${field('phone', phone, 'tel', 'tel')}${field('email', email, 'email', 'email')}<label class="tick"
      ><input type="checkbox" name="mayWrite" value="yes" ${mayWrite ? html`checked` : null} /><span>${h.mayWrite}</span></label
    >`;
}

function asked(question: Question, asking: Asking, h: HistoryWords): Markup {
  if (question === 'you') return youAsked(asking, h);
  if (question === 'medicines') return medicinesAsked(asking, h);
  if (question === 'exposures') return exposuresAsked(asking);
  if (question === 'treatments') return treatmentsAsked(asking, h);
  if (question === 'skincare') return linesBox(h.products, asking.answer.lines);
  return conditionsAsked(question, asking, h);
}

/** One question a screen; what is saved is kept, the way back is a link. */
export function questionView(question: Question, asking: Asking): Markup {
  const { base, language, once, trouble } = asking;
  const h = historyWords[language];
  const place = questions.indexOf(question);
  const earlier = questions[place - 1];
  const none = html`<button name="none" value="yes" formnovalidate>${question === 'treatments' ? h.noMore : h.none}</button>`;
  return html`<p class="soft">${h.question} ${String(place + 1)} ${h.of} ${String(questions.length)}</p>
    ${place === 0 ? html`<p>${h.intro}</p>` : null}${trouble === null ? null : html`<p role="alert" class="alarm">${h[trouble]}</p>`}
    <form method="post" action="${`${base}/history/${question}`}" data-keep="${`history-${question}`}">
      <input type="hidden" name="once" value="${once}" />${asked(question, asking, h)}
      <button class="main">${question === 'treatments' ? h.add : h.save}</button>${question === 'you' ? null : none}
    </form>
    ${earlier === undefined ? null : html`<p><a class="far" href="${`${base}/history/${earlier}`}">${h.earlier}</a></p>`}`;
}

function said(question: Question, answer: Answer, language: Language): string[] {
  if (question === 'you') return Object.values(answer.person ?? {}).flatMap((part) => (typeof part === 'string' ? [part] : []));
  if (question === 'exposures') return datedLines(answer.dated, exposureWords, language);
  if (question === 'treatments') return datedLines(answer.dated, treatmentWords, language);
  const pairs: Readonly<Record<string, Pair>> = asksConditions(question)
    ? conditionWords[question]
    : Object.fromEntries(medicineOptions.map(({ key, words }) => [key, words]));
  const ticked = answer.ticked.flatMap((code) => (pairs[code] === undefined ? [] : [spoken(pairs[code], language)]));
  return [...ticked, ...answer.lines, ...(answer.note === '' ? [] : [answer.note])];
}

/** Everything that was answered, each with the way to change it. */
export function answeredView(base: string, language: Language, answers: Answers): Markup {
  const h = historyWords[language];
  const part = (question: Question): Markup => {
    const lines = said(question, answers.get(question) ?? { ticked: [], lines: [], note: '', dated: [] }, language);
    return html`<h2>${h[question]}</h2>
      <p class="lines">${lines.length === 0 ? h.nothing : lines.join('\n')}</p>
      <p>
        <a class="far" href="${`${base}/history/${question}`}">${h.change}<span class="unseen">: ${h[question]}</span></a>
      </p>`;
  };
  return html`<p role="status">${h.doneWhy}</p>
    ${questions.map(part)}`;
}
