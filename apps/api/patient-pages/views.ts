import type { SessionView } from '#treatment';
import type { AfterAnswer, CarePart } from './care.js';
import { checklistView } from './checklist.js';
import { historyWords } from './history/words.js';
import type { OwnPage } from './own-page.js';
import { html, type Markup } from './page.js';
import type { Words } from './words.js';

export interface Visit {
  readonly status: SessionView['status'];
  /** Day and hour as the patient says them, in the place's own time. */
  readonly when: string;
  readonly place: string;
  /** An earlier time that is kept for the patient, and until when. */
  readonly offer?: { readonly when: string; readonly until: string };
}

const button = (base: string, action: string, label: string, look = '') =>
  html`<form method="post" action="${`${base}/${action}`}"><button class="${look}">${label}</button></form>`;

/** What a tap was answered with, by its name in the address. */
const answers: Readonly<Record<string, keyof Words>> = {
  moved: 'moved',
  'wish-kept': 'wishKept',
  earlier: 'earlierNoted',
  kept: 'kept',
  'offer-over': 'offerOver',
};

/** An earlier time, and two plain answers to it. */
const offerPart = ({ when, until }: NonNullable<Visit['offer']>, base: string, words: Words): Markup =>
  html`<h2>${words.offered}</h2>
    <p class="when">${when}</p>
    <p class="soft">${words.offeredUntil} ${until}.</p>
    <form method="post" action="${`${base}/offer`}">
      <button class="main" name="answer" value="take">${words.takeIt}</button>
      <button name="answer" value="keep">${words.keepMine}</button>
    </form>`;

function visitPart(visit: Visit | null, base: string, words: Words, said: string | undefined): Markup {
  if (visit === null) return html`<p>${words.noVisit}</p>`;
  const card = html`<p class="when">${visit.when}</p>
    <p class="soft">${visit.place}</p>`;
  if (said === 'another-time')
    return html`${card}
      <p role="status">${words.anotherTimeAsked}</p>`;
  const done = said === undefined ? undefined : answers[said];
  if (done !== undefined)
    return html`${card}
      <p role="status">${words[done]}</p>`;
  if (visit.offer !== undefined) return html`${card}${offerPart(visit.offer, base, words)}`;
  if (said === 'not-now')
    return html`${card}
      <p role="status">${words.notNow}</p>`;
  if (visit.status === 'on_hold')
    return html`${card}
      <p>${words.onHold}</p>`;
  const other = html`<p><a class="button" href="${`${base}/another-time`}">${words.anotherTime}</a></p>`;
  if (visit.status === 'confirmed')
    return html`${card}
      <p role="status">${words.confirmed}</p>
      ${other}`;
  return html`${card}${button(base, 'confirm', words.confirm, 'main')}${other}`;
}

/** What anyone may see who holds the link: that there is an appointment, and when. */
export const frontView = (visit: Visit | null, base: string, words: Words, said: string | undefined): Markup =>
  html`${visitPart(visit, base, words, said)}
    <p><a class="button" href="${`${base}/care`}">${words.forYou}</a></p>`;

/** Pages that ask for the birth date first. */
export const guarded = ['care', 'check-in', 'photo', 'history', 'consent', 'another-time'] as const;
export type Guarded = (typeof guarded)[number];

/** The question that stands before anything clinical. */
export function birthDateView(
  { base, words, language, patient }: Pick<OwnPage, 'base' | 'words' | 'language' | 'patient'>,
  next: Guarded,
  trouble: 'wrong' | 'locked' | null,
): Markup {
  const why = next === 'history' && patient.person.birthDate === undefined ? historyWords[language].yourBirthDate : words.birthDateWhy;
  if (trouble === 'locked') return html`<p role="alert">${words.locked}</p>`;
  const wrong = trouble === 'wrong' ? html`<p role="alert" class="alarm">${words.wrong}</p>` : null;
  return html`${wrong}
    <form method="post" action="${`${base}/birth-date`}">
      <input type="hidden" name="next" value="${next}" />
      <p>${why}</p>
      <label for="birth">${words.birthDate}</label><input id="birth" name="birthDate" type="date" required autocomplete="bday" /><button class="main">
        ${words.go}
      </button>
    </form>`;
}

/** What a page with a box shows: `once` makes a form that is sent twice one answer; after trouble the words stand in it again. */
export interface Box {
  readonly once: string;
  readonly text?: string;
  readonly trouble?: 'too-large' | 'no-photo' | null;
}

/** Two ways to a photo: not every telephone offers its camera where a file may be chosen. Nothing but what browsers show is offered. */
function photoInputs(words: Words): Markup {
  const types = 'image/jpeg,image/png,image/webp';
  return html`<label for="take">${words.takePhoto}</label><input id="take" name="photo" type="file" accept="${types}" capture="user" /><label for="choose"
      >${words.choosePhoto}</label
    ><input id="choose" name="photo" type="file" accept="${types}" multiple />`;
}

