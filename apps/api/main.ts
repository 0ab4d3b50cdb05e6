import { systemClock } from '#platform';
import { readConfig } from '../../libs/platform/config.js';
import { openLog } from '../../libs/platform/logging.js';
import { onStop, startOrExplain } from '../../libs/platform/process.js';
import { openAfterglow } from '../worker/afterglow.js';
import { registerKeys } from '../worker/set-up.js';
import { startApi } from './app.js';

await startOrExplain(async () => {
  const config = readConfig(process.env);
  const log = openLog(config.LOG_LEVEL);
  const afterglow = await openAfterglow({ config, clock: systemClock, log });
  await registerKeys(afterglow, config.API_KEYS ?? []);
  const api = await startApi(afterglow, { port: config.PORT, host: '0.0.0.0' });
  log.info({ address: api.address }, 'the API is listening');
  onStop(async () => {
    await api.stop();
    await afterglow.close();
  });
});
