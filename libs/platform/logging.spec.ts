import { expect, test } from '@jest/globals';
import { openLog } from './logging.js';

test('no personal data reaches a log line, however it was nested (invariant 11)', () => {
  const lines: string[] = [];
  const log = openLog('info', { write: (line: string) => void lines.push(line) });
  log.info({ patientId: 'p-1', phone: '+12125550100', message: { body: 'pus' }, data: { person: { givenName: 'Ana' }, row: { email: 'a@b.c' } } }, 'received');
  expect(lines).toHaveLength(1);
  for (const secret of ['+12125550100', 'pus', 'Ana', 'a@b.c']) expect(lines[0]).not.toContain(secret);
  expect(lines[0]).toContain('p-1');
});
