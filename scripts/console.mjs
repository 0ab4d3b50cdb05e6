// Builds the console when a source is newer than what was built: a second start of the demo does not wait for it.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const [source, built] = [join(root, 'apps', 'console'), join(root, 'dist', 'console', 'index.html')];

const newest = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((latest, { parentPath, name }) => Math.max(latest, statSync(join(parentPath, name)).mtimeMs), 0);

export async function buildConsole() {
  const changed = Math.max(newest(source), statSync(join(root, 'package-lock.json')).mtimeMs);
  if (existsSync(built) && statSync(built).mtimeMs >= changed) return;
  // React's own build follows NODE_ENV, which a test run sets to something else.
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  const { build } = await import('vite');
  await build({ configFile: join(source, 'vite.config.ts'), mode: 'production' });
  if (before === undefined) delete process.env.NODE_ENV;
  else process.env.NODE_ENV = before;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildConsole();
