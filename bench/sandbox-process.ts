/* The outside world in a process of its own, as it is: the clinic's machine does not pay for the carrier's work. */
import { systemClock } from '#platform';
import { startSandbox } from '../apps/sandbox/index.js';

const [webhookBaseUrl = '', accountSid = '', authToken = '', number = ''] = process.argv.slice(2);
const { url, smtpUrl } = await startSandbox({ webhookBaseUrl, accountSid, authToken, number, clock: systemClock });
process.send?.({ url, smtpUrl });
process.once('disconnect', () => process.exit());
