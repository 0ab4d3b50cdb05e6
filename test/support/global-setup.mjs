// A folder for the run's Postgres. The first test that wants a database starts the server in it (database.ts): most need none.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export default function setup() {
  process.env.AFTERGLOW_TEST_DIR = mkdtempSync(join(tmpdir(), 'afterglow-test-'));
}
