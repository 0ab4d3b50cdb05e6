import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { projectRoot } from '#platform';
import { kinds, touchpointNames } from './kinds.js';

const rows = readFileSync(join(projectRoot, 'docs/touchpoints.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| [a-z-]+ \|/.test(line) && !line.startsWith('| touchpoint |'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, name = '', , channel = '', category = '', scope = '']) => ({ name, channel, category, scope }));

describe('docs/touchpoints.md', () => {
  it('names every kind of touchpoint, in the order of the code, and no other', () => {
    expect(rows.map(({ name }) => name)).toEqual(touchpointNames);
  });

  it.each(touchpointNames)('tells the truth of %s', (name) => {
    const { prefers, yields, elseCall, category, scope } = kinds[name];
    const channel = [prefers, ...(elseCall ? ['else a call'] : []), ...(yields ? ['yields'] : [])].join(', ');
    expect(rows.find((row) => row.name === name)).toEqual({ name, channel, category, scope });
  });
});
