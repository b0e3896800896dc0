import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
/**
 * V8 collects late while there is room: 48 MB of short-lived objects, and old ones until a first limit it sets by the
 * machine's memory. Held small, so that growth is what is kept.
 */
const smallHeap = ['--max-semi-space-size=2', '--max-old-space-size=48'];
const token = 'a-token-for-hostile-files';

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
  /** Milliseconds until the last byte. */
  readonly took: number;
}

/** The built server in a process of its own, on a fresh folder, and what can be seen of it from outside. */
export class BesiegedServer {
  readonly deadline = 10_000;
  readonly #process: ChildProcess;
  readonly #folder: string;
  #origin = '';
  #log = '';
  #peak = 0;
  readonly #watch: NodeJS.Timeout;

  private constructor() {
    if (!existsSync(entry)) throw new Error('Expected a built server at dist/main.js: npm run build makes it');
    this.#folder = mkdtempSync(join(tmpdir(), 'tintype-hostile-'));
    this.#process = spawn(process.execPath, [...smallHeap, entry], {
      env: {
        PATH: process.env['PATH'],
        TINTYPE_STORE: `file:${this.#folder}/data`,
        TINTYPE_TOKEN: token,
        TINTYPE_PORT: '0',
        TINTYPE_DEADLINE: `${this.deadline}ms`,
        // What is kept on purpose would look like what is lost.
        TINTYPE_MEMORY: '0MB',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.on('data', (bytes: Buffer) => {
        this.#log += bytes.toString();
      });
    }
    this.#watch = setInterval(() => {
      this.#peak = Math.max(this.#peak, this.memory());
    }, 50);
  }

  static async start(): Promise<BesiegedServer> {
    const server = new BesiegedServer();
    const until = Date.now() + 20_000;
    while (Date.now() < until && server.alive) {
      server.#origin = /http:\/\/[\d.]+:\d+/.exec(server.#log)?.[0] ?? '';
      if (server.#origin !== '') return server;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`Expected the server to start but it said:\n${server.#log}`);
  }

  get alive(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** Rendering processes that were killed or crashed, as the log tells. */
  get deaths(): number {
    return this.#log.split('A worker process ended').length - 1;
  }

  /** The most anonymous memory seen since `forgetPeak`, in bytes. */
  get peak(): number {
    return this.#peak;
  }

  forgetPeak(): void {
    this.#peak = this.memory();
  }

  /** Anonymous memory of the serving process alone, in bytes. */
  memory(): number {
    try {
      const status = readFileSync(`/proc/${this.#process.pid}/status`, 'utf8');
      return Number(/^RssAnon:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
    } catch {
      return 0;
    }
  }

  get(path: string): Promise<Answered> {
    return this.#send('GET', path);
  }

  put(id: string, body: Buffer<ArrayBuffer>): Promise<Answered> {
    return this.#send('PUT', `/originals/${id}`, body);
  }

  async #send(method: string, path: string, body?: Buffer<ArrayBuffer>): Promise<Answered> {
    const begun = performance.now();
    const answer = await fetch(`${this.#origin}${path}`, {
      method,
      // A type that is a lie more often than not.
      headers: { authorization: `Bearer ${token}`, 'content-type': 'image/png' },
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.timeout(4 * this.deadline),
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    return { status: answer.status, headers: answer.headers, body: bytes, took: performance.now() - begun };
  }

  /** Ends the server and gives its log; whoever ends before this was not asked to. */
  async stop(): Promise<string> {
    clearInterval(this.#watch);
    if (this.alive) {
      const gone = new Promise((resolve) => this.#process.once('exit', resolve));
      this.#process.kill('SIGTERM');
      await gone;
    }
    rmSync(this.#folder, { recursive: true, force: true });
    return this.#log;
  }
}
