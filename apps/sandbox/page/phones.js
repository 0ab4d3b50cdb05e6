import { ask, byId, dayOf, element, hourOf, timeElement } from './ask.js';

const shownAtFirst = 24;
const longestThread = 60;
/** phone → {texts: Map(sid → text), latest, card} */
const phones = new Map();
let shown = shownAtFirst;
let zone = 'UTC';

const pretty = (phone) => phone.replace(/^\+1(\d{3})(\d{3})(\d{4})$/, '+1 $1 $2 $3');

/** Web addresses become links that open beside the sandbox. */
function withLinks(body) {
  return body.split(/(https?:\/\/[^\s<>"]+)/).map((part, index) => {
    if (index % 2 === 0) return part;
    return element('a', { href: part, target: '_blank', rel: 'noopener noreferrer', text: part });
  });
}

function stamp(text, isLast) {
  if (text.status === 'undelivered') return `not delivered (${text.errorCode})`;
  if (text.status === 'queued' || text.status === 'accepted') return 'waiting at the carrier';
  return isLast ? hourOf(text.at, zone) : null;
}

function bubble(text, lands) {
  const side = text.direction === 'inbound' ? 'out' : 'in';
  const pictures = text.media.map((src) => element('img', { src, alt: 'Photo', loading: 'lazy' }));
  const arrived = side === 'out' || text.status === 'delivered';
  const classes = ['text', side, arrived ? '' : 'lost', lands ? 'lands' : ''];
  return element('div', { className: classes.filter(Boolean).join(' '), title: `${text.at} (${zone})` }, ...pictures, ...withLinks(text.body));
}

function drawThread(phone, fresh) {
  const { texts, card } = phone;
  const thread = card.querySelector('.thread');
  const wasAtEnd = thread.scrollHeight - thread.scrollTop - thread.clientHeight < 40;
  const lines = [...texts.values()].sort((one, other) => one.at.localeCompare(other.at)).slice(-longestThread);
  const drawn = [];
  let day = '';
  for (const [index, text] of lines.entries()) {
    if (dayOf(text.at, zone) !== day) {
      day = dayOf(text.at, zone);
      drawn.push(element('div', { className: 'day' }, timeElement(text.at, zone, day)));
    }
    drawn.push(bubble(text, fresh.has(text.sid)));
    const next = lines[index + 1];
    const words = stamp(text, next === undefined || next.direction !== text.direction || next.at !== text.at);
    if (words !== null) drawn.push(element('div', { className: text.direction === 'inbound' ? 'stamp out' : 'stamp', text: words }));
  }
  thread.replaceChildren(...drawn);
  if (wasAtEnd) thread.scrollTop = thread.scrollHeight;
}

/** Texts the clinic, and says in the phone's own line whether the clinic has taken it. */
async function send(from, body, heard) {
  heard.classList.remove('wrong');
  heard.textContent = 'Sending…';
  try {
    await ask('replies', { from, body });
    heard.textContent = 'The clinic has it.';
    return true;
  } catch (error) {
    heard.classList.add('wrong');
    heard.textContent = `The clinic did not take it (${error.message}). Your words are kept: send again.`;
    return false;
  }
}

function makeCard(phone) {
  const heard = element('div', { className: 'heard' });
  heard.setAttribute('role', 'status');
  const input = element('input', { name: 'body', maxLength: 1600, placeholder: 'Text the clinic', autocomplete: 'off' });
  input.setAttribute('aria-label', `Text the clinic from ${pretty(phone)}`);
  const form = element('form', { className: 'reply' }, input, element('button', { text: 'Send' }));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const body = input.value.trim();
    if (body !== '' && (await send(phone, body, heard)) && input.value.trim() === body) input.value = '';
  });
  const quick = ['1', '2', '3', 'STOP'].map((word) => {
    const button = element('button', { type: 'button', text: word });
    button.setAttribute('aria-label', `Answer ${word}`);
    button.addEventListener('click', () => send(phone, word, heard));
    return button;
  });
  const thread = element('div', { className: 'thread', tabIndex: 0 });
  thread.setAttribute('role', 'log');
  thread.setAttribute('aria-label', `Texts of ${pretty(phone)}`);
  const stopped = element('span', { className: 'stopped', text: 'has said STOP', hidden: true });
  const head = element('header', {}, element('h3', { text: pretty(phone) }), stopped);
  return element('li', { className: 'phone' }, head, thread, element('div', { className: 'quick' }, ...quick), form, heard);
}

function knownPhone(number) {
  if (!phones.has(number)) phones.set(number, { number, texts: new Map(), latest: '', card: makeCard(number) });
  return phones.get(number);
}

/** The newest first; but nothing moves under the hands of someone who is typing. */
function arrange() {
  const wall = byId('wall');
  const wanted = byId('find').value.replace(/[^\d]/g, '');
  const sorted = [...phones.values()].filter(({ number }) => number.includes(wanted)).sort((one, other) => other.latest.localeCompare(one.latest));
  const cards = sorted.slice(0, shown).map(({ card }) => card);
  if (!wall.contains(document.activeElement)) {
    if (cards.length !== wall.children.length || cards.some((card, index) => card !== wall.children[index]))
      keepScrolls(cards, () => wall.replaceChildren(...cards));
  } else wall.append(...cards.filter((card) => !card.isConnected));
  byId('more').hidden = sorted.length <= shown;
  byId('no-phones').hidden = phones.size > 0;
  byId('phone-count').textContent = phones.size > 0 ? String(phones.size) : '';
}

function keepScrolls(cards, change) {
  const threads = cards.map((card) => card.querySelector('.thread'));
  const places = threads.map((thread) => (thread.isConnected ? thread.scrollTop : Infinity));
  change();
  threads.forEach((thread, index) => (thread.scrollTop = Math.min(places[index], thread.scrollHeight)));
}

/** Takes in the texts that are new or have changed. */
export function showPhones({ texts, optedOut, timeZone }) {
  zone = timeZone;
  const isFirst = phones.size === 0;
  const touched = new Map();
  for (const text of texts) {
    const phone = knownPhone(text.phone);
    const fresh = touched.get(phone) ?? new Set();
    if (!phone.texts.has(text.sid) && !isFirst) fresh.add(text.sid);
    phone.texts.set(text.sid, text);
    phone.latest = phone.latest > text.at ? phone.latest : text.at;
    touched.set(phone, fresh);
  }
  arrange();
  for (const [phone, fresh] of touched) drawThread(phone, fresh);
  for (const { number, card } of phones.values()) card.querySelector('.stopped').hidden = !optedOut.includes(number);
}

byId('find').addEventListener('input', arrange);
byId('more').addEventListener('click', () => {
  shown += shownAtFirst;
  arrange();
});
byId('stranger').addEventListener('submit', async (event) => {
  event.preventDefault();
  const form = event.target;
  const { from, body } = Object.fromEntries(new FormData(form));
  if (await send(from, body, form.querySelector('[role=status]'))) form.elements.body.value = '';
});
