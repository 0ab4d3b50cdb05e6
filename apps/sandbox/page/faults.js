import { ask, byId, element } from './ask.js';

const words = {
  sms: [
    ['accept-then-drop', 'Message taken, the answer is lost'],
    ['error-after-accept', 'Message taken, answered with an error'],
    ['error', 'Error, message not taken'],
    ['timeout', 'No answer, message not taken'],
    ['throttle', 'Too many requests'],
    ['reject', 'Refused: not a valid number'],
    ['hold', 'Messages wait in the carrier’s queue'],
    ['undelivered', 'Taken, but the phone cannot be reached'],
    ['duplicate-callbacks', 'Delivery reports come twice'],
    ['reordered-callbacks', 'Delivery reports come out of order'],
    ['lost-callbacks', 'Delivery reports are lost'],
  ],
  email: [
    ['accept-then-drop', 'Mail taken, the answer is lost'],
    ['error-after-accept', 'Mail taken, then the server shuts down'],
    ['error', 'Error, mail not taken'],
    ['timeout', 'No answer, mail not taken'],
    ['throttle', 'Too many mails'],
    ['reject', 'Refused: no such mailbox'],
  ],
};

const switches = new Map();

async function turn(channel, mode, input) {
  const [kind, value] = byId('often').value.split(':');
  try {
    if (input.checked) await ask('faults', { channel, mode, [kind]: Number(value) });
    else await ask(`faults?channel=${channel}&mode=${mode}`, undefined, 'DELETE');
  } catch {
    input.checked = !input.checked;
  }
}

function makeSwitch(channel, mode, label) {
  const input = element('input', { type: 'checkbox' });
  input.setAttribute('role', 'switch');
  input.addEventListener('change', () => turn(channel, mode, input));
  const note = element('span', { className: 'quiet' });
  switches.set(`${channel} ${mode}`, { input, note });
  return element('label', { className: 'fault' }, element('span', {}, `${label} `, note), input);
}

const often = ({ count, rate }) => (count !== undefined ? `(next ${count})` : rate < 1 ? `(${Math.round(rate * 100)} %)` : '');

/** Shows which faults are in force, whoever asked for them. */
export function showFaults(orders) {
  for (const [key, { input, note }] of switches) {
    const order = orders.find(({ channel, mode }) => `${channel} ${mode}` === key);
    input.checked = order !== undefined;
    note.textContent = order === undefined ? '' : often(order);
  }
}

const group = (title, channel) => [element('h3', { text: title }), ...words[channel].map(([mode, label]) => makeSwitch(channel, mode, label))];
byId('switches').append(...group('Texts', 'sms'), ...group('E-mail', 'email'));
