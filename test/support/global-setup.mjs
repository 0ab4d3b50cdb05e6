// One Postgres for the whole run, from the built product: Jest's setup cannot read TypeScript in ES modules.
import { execFileSync } from 'node:child_process';

export default async function setup() {
  execFileSync('npx', ['tsc', '-p', 'tsconfig.json', '--noCheck', '--incremental', 'false', '--outDir', 'dist/for-tests'], { stdio: 'inherit' });
  const { startTestServer } = await import('../../dist/for-tests/test/support/server.js');
  globalThis.afterglowTestServer = await startTestServer();
  process.env.AFTERGLOW_TEST_DATABASE = globalThis.afterglowTestServer.url;
}
