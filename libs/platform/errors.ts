/** The domain says no. Never retried; over HTTP a 4xx problem. `code` is stable, `path` names the faulty field. */
export class Rejected extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly details: { readonly path?: string; readonly status?: number; readonly [key: string]: unknown } = {},
  ) {
    super(message);
    this.name = 'Rejected';
  }
}

/** Someone was faster. The command is decided again, at most three times. */
export class Conflict extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Conflict';
  }
}
// Anything else that is thrown is a fault, and loud.
