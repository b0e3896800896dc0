import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Failure, failures } from '../errors.ts';
import { problem } from '../http/message/problem.ts';
import { type RequestLine, refusedLine } from '../http/message/request-log.ts';
import { parseTarget } from '../http/message/route.ts';
import type { Fetch } from '../http/router.ts';
import { drained } from './drain.ts';
import { Exchanges } from './exchanges.ts';
import { continueOnRead } from './expect.ts';
import { type PaceLimits, TransferPace } from './pace.ts';
import { answerWith, flawOf, refusalOf, wireText } from './refusals.ts';

/** How long clients may take, in milliseconds, and how many there may be. */
export interface ConnectionLimits extends PaceLimits {
  /** For the header fields, from the beginning of the connection or of the request. */
  readonly headers: number;
  /** For a whole request, whatever its pace. */
  readonly request: number;
  /** Longer than load balancers keep idle connections (60 s and 75 s are usual), or they meet closed ones. */
  readonly keepAlive: number;
  /** How often slow ones are looked for. */
  readonly every: number;
  readonly connections: number;
}

export const defaultConnectionLimits: ConnectionLimits = {
  headers: 10_000,
  request: 3_600_000,
  keepAlive: 95_000,
  every: 1000,
  grace: 10_000,
  minRate: 8192,
  connections: 4096,
};

export interface ListenOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly fetch: Fetch;
  /** Told of requests that are refused before they reach `fetch`. */
  readonly log: (line: RequestLine) => void;
  readonly patience?: Partial<ConnectionLimits>;
}

/** The listening server. */
export interface Listening {
  readonly port: number;
  /** From now on every answer closes its connection. */
  beginEnd(): void;
  /** Takes no more connections and lets those finish that are busy; after `timeout` ms cuts what is left and says how many. */
  end(timeout: number): Promise<number>;
}

/** Speaks HTTP/1.1 on a port. Throws one sentence where the address cannot be had. */
export async function listen(options: ListenOptions): Promise<Listening> {
  const patience = { ...defaultConnectionLimits, ...options.patience };
  const exchanges = new Exchanges(patience.connections);
  const server = createServer({
    headersTimeout: patience.headers,
    requestTimeout: patience.request,
    keepAliveTimeout: patience.keepAlive,
    connectionsCheckingInterval: patience.every,
    // Answered by us, as all refusals are.
    requireHostHeader: false,
  });
  server.maxConnections = patience.connections;
  server.on('connection', (socket: Socket) => exchanges.connect(socket));
  serveRequests(server, exchanges, options);
  server.on('clientError', (error, socket) => refuseBelow(error, socket as Socket, { exchanges, log: options.log }));
  const looking = lookForSlowOnes(server, exchanges, patience);
  await bound(server, options);
  // A server that listens on a port has an address of this kind.
  const { port } = server.address() as AddressInfo;
  return {
    port,
    beginEnd: () => exchanges.end(),
    end: async (timeout) => {
      const left = await drained(server, timeout, () => exchanges.open.size);
      clearInterval(looking);
      return left;
    },
  };
}

function serveRequests(server: Server, exchanges: Exchanges, { fetch, log }: ListenOptions): void {
  // What node-server cannot make a request of; the checks before it leave next to nothing.
  const errorHandler = () => problem(new Failure('bad-request', 'Expected a request of HTTP/1.1'), { negativeTtl: 0 });
  // The name is for HTTP/1.0, which may leave Host out.
  const answer = getRequestListener(fetch, { errorHandler, hostname: 'tintype' });
  const serve = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    exchanges.begin(incoming, outgoing);
    const flaw = flawOf(incoming);
    if (flaw === null) {
      incoming.url = originForm(incoming.url ?? '/');
      return void answer(incoming, outgoing);
    }
    answerWith(flaw, outgoing);
    log(refusedLine(incoming, failures[flaw.kind].status, flaw.kind));
  };
  server.on('request', serve);
  server.on('checkContinue', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    continueOnRead(incoming, outgoing);
    serve(incoming, outgoing);
  });
  // RFC 9110 §10.1.1: what else is expected may be ignored.
  server.on('checkExpectation', serve);
}

/** RFC 9112 §3.2.2: the absolute form means the same; who was asked for is of no interest to us. */
function originForm(target: string): string {
  if (target.startsWith('/')) return target;
  const { path, query } = parseTarget(target);
  return query === '' ? path : `${path}?${query}`;
}

interface Below {
  readonly exchanges: Exchanges;
  readonly log: (line: RequestLine) => void;
}

/** What node refuses by itself: no request has come of it, or one breaks off. */
function refuseBelow(error: NodeJS.ErrnoException, socket: Socket, { exchanges, log }: Below): void {
  const refusal = refusalOf(error);
  const exchange = exchanges.open.get(socket) ?? null;
  const underWay = exchange !== null && !exchange.outgoing.writableFinished;
  // The handler of a request under way writes its line itself.
  if (refusal !== null && !underWay) log(refusedLine({}, failures[refusal.kind].status, refusal.kind));
  const answered = underWay && exchange.outgoing.headersSent;
  if (refusal === null || answered || !socket.writable) socket.destroy();
  else socket.end(wireText(refusal), () => socket.destroy());
}

function lookForSlowOnes(server: Server, exchanges: Exchanges, patience: ConnectionLimits): NodeJS.Timeout {
  const pace = new TransferPace(patience);
  const look = () => {
    const now = performance.now();
    for (const [socket, exchange] of exchanges.open) {
      const side = pace.tooSlow(socket, exchange, now);
      // With a reset, so that the kernel's buffers are free at once.
      if (side === 'reads') socket.resetAndDestroy();
      if (side === 'sends') server.emit('clientError', tooSlow(), socket);
    }
  };
  return setInterval(look, patience.every).unref();
}

function tooSlow(): Error {
  return Object.assign(new Error('The body comes too slowly'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
}

const sentences: Readonly<Record<string, string>> = {
  EADDRINUSE: 'a free port but it is taken:',
  EACCES: 'a port that this user may listen on but received',
  EADDRNOTAVAIL: 'an address of this machine but received',
  ENOTFOUND: 'a host name that has an address but received',
};

async function bound(server: Server, { host, port }: ListenOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const sentence = sentences[cause.code ?? ''];
      reject(sentence === undefined ? cause : new Error(`Expected ${sentence} ${host}:${port}`));
    });
    server.listen(port, host, resolve);
  });
}
