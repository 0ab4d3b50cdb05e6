import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../libs/platform/ports.js';

/** A Redis (or Valkey) of the test's own, from the PATH. */
export interface TestRedis {
  readonly url: string;
  /** Sends one command, words parted by spaces, and answers with the reply's text. */
  ask(command: string): Promise<string>;
  /** Connections of the product's. */
  clients(): Promise<number>;
  /** Kills the server as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again, empty, on the same port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const binary = ['redis-server', 'valkey-server'].find((name) => spawnSync(name, ['--version']).status === 0);

/** Why the Redis half cannot run here, or null when it can. Said plainly in the test's name. */
export const redisMissing = binary === undefined ? 'no redis-server or valkey-server on the PATH' : null;

function launch(port: number, dir: string): Promise<ChildProcess> {
  const server = spawn(binary ?? '', ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--save', '', '--appendonly', 'no']);
  return new Promise((resolve, reject) => {
    server.once('exit', (code) => reject(new Error(`redis ended with ${String(code)}`)));
    server.stdout?.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('Ready to accept connections')) resolve(server);
    });
  });
}

const ended = (server: ChildProcess) =>
  new Promise<void>((resolve) => (server.exitCode === null && server.signalCode === null ? server.once('exit', () => resolve()) : resolve()));

/** A way to a Redis on which every answer may take its time. */
export interface SlowWay {
  readonly url: string;
  /** From now on answers are held back for so long. */
  slow(millis: number): void;
  stop(): void;
}

export async function slowWayTo({ url }: TestRedis): Promise<SlowWay> {
  const [target, port] = [Number(new URL(url).port), await freePort()];
  let delay = 0;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const redis = connect(target, '127.0.0.1');
    for (const socket of [client, redis]) sockets.add(socket.on('error', () => undefined));
    client.on('data', (chunk) => redis.write(chunk)).on('close', () => redis.destroy());
    redis.on('data', (chunk) => setTimeout(() => client.writable && client.write(chunk), delay)).on('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `redis://127.0.0.1:${port}`,
    slow: (millis) => (delay = millis),
    stop: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** The inline protocol is enough for a command without spaces in its words. */
function ask(port: number, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.end(`${command}\r\n`));
    let reply = '';
    socket.on('data', (chunk: Buffer) => (reply += chunk.toString()));
    socket.once('error', reject);
    socket.once('close', () => resolve(reply));
  });
}

export async function startRedis(): Promise<TestRedis> {
  const [port, dir] = [await freePort(), await mkdtemp(join(tmpdir(), 'afterglow-redis-'))];
  let server = await launch(port, dir);
  const kill = async () => {
    server.kill('SIGKILL');
    await ended(server);
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    kill,
    ask: (command) => ask(port, command),
    clients: async () => (await ask(port, 'CLIENT LIST')).split('\n').filter((line) => /\bid=/.test(line)).length - 1,
    restart: async () => void (server = await launch(port, dir)),
    stop: async () => {
      await kill();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
