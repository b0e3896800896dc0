import { lookup as lookUp } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { Readable } from 'node:stream';
import { Agent, buildConnector, request } from 'undici';
import { CircuitBreaker, defaultCircuitBreaker } from '../concurrency/circuit-breaker.ts';
import { Failure } from '../errors.ts';
import type { Allowance } from './allowance.ts';
import { notAllowed } from './source.ts';

/** Response of a remote server, with a status of 200, 304, 404 or 410. */
export interface WebAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Consume or destroy it. Errors of the stream mean `source-unreachable`. */
  readonly body: Readable;
}

export interface WebOptions {
  readonly allowance: Allowance;
  /** Milliseconds for a whole fetch, including redirects and the body. */
  readonly deadline: number;
  /** Our name in Via, which detects requests that loop back to us (RFC 9110 §7.6.3). */
  readonly pseudonym: string;
  /**
   * What says that a server is down. `answers`: also errors that it answers with, for one server that the operator has named.
   * `connections`: only that none was made, where clients choose the URLs: those that fail are no verdict on a host.
   */
  readonly sparedAfter: 'answers' | 'connections';
  /** DNS lookup; default: that of the system. */
  readonly lookup?: LookupFunction;
}

/** Maximum number of servers with a circuit breaker in memory. */
const maxServers = 1000;

const maxRedirects = 3;
const redirects = new Set([301, 302, 303, 307, 308]);
/** Maximum connections to one server. */
const maxSockets = 8;

/**
 * HTTP client that protects against server-side request forgery: it connects only where its allowance permits.
 * It checks the URL before the DNS lookup, all addresses before connecting (one bad address refuses the host), the
 * connected address, and every redirect.
 */
export class Web {
  readonly #options: WebOptions;
  readonly #agent: Agent;
  readonly #breakers = new Map<string, CircuitBreaker>();

  constructor(options: WebOptions) {
    this.#options = options;
    this.#agent = new Agent({
      connections: maxSockets,
      connect: guardedConnector(options),
      maxHeaderSize: 16_384,
    });
  }

  /**
   * Fetches a URL and follows up to 3 redirects.
   * @throws Failure `forbidden` with one generic sentence, so that a client cannot probe the internal network, or
   * `source-unreachable` for any other error.
   */
  async get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<WebAnswer> {
    const signal = AbortSignal.timeout(this.#options.deadline);
    let next: URL | null = this.#check(url, undefined);
    for (let hop = 0; next !== null && hop <= maxRedirects; hop++) {
      const answer: WebAnswer = await this.#ask(next, headers, signal);
      if (!redirects.has(answer.status)) return acceptable(answer);
      answer.body.destroy();
      const { location } = answer.headers;
      next = typeof location === 'string' ? this.#check(location, next.href) : null;
    }
    throw unreachable(new Error('too many redirects, or one to nowhere'));
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  #check(url: string, base: string | undefined): URL {
    const parsed = URL.canParse(url, base) ? new URL(url, base) : null;
    if (parsed === null || !this.#options.allowance.url(parsed)) throw notAllowed();
    return parsed;
  }

  /** Circuit breaker of a server, so that a dead one costs no waiting. */
  #breakerOf({ origin }: URL): CircuitBreaker {
    const breaker =
      this.#breakers.get(origin) ?? new CircuitBreaker(defaultCircuitBreaker, () => unreachable(new Error('spared')));
    this.#breakers.delete(origin);
    this.#breakers.set(origin, breaker);
    const [oldest] = this.#breakers.keys();
    if (this.#breakers.size > maxServers && oldest !== undefined) this.#breakers.delete(oldest);
    return breaker;
  }

  /** Sends one request. Throws at once while the circuit is open. A status of 429 or 5xx counts as a failure. */
  async #ask(url: URL, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<WebAnswer> {
    const outcome = await this.#breakerOf(url).run(async () => {
      try {
        const answer = await this.#request(url, headers, signal);
        return answer.status === 429 || answer.status >= 500 ? acceptable(answer) : answer;
      } catch (thrown) {
        if (this.#options.sparedAfter === 'answers' || isNoConnection(thrown)) throw thrown;
        return { thrown };
      }
    });
    if ('thrown' in outcome) throw outcome.thrown;
    return outcome;
  }

  async #request(url: URL, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<WebAnswer> {
    try {
      const answer = await request(url, {
        dispatcher: this.#agent,
        signal,
        headers: {
          accept: 'image/*',
          'accept-encoding': 'identity',
          via: `1.1 ${this.#options.pseudonym}`,
          ...headers,
        },
      });
      // Destroying a body emits an error, which would be unhandled.
      answer.body.on('error', () => undefined);
      return { status: answer.statusCode, headers: answer.headers, body: answer.body };
    } catch (cause) {
      throw causedByUs(cause) ?? unreachable(cause);
    }
  }
}

const connectionErrors = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);

/** Whether no connection came about, which has nothing to do with what was asked for. */
function isNoConnection(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  if ('code' in thrown && connectionErrors.has(String(thrown.code))) return true;
  return thrown instanceof AggregateError ? isNoConnection(thrown.errors[0]) : isNoConnection(thrown.cause);
}

function acceptable(answer: WebAnswer): WebAnswer {
  const { 'content-encoding': encoding = 'identity' } = answer.headers;
  if ([200, 304, 404, 410].includes(answer.status) && encoding === 'identity') return answer;
  answer.body.destroy();
  throw unreachable(new Error(`status ${answer.status}, encoding ${String(encoding)}`));
}

/** Streams the body of a response. Errors become `source-unreachable`. */
export async function* bytesOfAnswer({ body }: WebAnswer): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body) yield chunk;
  } catch (cause) {
    throw unreachable(cause);
  } finally {
    body.destroy();
  }
}

function guardedConnector({ allowance, lookup = lookUp, deadline }: WebOptions): buildConnector.connector {
  const connect = buildConnector({ timeout: deadline, lookup: guardedLookup(allowance, lookup) });
  return (options, callback) => {
    connect(options, (error, socket) => {
      if (error !== null) return callback(error, null);
      const { remoteAddress } = socket;
      if (remoteAddress !== undefined && allowance.address(remoteAddress)) return callback(null, socket);
      socket.destroy();
      return callback(notAllowed(), null);
    });
  };
}

/** Looks up all addresses of a host and connects only to those that were checked. */
function guardedLookup(allowance: Allowance, lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      // An unknown name gives the error of a forbidden one; a difference would reveal internal host names.
      if (error !== null) return callback(notAllowed(), []);
      const all = typeof found === 'string' ? [] : found;
      const [first] = all;
      if (first === undefined || !all.every(({ address }) => allowance.address(address)))
        return callback(notAllowed(), []);
      return options.all === true ? callback(null, all) : callback(null, first.address, first.family);
    });
  };
}

/** Finds our own `Failure` inside the errors in which undici wraps it. */
function causedByUs(thrown: unknown): Failure | null {
  if (thrown instanceof Failure) return thrown;
  if (thrown instanceof AggregateError) return causedByUs(thrown.errors[0]);
  return thrown instanceof Error && thrown.cause !== undefined ? causedByUs(thrown.cause) : null;
}

function unreachable(cause: unknown): Failure {
  return new Failure('source-unreachable', 'No image could be fetched from this URL', { cause });
}
