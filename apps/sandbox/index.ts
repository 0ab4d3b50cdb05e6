export type { FaultOrder } from './faults.js';
export type { Accepted } from './journal.js';
export { sandboxRouter } from './routes.js';
export { type Sandbox, type SandboxOptions, startSandbox } from './sandbox.js';
