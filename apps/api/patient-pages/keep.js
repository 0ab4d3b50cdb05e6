/*
 * On a bad line: what is written in a form stays in this tab until the clinic has it, and a form that does not get through is
 * sent again by itself. Every form works without this script; with it, nothing is lost. `once` in the form makes two arrivals
 * one answer.
 */
const waits = [1, 2, 4, 8, 15, 30].map((seconds) => seconds * 1000);
const isSpanish = document.documentElement.lang === 'es';
const words = isSpanish
  ? { sending: 'Enviando…', waiting: 'Sin conexión. Lo que escribió queda guardado aquí y se envía en cuanto vuelva.' }
  : { sending: 'Sending…', waiting: 'No connection. What you wrote is kept here and is sent as soon as it is back.' };
const placeOf = (form) => `${location.pathname.split('/').slice(0, 3).join('/')} ${form.dataset.keep}`;
const storage = (work) => {
  try {
    return work(sessionStorage);
  } catch {
    return null;
  }
};

function keep(form) {
  const pairs = [...new FormData(form)].filter(([, value]) => typeof value === 'string');
  storage((kept) => kept.setItem(placeOf(form), JSON.stringify(pairs)));
}

function restore(form) {
  const pairs = JSON.parse(storage((kept) => kept.getItem(placeOf(form))) ?? 'null');
  if (pairs === null) return;
  // Of another text than the one that stands here now, nothing may be taken over: its ticks would land on other points.
  const mark = form.elements.namedItem('mark');
  if (mark !== null && !pairs.some(([name, value]) => name === 'mark' && value === mark.value)) return storage((kept) => kept.removeItem(placeOf(form)));
  for (const field of form.elements) {
    if (field.name === '' || field.type === 'file' || field.tagName === 'BUTTON') continue;
    const values = pairs.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === 'checkbox') field.checked = values.includes(field.value);
    else if (values.length > 0) field.value = values[0];
  }
}

function say(form, text) {
  const line = form.querySelector('[data-line]') ?? form.appendChild(document.createElement('p'));
  line.dataset.line = '';
  line.setAttribute('role', 'status');
  line.textContent = text;
}

const pause = (millis) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, millis);
    addEventListener('online', () => (clearTimeout(timer), resolve()), { once: true });
  });

/** Answers once the clinic has said something; a server that is down for a moment counts as a bad line. */
async function deliver(form, body) {
  for (let tries = 0; ; tries += 1) {
    say(form, tries === 0 ? words.sending : words.waiting);
    const response = await fetch(form.action, { method: 'POST', body, headers: { Accept: 'text/html' } }).catch(() => null);
    if (response !== null && response.status < 500) return response;
    say(form, words.waiting);
    await pause(waits[Math.min(tries, waits.length - 1)]);
  }
}

function bodyOf(form, button) {
  const data = new FormData(form);
  if (button?.name) data.append(button.name, button.value);
  return form.enctype === 'multipart/form-data' ? data : new URLSearchParams([...data]);
}

async function send(form, button) {
  const body = bodyOf(form, button);
  const buttons = [...document.querySelectorAll('button')];
  for (const each of buttons) each.disabled = true;
  const response = await deliver(form, body);
  const page = await response.text();
  const next = new DOMParser().parseFromString(page, 'text/html');
  // The half hour of the birth date may be over: then nothing was taken yet.
  const isTaken = response.ok && next.querySelector('form[action$="/birth-date"]') === null;
  if (isTaken) storage((kept) => kept.removeItem(placeOf(form)));
  if (response.redirected) return location.assign(response.url);
  document.replaceChild(document.adoptNode(next.documentElement), document.documentElement);
  begin();
  document.querySelector('[role=alert], h1')?.scrollIntoView();
}

function begin() {
  for (const form of document.querySelectorAll('form[data-keep]')) restore(form);
}

document.addEventListener('input', ({ target }) => target.form?.dataset.keep && keep(target.form));
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (!form.dataset.keep) return;
  event.preventDefault();
  keep(form);
  void send(form, event.submitter);
});
begin();
