import { Liquid } from 'liquidjs';

// Staff write templates: no tag may read a file or run long, and a typing error in a name must not pass as nothing.
const tags = new Set(['if', 'unless', 'for']);
const filters = new Set(['join', 'first', 'last', 'size', 'capitalize']);
function keepOnly(all: object, kept: ReadonlySet<string>): void {
  for (const name of Object.keys(all)) if (!kept.has(name)) Reflect.deleteProperty(all, name);
}

const engine = new Liquid({ strictVariables: true, strictFilters: true, ownPropertyOnly: true, parseLimit: 20_000, memoryLimit: 100_000 });
keepOnly(engine.tags, tags);
keepOnly(engine.filters, filters);

/** The template with its variables filled in. @throws Error when it cannot be read or a variable is missing. */
export const fill = (template: string, variables: object): string => String(engine.parseAndRenderSync(template, variables));

/** Names of the variables that a template needs. @throws Error when it cannot be read. */
export const namesIn = (template: string): string[] => engine.globalVariablesSync(template);

/** What a template says by itself, without what its variables will say. */
export const ownWords = (template: string): string => template.replace(/\{\{.*?\}\}|\{%.*?%\}/gs, ' ');
