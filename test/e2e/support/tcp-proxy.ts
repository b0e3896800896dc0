import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
  hears: boolean;
}

/**
 * Stands between a Redis and one node. Connections that heard of news can be told from those that ask, by what they say.
 */
export class TcpProxy {
  readonly #pairs = new Set<Pair>();
  readonly #target: number;
  readonly #server: Server;
  #port = 0;
  /** What comes from Redis on these is kept back. */
  #held: 'nothing' | 'what hears' | 'all' = 'nothing';

  private constructor(target: number) {
    this.#target = target;
    this.#server = createServer((near) => this.#join(near));
  }

  static async start(target: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(target);
    await proxy.accept();
    return proxy;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.#port}`;
  }

  /** From now on nothing comes through on these connections, which stay open; `nothing` lets go what was kept back. */
  hold(what: 'nothing' | 'what hears' | 'all'): void {
    this.#held = what;
    for (const pair of this.#pairs) this.#apply(pair);
  }

  /** Breaks every connection, and refuses new ones until `accept`. */
  async cut(): Promise<void> {
    for (const { near, far } of this.#pairs) for (const socket of [near, far]) socket.resetAndDestroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async accept(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    if (this.#server.listening) await this.cut();
  }

  #join(near: Socket): void {
    const far = connect(this.#target, '127.0.0.1');
    const pair: Pair = { near, far, hears: false };
    this.#pairs.add(pair);
    near.on('data', (chunk) => {
      if (chunk.includes('subscribe')) pair.hears = true;
      this.#apply(pair);
      far.write(chunk);
    });
    far.on('data', (chunk) => near.write(chunk));
    this.#apply(pair);
    for (const [socket, peer] of [
      [near, far],
      [far, near],
    ] as const) {
      socket.on('error', () => peer.destroy());
      socket.on('close', () => {
        this.#pairs.delete(pair);
        peer.destroy();
      });
    }
  }

  #apply({ far, hears }: Pair): void {
    const isHeld = this.#held === 'all' || (this.#held === 'what hears' && hears);
    if (isHeld) far.pause();
    else far.resume();
  }
}
