import { join } from 'node:path';
import { projectRoot } from '#platform';

/** Where the built console lies: static files, to be served at `/`. */
export const consoleFolder = join(projectRoot, 'dist', 'console');
