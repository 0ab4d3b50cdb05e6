import { spokenTime } from '#messaging';
import type { visitOf, OwnPage } from './own-page.js';
import { html, type Markup } from './page.js';

export interface OtherTimes {
  readonly visit: NonNullable<Awaited<ReturnType<typeof visitOf>>>;
  /** Instants at which the visit may be instead. */
  readonly starts: readonly string[];
  /** The one that was tapped was gone. */
  readonly taken: boolean;
  /** A tap moves the visit; otherwise it is a wish that staff answer. */
  readonly atOnce: boolean;
}

/** The times that a visit may have instead, one button each, and a way out for whom none suits. Says nothing of what the visit is for. */
export function anotherTimeView({ base, words, language }: OwnPage, { visit, starts, taken, atOnce }: OtherTimes): Markup {
  const action = `${base}/another-time`;
  const timeZone = visit.session.timeZone ?? 'UTC';
  const times = starts.map((start) => {
    const { date, time } = spokenTime(start, timeZone, language, 'long');
    return html`<button name="start" value="${start}">${date}, ${time}</button>`;
  });
  const choice = html`<p>${atOnce ? words.chooseTime : words.wishTime}</p>
    <form class="answers" method="post" action="${action}">${times}</form>`;
  return html`<p class="soft">${words.timeNow}</p>
    <p class="when">${visit.when}</p>
    ${taken ? html`<p role="alert" class="alarm">${words.timeTaken}</p>` : null}${starts.length === 0 ? html`<p>${words.noTimes}</p>` : choice}
    <form method="post" action="${action}"><button class="${starts.length === 0 ? 'main' : ''}">${words.noneSuits}</button></form>
    <form method="post" action="${`${base}/earlier`}"><button>${words.earlier}</button></form>
    <p><a href="${base}">${words.back}</a></p>`;
}
