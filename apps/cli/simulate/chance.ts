import { createHash } from 'node:crypto';

/**
 * Chance that can be told again. Every decision has a name, and what is drawn for a name depends on nothing else: a
 * patient behaves the same whoever else is in the clinic, which is what lets a story be shortened.
 */
export class Chance {
  constructor(private readonly name: string) {}

  /** Chance of its own for a part of the world. */
  of(...names: readonly (string | number)[]): Chance {
    return new Chance([this.name, ...names].join('/'));
  }

  /** In [0, 1), always the same for the same name. */
  unit(what: string): number {
    return createHash('sha256').update(`${this.name}/${what}`).digest().readUInt32BE(0) / 4_294_967_296;
  }

  happens(what: string, probability: number): boolean {
    return this.unit(what) < probability;
  }

  /** A whole number from `from` to `to`, both included. */
  whole(what: string, from: number, to: number): number {
    return from + Math.floor(this.unit(what) * (to - from + 1));
  }

  between(what: string, from: number, to: number): number {
    return from + this.unit(what) * (to - from);
  }

  pick<T>(what: string, from: readonly T[]): T {
    const picked = from[Math.floor(this.unit(what) * from.length)];
    if (picked === undefined) throw new Error(`nothing to pick for ${what}`);
    return picked;
  }
}
