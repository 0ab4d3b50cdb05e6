import { systemClock } from '#platform';
import { readConfig } from '../../libs/platform/config.js';
import { openLog } from '../../libs/platform/logging.js';
import { onStop, startOrExplain } from '../../libs/platform/process.js';
import { openAfterglow } from './afterglow.js';
import { startTimers } from './timers.js';
import { Worker } from './worker.js';

await startOrExplain(async () => {
  const config = readConfig(process.env);
  const log = openLog(config.LOG_LEVEL);
  const afterglow = await openAfterglow({ config, clock: systemClock, log });
  const worker = new Worker(afterglow);
  await worker.start();
  const stopTimers = await startTimers(afterglow, worker);
  log.info('the worker is running');
  onStop(async () => {
    await stopTimers();
    await worker.stop();
    await afterglow.close();
  });
});
