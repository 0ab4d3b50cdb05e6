export const byId = (id) => document.getElementById(id);

/** Makes an element; text goes in as text, never as markup. */
export function element(name, { text, ...properties } = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  if (text !== undefined) made.textContent = text;
  made.append(...children);
  return made;
}

/** Calls the sandbox. Throws with its own words when it says no. */
export async function ask(path, body, method = body === undefined ? 'GET' : 'POST') {
  const init = body === undefined ? { method } : { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(`/sandbox/${path}`, init);
  const answer = await response.json();
  if (!response.ok) throw Object.assign(new Error(answer.detail ?? `status ${response.status}`), { status: response.status });
  return answer;
}

const formats = new Map();
function format(options, timeZone) {
  const key = JSON.stringify([options, timeZone]);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat('en-GB', { ...options, timeZone }));
  return formats.get(key);
}

/** “Tue 1 Dec”, in the clinic's zone. */
export const dayOf = (instant, timeZone) => format({ weekday: 'short', day: 'numeric', month: 'short' }, timeZone).format(new Date(instant)).replace(',', '');
/** “10:30” */
export const hourOf = (instant, timeZone) => format({ hour: '2-digit', minute: '2-digit' }, timeZone).format(new Date(instant));

/** A time as people say it, exact on hover. */
export function timeElement(instant, timeZone, text = `${dayOf(instant, timeZone)}, ${hourOf(instant, timeZone)}`) {
  return element('time', { dateTime: instant, title: `${instant} (${timeZone})`, text });
}
