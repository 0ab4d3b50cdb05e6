// A worker of the product on a clock that stands still: it sends what is due, until it is killed.
import { setTimeout as pause } from 'node:timers/promises';
import { SimulatedClock } from '#platform';
import { openAfterglow } from '../../dist/apps/worker/afterglow.js';
import { Worker } from '../../dist/apps/worker/worker.js';
import { readConfig } from '../../dist/libs/platform/config.js';
import { openLog } from '../../dist/libs/platform/logging.js';

const clock = new SimulatedClock(new Date(process.env['STANDS_AT']));
const worker = new Worker(await openAfterglow({ config: readConfig(process.env), clock, log: openLog('silent') }));
await worker.start();
for (;;) {
  await worker.sweep();
  await pause(20);
}
