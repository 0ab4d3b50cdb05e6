// What each patient has received, as they would see it; asked anew every second.
import { showMail } from './mailbox.js';
import { showPhones } from './phones.js';
import { showClock } from './clock.js';
import { showFaults } from './faults.js';
import { ask, byId } from './ask.js';

const everyMillis = 1000;
const seen = { revision: 0, mail: 0 };

function away(error) {
  const note = byId('away');
  note.hidden = error === null;
  if (error !== null) note.textContent = `The sandbox does not answer (${error.message}). What is shown here stays as it was; it is asked again every second.`;
}

async function look() {
  const [activity, { items }] = await Promise.all([ask(`activity?since=${seen.revision}`), ask(`messages?since=${seen.mail}`)]);
  // A revision that ran backwards means that the sandbox began anew, and so does the page.
  if (activity.revision < seen.revision) return location.reload();
  seen.revision = activity.revision;
  seen.mail = items.at(-1)?.n ?? seen.mail;
  showClock(activity);
  showPhones(activity);
  showFaults(activity.faults);
  showMail(
    items.filter(({ channel }) => channel === 'email'),
    activity.timeZone,
  );
}

async function keepLooking() {
  try {
    await look();
    away(null);
  } catch (error) {
    away(error);
  }
  setTimeout(keepLooking, everyMillis);
}

keepLooking();
