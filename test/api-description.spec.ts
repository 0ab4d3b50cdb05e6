import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { projectRoot } from '#platform';
import { apiDescription } from '../apps/api/app.js';

/** What answers with something else than JSON. */
const files = ['get /v1/photos/{id}', 'get /v1/stream', 'get /calendars/{file}', 'get /v1/insight.csv'];

test('every route of the API says by name what it answers', async () => {
  const { openapi, paths, components } = await apiDescription();
  expect(openapi).toMatch(/^3\.1/);
  const routes = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, { responses?: Record<string, unknown> }>).map(([method, { responses = {} }]) => ({
      route: `${method} ${path}`,
      silent: '204' in responses || '202' in responses,
      names: Object.entries(responses).flatMap(([status, response]) =>
        status.startsWith('2') ? [...JSON.stringify(response).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name ?? '') : [],
      ),
    })),
  );
  expect(routes.flatMap(({ route, names, silent }) => (names.length === 0 && !silent && !files.includes(route) ? [route] : []))).toEqual([]);
  expect(routes.flatMap(({ names }) => names).filter((name) => !(name in (components?.schemas ?? {})))).toEqual([]);
});

test("the console's types are those of the description: after a change, node scripts/api-types.mjs", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'afterglow-types-'));
  const file = join(folder, 'description.json');
  writeFileSync(file, JSON.stringify(await apiDescription()));
  const types = execFileSync(process.execPath, [join(projectRoot, 'scripts', 'api-types.mjs'), file], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  expect(readFileSync(join(projectRoot, 'apps', 'console', 'src', 'api-types.ts'), 'utf8')).toBe(types);
});
