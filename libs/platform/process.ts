import { Rejected } from './errors.js';

const stopTimeoutMillis = 4_500;
let stopping = false;

/** Runs a start; what stops it is said in one message, and the exit code is not 0. */
export async function startOrExplain(start: () => Promise<void>): Promise<void> {
  try {
    await start();
  } catch (error) {
    // What breaks off because everything is being stopped is no failure of the start.
    if (stopping) return;
    const said = error instanceof Rejected ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`${said}\n`);
    process.exit(error instanceof Rejected ? 2 : 3);
  }
}

/** Stops in order on Ctrl-C and SIGTERM, within 5 s; a second signal ends at once. */
export function onStop(stop: () => Promise<void>): void {
  const handle = (): void => {
    if (stopping) process.exit(130);
    stopping = true;
    setTimeout(() => process.exit(1), stopTimeoutMillis).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`stopping went wrong: ${error instanceof Error ? error.message : String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', handle);
  process.on('SIGTERM', handle);
}
