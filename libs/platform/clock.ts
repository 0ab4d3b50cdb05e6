/** The only source of the present. Nothing else in the product reads the machine's time. */
export interface Clock {
  /** The present instant. */
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** A clock that stands still until it is moved, and never runs backwards: the demo and the tests drive it. */
export class SimulatedClock implements Clock {
  #now: Date;

  constructor(start: Date) {
    this.#now = start;
  }

  now(): Date {
    return new Date(this.#now);
  }

  /** Moves the clock to `instant`; an instant in the past is ignored, because facts already carry later times. */
  moveTo(instant: Date): void {
    if (instant > this.#now) this.#now = new Date(instant);
  }
}

/** Instants from the first on, and before the second. */
export interface Span {
  readonly from: Date;
  readonly to: Date;
}
