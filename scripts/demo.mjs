// npm run demo: installs and builds what is missing, then hands over to the demo itself.
import { buildConsole } from './console.mjs';
import { build, install, requireNode } from './install.mjs';

requireNode();
install();
build();
await buildConsole();
await import('../dist/apps/cli/demo.js');
