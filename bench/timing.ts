import type { BenchRow } from './event-store.js';

export const inOrder = (values: readonly number[]): number[] => [...values].sort((one, other) => one - other);
export const middle = (values: readonly number[]): number => inOrder(values)[values.length >> 1] ?? Number.NaN;
export const p95 = (values: readonly number[]): number => inOrder(values)[Math.floor(values.length * 0.95)] ?? Number.NaN;

/** Milliseconds that some work took, time by time, the first times left out, in which code and lists are still cold. */
export function timesOf(times: number, work: () => unknown, cold = Math.ceil(times / 4)): number[] {
  const took: number[] = [];
  for (let turn = -cold; turn < times; turn++) {
    const began = performance.now();
    work();
    if (turn >= 0) took.push(performance.now() - began);
  }
  return took;
}

/** Two rows, the medians and the 95th percentiles; a ratio over 1 says how many times faster ours is. */
export function timeRows(name: string, ours: readonly number[], against: string, reference: readonly number[]): BenchRow[] {
  return (
    [
      ['median', middle],
      ['p95', p95],
    ] as const
  ).map(([which, of]) => ({
    name: `${name} (ms, ${which}), against ${against}`,
    ours: of(ours),
    reference: of(reference),
    ratio: of(reference) / of(ours),
  }));
}
