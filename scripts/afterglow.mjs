#!/usr/bin/env node
import { build, install, requireNode } from './install.mjs';

requireNode();
install();
build();
await import('../dist/apps/cli/main.js');
