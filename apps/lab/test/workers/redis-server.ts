// A Redis or Valkey server of a test's own.
import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync} from 'node:fs';
import {createServer} from 'node:net';
import {delimiter, join} from 'node:path';

/** A server whose data survive its end. */
export interface RedisServer {
  readonly address: string;
  start(): Promise<void>;
  /** Ends it by SIGKILL. */
  kill(): Promise<void>;
}

/**
 * Starts a server on a port that is free.
 *
 * @param folder where it keeps its data
 */
export async function startRedis(folder: string): Promise<RedisServer> {
  const program = serverPath();
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  let child: ChildProcess | undefined;
  const server: RedisServer = {
    address: `redis://127.0.0.1:${port}`,
    async start() {
      child = spawn(program, [...args, '--appendonly', 'yes', '--appendfsync', 'always'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const ended = once(child, 'exit').then(() => Promise.reject(new Error(`${program} has ended`)));
      ended.catch(() => undefined);
      for (let said = ''; !said.includes('Ready to accept connections'); ) {
        const [text] = await Promise.race([once(child.stdout!.setEncoding('utf8'), 'data'), ended]);
        said += text;
      }
      child.stdout!.resume();
    },
    async kill() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
  await server.start();
  return server;
}

function serverPath(): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const found = ['redis-server', 'valkey-server']
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => existsSync(path));
  if (found) return found;
  throw new Error(
    'These tests need a Redis or Valkey server, and none is installed (Debian: apt-get install redis-server)',
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const {port} = server.address() as {port: number};
  server.close();
  await once(server, 'close');
  return port;
}
