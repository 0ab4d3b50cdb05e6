import { ask, byId, dayOf, hourOf } from './ask.js';

const stepEveryMillis = 1000;
let isPlaying = false;
let isMoving = false;

/** Shows the simulated time in the clinic's zone. */
export function showClock({ now, timeZone, canAdvance }) {
  const shown = byId('now');
  shown.textContent = `${dayOf(now, timeZone)}, ${hourOf(now, timeZone)}`;
  shown.dateTime = now;
  shown.title = `${now} (${timeZone})`;
  byId('play').disabled = !canAdvance;
  byId('day').disabled = !canAdvance || isMoving || isPlaying;
}

async function move(by) {
  isMoving = true;
  const settling = setTimeout(() => (byId('settling').textContent = 'Settling…'), 300);
  try {
    await ask('clock/advance', { by });
    byId('settling').textContent = '';
  } catch (error) {
    play(false);
    byId('settling').textContent = `The clock did not move: ${error.message}`;
  } finally {
    clearTimeout(settling);
    isMoving = false;
  }
}

function play(wanted) {
  isPlaying = wanted;
  const button = byId('play');
  button.textContent = wanted ? 'Pause' : 'Play';
  button.setAttribute('aria-pressed', String(wanted));
  byId('day').disabled = wanted;
}

async function step() {
  if (!isPlaying) return;
  const wait = new Promise((resolve) => setTimeout(resolve, stepEveryMillis));
  if (!isMoving) await move(byId('speed').value);
  await wait;
  step();
}

byId('play').addEventListener('click', () => {
  play(!isPlaying);
  step();
});

byId('day').addEventListener('click', async () => {
  byId('day').disabled = true;
  await move('P1D');
});
