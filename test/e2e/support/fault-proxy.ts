import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface Seen {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
}

/**
 * What happens to a request instead of being passed on:
 * `hang` is never answered, `drop` loses the connection before the server hears of it, `lose answer` after it has done the work;
 * `cut` sends half of the answer's body and then drops, `stall` sends half and then nothing;
 * otherwise the proxy gives the answer itself.
 */
export type Fault = 'hang' | 'drop' | 'lose answer' | 'cut' | 'stall' | Answer;

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** An S3 server's way to say no. */
export function refusal(status: number, code: string, headers: Readonly<Record<string, string>> = {}): Answer {
  const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>as the test wants it</Message></Error>`;
  return { status, headers: { 'content-type': 'application/xml', ...headers }, body };
}

/** An HTTP proxy in front of a real server, which passes on what `fault` lets through. */
export class FaultProxy {
  /** Asked for every request; null passes it on. */
  fault: (seen: Seen) => Fault | null = () => null;
  readonly seen: Seen[] = [];
  readonly sockets = new Set<Socket>();
  readonly #target: URL;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #server: Server;
  #port = 0;

  private constructor(target: string) {
    this.#target = new URL(target);
    this.#server = createServer((incoming, answer) => this.#handle(incoming, answer));
    this.#server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  static async start(target: string): Promise<FaultProxy> {
    const proxy = new FaultProxy(target);
    await proxy.accept();
    return proxy;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** The next requests meet these, one each; those behind them pass. */
  next(...faults: readonly Fault[]): void {
    const left = [...faults];
    this.fault = () => left.shift() ?? null;
  }

  calm(): void {
    this.fault = () => null;
    this.seen.length = 0;
  }

  /** Connections are refused until `accept`. */
  async refuse(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async accept(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.#agent.destroy();
    await this.refuse();
  }

  #handle(incoming: IncomingMessage, answer: ServerResponse): void {
    const seen = { method: incoming.method ?? '', url: incoming.url ?? '' };
    this.seen.push(seen);
    const fault = this.fault(seen);
    if (fault === 'hang') incoming.resume();
    else if (fault === 'drop') incoming.socket.destroy();
    else if (fault === null || typeof fault === 'string') this.#pass(incoming, answer, fault);
    else incoming.resume().once('end', () => answer.writeHead(fault.status, fault.headers).end(fault.body));
  }

  #pass(incoming: IncomingMessage, answer: ServerResponse, fault: 'lose answer' | 'cut' | 'stall' | null): void {
    const { hostname, port } = this.#target;
    const { method, url, headers } = incoming;
    // The Host header stays the client's: it is signed.
    const outgoing = request({ agent: this.#agent, hostname, port, method, path: url, headers }, (real) => {
      if (fault === 'lose answer') real.resume().once('end', () => incoming.socket.destroy());
      else if (fault === null) real.pipe(answer.writeHead(real.statusCode ?? 502, real.headers));
      else sendHalf(real, answer, fault);
    });
    outgoing.once('error', () => incoming.socket.destroy());
    answer.once('close', () => outgoing.destroy());
    incoming.pipe(outgoing);
  }
}

function sendHalf(real: IncomingMessage, answer: ServerResponse, then: 'cut' | 'stall'): void {
  const chunks: Buffer[] = [];
  real.on('data', (chunk: Buffer) => chunks.push(chunk));
  real.once('end', () => {
    const whole = Buffer.concat(chunks);
    answer.writeHead(real.statusCode ?? 502, real.headers);
    answer.write(whole.subarray(0, whole.byteLength / 2), () => {
      if (then === 'cut') answer.socket?.destroy();
    });
  });
}
