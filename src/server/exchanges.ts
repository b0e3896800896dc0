import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The newest request of a connection with its answer. */
export interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  /** Whether the request brings a body along. */
  readonly hasBody: boolean;
}

/** Longest time in milliseconds that a client which still sends may take to notice its answer. */
const lingering = 1000;

/** Connections that are kept free for clients that have none, where so many are possible. */
const minFree = 64;

/** RFC 9112 §6.3: a request has a body where one of these says so. */
function bringsBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** Which connections are open and what goes on in each; decides which of them are kept. */
export class Exchanges {
  readonly #open = new Map<Socket, Exchange | null>();
  /** Connections of each address, the one that was used last at the end. */
  readonly #clients = new Map<string, Set<Socket>>();
  readonly #addresses = new WeakMap<Socket, string>();
  readonly #max: number;
  #ending = false;

  /** `max`: connections that may be open at once. */
  constructor(max: number) {
    this.#max = max;
  }

  /** Every open connection; null where none of its requests has begun. */
  get open(): ReadonlyMap<Socket, Exchange | null> {
    return this.#open;
  }

  /**
   * Above three quarters of what is possible, and where fewer than 64 are free, closes the idlest connection of the address
   * with most. One with a request under way is never closed for it.
   */
  connect(socket: Socket): void {
    const address = socket.remoteAddress ?? '';
    this.#open.set(socket, null);
    this.#addresses.set(socket, address);
    this.#touch(socket);
    socket.once('close', () => {
      this.#open.delete(socket);
      const left = this.#clients.get(address);
      left?.delete(socket);
      if (left?.size === 0) this.#clients.delete(address);
    });
    if (this.#open.size > this.#max - Math.min(Math.max(minFree, this.#max / 4), this.#max / 2))
      this.#closeIdlest(socket);
  }

  #touch(socket: Socket): void {
    const address = this.#addresses.get(socket) ?? '';
    const connections = this.#clients.get(address) ?? new Set();
    connections.delete(socket);
    connections.add(socket);
    this.#clients.set(address, connections);
  }

  #closeIdlest(newest: Socket): void {
    const byCount = [...this.#clients.values()].sort((one, other) => other.size - one.size);
    for (const connections of byCount) {
      for (const socket of connections) {
        const exchange = this.#open.get(socket) ?? null;
        const isIdle = exchange === null || exchange.outgoing.writableFinished;
        if (!isIdle || socket === newest || socket.destroyed) continue;
        socket.destroy();
        return;
      }
    }
  }

  /** A connection is kept only when the body of its request was read whole: what is left of it would be the next request. */
  begin(incoming: IncomingMessage, outgoing: ServerResponse): Exchange {
    const exchange = { incoming, outgoing, hasBody: bringsBody(incoming) };
    const { socket } = incoming;
    this.#open.set(socket, exchange);
    this.#touch(socket);
    outgoing.once('close', () => {
      if (this.#open.has(socket)) this.#touch(socket);
    });
    if (exchange.hasBody) keepOnceRead(exchange, () => !this.#ending);
    if (this.#ending) outgoing.shouldKeepAlive = false;
    return exchange;
  }

  /** From now on every answer says `Connection: close`, also those to requests that have begun. */
  end(): void {
    this.#ending = true;
    for (const exchange of this.#open.values()) {
      if (exchange !== null) exchange.outgoing.shouldKeepAlive = false;
    }
  }
}

function keepOnceRead({ incoming, outgoing }: Exchange, mayKeep: () => boolean): void {
  const requested = outgoing.shouldKeepAlive;
  outgoing.shouldKeepAlive = false;
  const { socket } = incoming;
  socket.destroySoon = () => linger(incoming);
  incoming.once('end', () => {
    outgoing.shouldKeepAlive = requested && mayKeep();
    Reflect.deleteProperty(socket, 'destroySoon');
  });
}

/**
 * RFC 9112 §9.6: closing at once on a client that still sends would reset the connection, and the answer could be lost.
 * Nothing more is read: what the client goes on sending stays in the kernel's buffers until it stops or time is up.
 */
function linger(incoming: IncomingMessage): void {
  const { socket } = incoming;
  Reflect.deleteProperty(socket, 'destroySoon');
  // Whoever drains the rest of the request would start the socket again.
  incoming._read = () => {};
  socket.end();
  socket.pause();
  const late = setTimeout(() => socket.destroy(), lingering);
  socket.once('close', () => clearTimeout(late));
}
