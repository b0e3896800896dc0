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

/** RFC 9112 §6.3: a request has a body where one of these says so. */
function bringsBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** Which connections are open and what goes on in each; decides which of them are kept. */
export class Exchanges {
  readonly #open = new Map<Socket, Exchange | null>();
  #ending = false;

  /** Every open connection; null where none of its requests has begun. */
  get open(): ReadonlyMap<Socket, Exchange | null> {
    return this.#open;
  }

  connect(socket: Socket): void {
    this.#open.set(socket, null);
    socket.once('close', () => this.#open.delete(socket));
  }

  /** A connection is kept only when the body of its request was read whole: what is left of it would be the next request. */
  begin(incoming: IncomingMessage, outgoing: ServerResponse): Exchange {
    const exchange = { incoming, outgoing, hasBody: bringsBody(incoming) };
    this.#open.set(incoming.socket, exchange);
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
