// npm run bench: each figure beside its reference in the same run, as a table of ratios.
import { join } from 'node:path';
import { build, install, requireNode, root, run } from './install.mjs';

requireNode();
install();
build();
run(process.execPath, [
  join(root, 'node_modules', 'typescript', 'bin', 'tsc'),
  '-p',
  'tsconfig.json',
  '--noCheck',
  '--incremental',
  'false',
  '--outDir',
  'dist/for-bench',
]);
await import('../dist/for-bench/bench/all.js');
