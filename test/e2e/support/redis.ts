import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'redis';
import { freePort } from './daemon.ts';

/** A real Redis on a port of its own; `kept`: whether what it acknowledged outlives a kill. */
export class RedisServer {
  readonly port: number;
  readonly #folder: string;
  readonly #kept: boolean;
  #process: ChildProcess | null = null;

  private constructor(port: number, folder: string, kept: boolean) {
    this.port = port;
    this.#folder = folder;
    this.#kept = kept;
  }

  static async start({ kept = false }: { readonly kept?: boolean } = {}): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), await mkdtemp(join(tmpdir(), 'tintype-redis-')), kept);
    await server.up();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  get isUp(): boolean {
    return this.#process !== null && this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** Once it answers; nothing happens where it is up. */
  async up(): Promise<void> {
    if (this.isUp) return;
    const keeping = this.#kept ? ['--appendonly', 'yes', '--appendfsync', 'always'] : ['--appendonly', 'no'];
    const words = ['--port', String(this.port), '--save', '', '--dir', this.#folder, ...keeping];
    const child = spawn('redis-server', words, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process = child;
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    for (;;) {
      if (child.exitCode !== null) throw new Error(`redis-server did not start: ${said}`);
      if (await answersPing(this.port)) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async publish(channel: string, message: string): Promise<void> {
    const client = createClient({ url: this.url });
    await client.connect();
    await client.publish(channel, message);
    client.destroy();
  }

  /** Takes keys away. */
  async forget(pattern: string): Promise<void> {
    const client = createClient({ url: this.url });
    await client.connect();
    const keys = await client.keys(pattern);
    if (keys.length > 0) await client.del(keys);
    client.destroy();
  }

  async kill(): Promise<void> {
    const child = this.#process;
    if (child === null || !this.isUp) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  async close(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('data', (said) => {
      resolve(said.toString().startsWith('+PONG'));
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
  });
}
