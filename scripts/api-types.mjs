// Writes the types of the API's answers for the console, from the API's own description. With a description in a file it prints them.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import openapiTypes, { astToString } from 'openapi-typescript';
import { build, root } from './install.mjs';

const typesFile = join(root, 'apps', 'console', 'src', 'api-types.ts');

/** The types of every answer that a description names. */
async function typesOf({ openapi, info, components }) {
  const types = astToString(
    await openapiTypes({ openapi, info, paths: {}, components: { schemas: components.schemas } }, { immutable: true, alphabetize: true }),
  );
  const named = types.slice(types.indexOf('export interface components'), types.indexOf('export type $defs'));
  return `// Made by scripts/api-types.mjs from what the API says of itself. Not edited by hand.\n${named}`;
}

const [file] = process.argv.slice(2);
if (file !== undefined) {
  process.stdout.write(await typesOf(JSON.parse(readFileSync(file, 'utf8'))));
} else {
  build();
  const { apiDescription } = await import(pathToFileURL(join(root, 'dist', 'apps', 'api', 'app.js')).href);
  writeFileSync(typesFile, await typesOf(await apiDescription()));
}
