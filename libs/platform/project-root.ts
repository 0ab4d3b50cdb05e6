import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function find(folder: string): string {
  if (existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'migrations'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('the folder of the project was not found above this file');
  return find(parent);
}

/** The project's folder, from source and from dist alike: migrations and data files are read from there. */
export const projectRoot = find(dirname(fileURLToPath(import.meta.url)));
