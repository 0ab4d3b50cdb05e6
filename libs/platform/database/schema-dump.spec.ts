import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createTestDatabase } from '../../../test/support/database.js';
import { projectRoot } from '../project-root.js';
import { dumpSchema } from './schema-dump.js';

test('the schema under review, and with it the table types, are those of the migrations (npm run db:types)', async () => {
  const database = await createTestDatabase();
  const dumped = await dumpSchema(database.url).finally(() => database.close());
  expect(dumped).toBe(await readFile(join(projectRoot, 'migrations', 'schema.sql'), 'utf8'));
});
