import type { Request, Response } from 'express';
import type { Afterglow } from '../../worker/afterglow.js';
import { cookie } from '../access.js';
import { isLocked, isPass } from './links.js';
import { type OwnPage, ownPage, strangersFrame } from './own-page.js';
import { type Frame, html, type Markup, pageOf, pagePolicy } from './page.js';
import { birthDateView, type Guarded } from './views.js';
import { words } from './words.js';

export const passCookie = 'afterglow_pass';

/** `keeps`: the page has a form that is kept in the browser until it has got through. */
interface Manner {
  readonly keeps?: boolean;
}

function send(response: Response, frame: Frame, title: string, body: Markup, { keeps = false }: Manner = {}): void {
  response.set({ 'Content-Security-Policy': pagePolicy(keeps), 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' });
  response.type('html').send(pageOf(frame, title, body, keeps));
}

/** Sends a page of this patient's. */
export const show = (response: Response, own: OwnPage, title: string, body: Markup, manner?: Manner): void => send(response, own.frame, title, body, manner);

/** Does the work on the page behind a token; whoever comes with an unknown or expired one is told so, and whom to call. */
export async function onPage(
  afterglow: Afterglow,
  token: string,
  { request, response }: { readonly request: Request; readonly response: Response },
  work: (own: OwnPage) => Promise<void>,
): Promise<void> {
  const own = await ownPage(afterglow, token);
  if (own !== null) return work(own);
  const frame = await strangersFrame(afterglow, request.headers['accept-language']);
  const { gone, goneWhy } = words[frame.language];
  send(response.status(404), frame, gone, html`<p>${goneWhy}</p>`);
}

/** True when this browser gave the right birth date on this link within the last half hour. */
export const hasPass = (afterglow: Afterglow, own: OwnPage, request: Request): boolean => isPass(afterglow, own.token, cookie(request, passCookie));

/** The question for the birth date, which leads on to `next`. */
export const askBirthDate = (response: Response, own: OwnPage, title: string, next: Guarded): void =>
  show(response, own, title, birthDateView(own, next, isLocked(own.link) ? 'locked' : null));

/** Writes down that the patient opened something clinical. */
export async function logOpened({ db, clock }: Afterglow, { link }: OwnPage, what: Guarded): Promise<void> {
  const row = { at: clock.now(), actor: `patient ${link.patient_id}`, action: `opened own page (${what})`, patient_id: link.patient_id };
  await db.insertInto('access_log').values(row).execute();
}
