import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { templateKeys } from '#messaging';
import { projectRoot } from '#platform';
import { kinds, touchpointNames } from './kinds.js';

const page = readFileSync(join(projectRoot, 'docs/touchpoints.md'), 'utf8');
const lines = page.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| touchpoint |'));
const rows = lines
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter((cells) => cells.length === 9)
  .map(([, name = '', , texts = '', channel = '', category = '', scope = '']) => ({ name, texts, channel, category, scope }));
/** Of a touchpoint: its own text, and those for when it is another time or was answered. */
const textsOf = (name: string) => templateKeys.filter((key) => key === name || key.startsWith(`${name}.`));

describe('docs/touchpoints.md', () => {
  it('names every kind of touchpoint, in the order of the code, and no other', () => {
    expect(rows.map(({ name }) => name)).toEqual(touchpointNames);
  });

  it.each(touchpointNames)('tells the truth of %s', (name) => {
    const { prefers, yields, elseCall, category, scope } = kinds[name];
    const channel = [prefers, ...(elseCall ? ['else a call'] : []), ...(yields ? ['yields'] : [])].join(', ');
    const texts = textsOf(name)
      .map((key) => `\`${key}\``)
      .join(', ');
    expect(rows.find((row) => row.name === name)).toEqual({ name, texts, channel, category, scope });
  });

  it('names every text once, and none that there is not', () => {
    const named = lines.flatMap((line) => [...line.matchAll(/`([\w.-]+)`/g)].map(([, key]) => key));
    expect([...named].sort()).toEqual([...templateKeys].sort());
  });

  it('shows pictures that are there', () => {
    const shown = [...page.matchAll(/\]\((pictures\/[^)]+)\)/g)].map(([, path = '']) => path);
    expect(shown.length).toBeGreaterThan(4);
    expect(shown.filter((path) => !existsSync(join(projectRoot, 'docs', path)))).toEqual([]);
  });
});
