// Types, lint, formatting, boundaries: each fails the check.
import { join } from 'node:path';
import { install, root, run } from './install.mjs';

install();
const bin = (name, ...path) => join(root, 'node_modules', name, ...path);
run(process.execPath, [bin('typescript', 'bin', 'tsc'), '-p', 'tsconfig.json', '--noEmit', '--incremental', 'false']);
run(process.execPath, [bin('typescript', 'bin', 'tsc'), '-p', join('apps', 'console', 'tsconfig.json')]);
run(process.execPath, [bin('eslint', 'bin', 'eslint.js'), '.', '--max-warnings', '0']);
run(process.execPath, [bin('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level', 'warn', 'apps', 'libs', 'test', 'bench', 'scripts']);
run(process.execPath, [bin('dependency-cruiser', 'bin', 'dependency-cruise.mjs'), 'libs', 'apps', '--config', '.dependency-cruiser.mjs']);
