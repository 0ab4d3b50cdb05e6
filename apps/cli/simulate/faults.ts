import type { FaultOrder } from '../../sandbox/index.js';
import type { Faults } from '../../sandbox/faults.js';
import type { Chance } from './chance.js';

/** Everything that the outside is known to do wrong, each on some days and to some messages. */
const troubles: readonly Omit<FaultOrder, 'rate'>[] = [
  { channel: 'sms', mode: 'accept-then-drop' },
  { channel: 'sms', mode: 'error-after-accept' },
  { channel: 'sms', mode: 'error' },
  { channel: 'sms', mode: 'throttle' },
  { channel: 'sms', mode: 'timeout' },
  { channel: 'sms', mode: 'hold' },
  { channel: 'sms', mode: 'reject', code: 30007 },
  { channel: 'sms', mode: 'undelivered', code: 30005 },
  { channel: 'sms', mode: 'duplicate-callbacks' },
  { channel: 'sms', mode: 'reordered-callbacks' },
  { channel: 'sms', mode: 'lost-callbacks' },
  { channel: 'email', mode: 'accept-then-drop' },
  { channel: 'email', mode: 'error-after-accept' },
  { channel: 'email', mode: 'error' },
  { channel: 'email', mode: 'throttle' },
  { channel: 'email', mode: 'timeout' },
  { channel: 'email', mode: 'reject', code: 550 },
];

/** Sets the day's troubles in place of yesterday's: none on a quiet day, else up to three. */
export function faultsOfDay(faults: Faults, chance: Chance, quiet: boolean): void {
  faults.end();
  if (quiet) return;
  for (let nth = 0; nth < chance.whole('how many', 0, 3); nth += 1) {
    faults.add({ ...chance.pick(`trouble ${nth}`, troubles), rate: chance.between(`rate ${nth}`, 0.1, 0.6) });
  }
}
