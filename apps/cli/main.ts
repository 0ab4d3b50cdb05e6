import { createReadStream, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { Rejected } from '#platform';
import { readConfig } from '../../libs/platform/config.js';
import { type Outcome, commands, usage } from './commands.js';

/** Exit codes: done, the answer is no, bad input, a fault. */
export const exit = { done: 0, no: 1, badInput: 2, fault: 3 } as const;

const say = (text: string) => void process.stderr.write(`${text}\n`);

async function readInput(file: string | undefined): Promise<string> {
  if (file === undefined || file === '-') {
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin as AsyncIterable<Buffer>) chunks.push(chunk);
    return Buffer.concat(chunks).toString('utf8');
  }
  if (!existsSync(file)) throw new Rejected('no_file', `There is no file ${file}.`);
  return readFile(file, 'utf8');
}

function openInput(file: string | undefined): AsyncIterable<Buffer> {
  if (file === undefined || file === '-') return process.stdin as AsyncIterable<Buffer>;
  if (!existsSync(file)) throw new Rejected('no_file', `There is no file ${file}.`);
  return createReadStream(file);
}

async function run(): Promise<Outcome> {
  const [name = '', ...rest] = process.argv.slice(2);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    say(usage);
    return { code: name === 'help' || name === '--help' ? exit.done : exit.badInput };
  }
  const { values, positionals } = parseArgs({ args: rest, options: command.options ?? {}, allowPositionals: true });
  return command.run({ values, positionals, readInput, openInput, say, config: () => readConfig(process.env) });
}

try {
  const { code, answer } = await run();
  if (answer !== undefined) process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
  process.exitCode = code;
} catch (error) {
  const parsing = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  say(error instanceof Error ? (error instanceof Rejected || parsing ? error.message : (error.stack ?? error.message)) : String(error));
  process.exitCode = error instanceof Rejected || parsing ? exit.badInput : exit.fault;
}
