import { describe, expect, it } from '@jest/globals';
import { Together } from './together.js';

describe('work done together', () => {
  it('answers each in order, and makes one round of what is asked while another runs', async () => {
    const rounds: number[][] = [];
    const doubles = new Together(async (asks: readonly number[]) => {
      rounds.push([...asks]);
      await new Promise((resolve) => setImmediate(resolve));
      return asks.map((ask) => ask * 2);
    }, 3);
    const first = doubles.ask(1);
    await new Promise((resolve) => process.nextTick(resolve));
    const others = [2, 3, 4, 5].map((ask) => doubles.ask(ask));
    expect([await first, ...(await Promise.all(others))]).toEqual([2, 4, 6, 8, 10]);
    expect(rounds.flat()).toEqual([1, 2, 3, 4, 5]);
    expect(rounds.length).toBeLessThan(5);
    expect(Math.max(...rounds.map(({ length }) => length))).toBeLessThanOrEqual(3);
  });

  it('lets one faulty ask fail alone', async () => {
    const picky = new Together(async (asks: readonly string[]) => {
      if (asks.includes('bad')) throw new Error('no');
      return asks.map((ask) => ask.toUpperCase());
    });
    const answers = await Promise.allSettled(['a', 'bad', 'c'].map((ask) => picky.ask(ask)));
    expect(answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : 'failed'))).toEqual(['A', 'failed', 'C']);
    await expect(picky.ask('d')).resolves.toBe('D');
  });
});
