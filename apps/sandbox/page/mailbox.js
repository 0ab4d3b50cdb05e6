import { byId, element, timeElement } from './ask.js';

const longestList = 200;

/** HTML stands in a frame without rights; a text-only mail as plain text. */
function letter(mail) {
  if (mail.html === undefined) return element('pre', { text: mail.body });
  const frame = element('iframe', { src: `/sandbox/mail/${mail.n}`, title: mail.subject, loading: 'lazy' });
  frame.setAttribute('sandbox', 'allow-popups allow-popups-to-escape-sandbox');
  return frame;
}

/** Sets the opened letter as wide as a phone or a desk shows it. */
function widen(width) {
  byId('sheet').dataset.width = width;
  for (const button of byId('letter').querySelectorAll('[role=group] button')) button.setAttribute('aria-pressed', String(button.value === width));
}

function open(mail) {
  byId('letter-subject').textContent = mail.subject || '(no subject)';
  byId('sheet').replaceChildren(letter(mail));
  byId('letter').showModal();
}

function envelope(mail, timeZone) {
  const subject = element('span', { className: 'subject', text: mail.subject || '(no subject)', title: mail.subject });
  const when = element('span', { className: 'quiet' }, timeElement(mail.acceptedAt, timeZone));
  const to = element('span', { className: 'quiet to', text: `to ${mail.to}` });
  const details = element('details', {}, element('summary', {}, subject, when, to));
  details.addEventListener(
    'toggle',
    () => {
      const files = (mail.attachments ?? []).map(({ filename, contentType }) => filename ?? contentType);
      const from = `from ${mail.from}${files.length > 0 ? ` · attached: ${files.join(', ')}` : ''}`;
      const closer = element('button', { type: 'button', text: 'Look at it on a phone or a desk' });
      closer.addEventListener('click', () => open(mail));
      details.append(element('div', { className: 'letter' }, element('div', { className: 'quiet', text: from }), letter(mail), closer));
    },
    { once: true },
  );
  return element('li', {}, details);
}

/** Puts new e-mails on top of the mailbox. */
export function showMail(mails, timeZone) {
  const list = byId('mail');
  for (const mail of mails) list.prepend(envelope(mail, timeZone));
  while (list.children.length > longestList) list.lastElementChild.remove();
  byId('no-mail').hidden = list.children.length > 0;
  byId('mail-count').textContent = list.children.length > 0 ? String(list.children.length) : '';
}

byId('letter')
  .querySelector('[role=group]')
  .addEventListener('click', ({ target }) => target.value && widen(target.value));
byId('letter-close').addEventListener('click', () => byId('letter').close());
