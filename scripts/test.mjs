// Everything: types, lint, boundaries, then every spec on real Postgres, both queue back ends and a real browser.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildConsole } from './console.mjs';
import { build, install, requireNode, root, run } from './install.mjs';

requireNode();
install();
run(process.execPath, [join(root, 'scripts', 'check.mjs')]);
build();
await buildConsole();

const folder = mkdtempSync(join(tmpdir(), 'afterglow-jest-'));
const report = join(folder, 'report.json');
const jest = ['--experimental-vm-modules', '--no-warnings', join(root, 'node_modules', 'jest', 'bin', 'jest.js')];
const args = ['--maxWorkers=2', '--forceExit', '--json', `--outputFile=${report}`, ...process.argv.slice(2)];
const { status } = spawnSync(process.execPath, [...jest, ...args], {
  cwd: root,
  stdio: ['ignore', 'ignore', 'inherit'],
  timeout: 25 * 60_000,
  killSignal: 'SIGTERM',
});
try {
  const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(report, 'utf8'));
  console.log(`${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed, ${numPendingTests} skipped`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(status ?? 1);