const troubleView = (words: Words, trouble: Box['trouble']): Markup | null =>
  trouble === 'too-large' || trouble === 'no-photo'
    ? html`<p role="alert" class="alarm">${trouble === 'too-large' ? words.photoTooLarge : words.notAPhoto}</p>`
    : null;

const form = (action: string, once: string, content: Markup, withFiles = true) =>
  html`<form
    method="post"
    action="${action}"
    data-keep="${action.split('/').at(-1) ?? ''} ${withFiles ? 'words' : 'answers'}"
    enctype="${withFiles ? 'multipart/form-data' : 'application/x-www-form-urlencoded'}"
  >
    <input type="hidden" name="once" value="${once}" />${content}
  </form>`;

/** A box with room for photos, and three big answers where the link came with that question. */
export function checkInView(base: string, words: Words, { once, text = '', trouble = null }: Box, asked: boolean): Markup {
  const answer = (value: string, label: string) => html`<button name="answer" value="${value}">${label}</button>`;
  const action = `${base}/check-in`;
  const answers = html`<div class="answers">${answer('1', words.fine)}${answer('2', words.unsure)}${answer('3', words.help)}</div>`;
  const box = html`<label for="text">${words.inWords}</label><textarea id="text" name="text" rows="3" maxlength="1000">${text}</textarea>
    <details>
      <summary>${words.addPhoto}</summary>
      ${photoInputs(words)}
    </details>
    <button>${words.send}</button>`;
  return html`${troubleView(words, trouble)}${asked ? form(action, `${once}-answers`, answers, false) : null}${form(action, `${once}-words`, box)}
    <p class="alarm">${words.emergency}</p>`;
}

/** How to take a photo that helps, and the way to send it. */
export const photoView = (base: string, words: Words, { once, text = '', trouble = null }: Box): Markup =>
  html`${troubleView(words, trouble)}
    <p>${words.photoHow}</p>
    ${form(
      `${base}/photo`,
      once,
      html`${photoInputs(words)}<label for="text">${words.photoWords}</label><textarea id="text" name="text" rows="3" maxlength="1000">${text}</textarea>
        <button class="main">${words.send}</button>`,
    )}
    <p class="alarm">${words.emergency}</p>`;

const sections = (base: string, words: Words, parts: readonly CarePart[]): Markup[] =>
  parts.map(
    ({ title, text, steps, more }) =>
      html`<h2>${title}</h2>
        <p class="lines">${text}</p>
        ${steps === undefined ? null : checklistView(base, words, steps)}${more === undefined ? null : html`<p><a class="far" href="${more.to}">${more.label}</a></p>`}`,
  );

/** We have it; what is normal today and what is not; when we ask again. */
export const thanksView = (base: string, words: Words, { care, nextOn }: AfterAnswer): Markup =>
  html`<p role="status">${words.thanks}</p>
    <p class="alarm">${words.emergency}</p>
    ${sections(base, words, care)}${nextOn === null ? null : html`<p>${words.askAgain} ${nextOn}.</p>`}
    <p><a class="button" href="${`${base}/care`}">${words.forYou}</a></p>`;

const scores = ['1', '2', '3', '4', '5'] as const;

/** One question and five thumbs' worth of answers. */
export const satisfactionView = (base: string, words: Words): Markup =>
  html`<form method="post" action="${`${base}/satisfaction`}">
      <div class="scale">${scores.map((score) => html`<button name="score" value="${score}" aria-label="${words[`score${score}`]}">${score}</button>`)}</div>
      <p class="ends soft" aria-hidden="true"><span>${words.leastHappy}</span><span>${words.mostHappy}</span></p>
    </form>
    <p class="alarm">${words.emergency}</p>`;

/** The score is taken; why is asked once, and may be left out. */
export const whyView = (base: string, words: Words, once: string): Markup =>
  html`<p role="status">${words.scoreTaken}</p>
    <form method="post" action="${`${base}/satisfaction`}">
      <input type="hidden" name="once" value="${once}" /><label for="why">${words.why}</label
      ><textarea id="why" name="why" rows="4" maxlength="1000" aria-describedby="why-note"></textarea>
      <p id="why-note" class="soft">${words.whyNote}</p>
      <button class="main">${words.send}</button>
    </form>`;

export const whyThanksView = (words: Words): Markup => html`<p role="status">${words.whyTaken}</p>`;

/** The director's approved texts, and the way to the check-in. */
export const careView = (parts: readonly CarePart[], base: string, words: Words): Markup =>
  html`${sections(base, words, parts)}
    <p><a class="button" href="${`${base}/check-in`}">${words.howAreYou}</a></p>
    <p><a href="${base}">${words.back}</a></p>`;

export const stopView = (base: string, words: Words): Markup =>
  html`<p>${words.stopAsk}</p>
    ${button(base, 'unsubscribe', words.stop, 'main')}`;
export const stoppedView = (words: Words): Markup => html`<p role="status">${words.stopped}</p>`;
