import { lookup as lookUp } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { Readable } from 'node:stream';
import { Agent, buildConnector, request } from 'undici';
import { CircuitBreaker, defaultCircuitBreaker } from '../concurrency/circuit-breaker.ts';
import { Failure } from '../errors.ts';
import type { Allowance } from './allowance.ts';
import { notAllowed } from './source.ts';

/** What a server of others answered with 200, 304 or 404. */
export interface WebAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Consume or destroy it. What breaks it is `source-unreachable`. */
  readonly body: Readable;
}

export interface WebOptions {
  readonly allowance: Allowance;
  /** Milliseconds for a whole fetch, its redirects and its last byte included. */
  readonly deadline: number;
  /** What we call ourselves in Via, so that a request that comes back to us is known (RFC 9110 §7.6.3). */
  readonly pseudonym: string;
  /**
   * What says that a server is down. `answers`: also errors that it answers with, for one server that the operator has named.
   * `connections`: only that none was made, where clients choose the URLs: those that fail are no verdict on a host.
   */
  readonly sparedAfter: 'answers' | 'connections';
  /** Finds the addresses of a name; the system's own. */
  readonly lookup?: LookupFunction;
}

/** Servers that are remembered not to have answered. */
const maxServers = 1000;

const maxRedirects = 3;
const redirects = new Set([301, 302, 303, 307, 308]);
/** Sockets to one server at a time. */
const maxSockets = 8;

/**
 * The only way out: HTTP that goes where its allowance lets it and nowhere else. The URL is checked before anything is
 * resolved, every address of its name before a socket is opened (one bad address refuses the name), the socket's own
 * address after it was opened, and every redirect like a first URL. Nothing is sent but the request itself.
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
   * @throws Failure `forbidden` with one sentence, whatever the reason, so that nobody learns what stands where; or
   * `source-unreachable` with one sentence for everything that can go wrong on the way.
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

  /** One for every server: where it does not answer it is spared, and so are those who would wait for it. */
  #breakerOf({ origin }: URL): CircuitBreaker {
    const breaker =
      this.#breakers.get(origin) ?? new CircuitBreaker(defaultCircuitBreaker, () => unreachable(new Error('spared')));
    this.#breakers.delete(origin);
    this.#breakers.set(origin, breaker);
    const [oldest] = this.#breakers.keys();
    if (this.#breakers.size > maxServers && oldest !== undefined) this.#breakers.delete(oldest);
    return breaker;
  }

  /** Throws at once where the server has not answered for a while; a refusal is an answer. */
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
      // Destroying a body is an error of its own, also where nobody reads it.
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

/** The bytes of an answer as they come. */
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

/** All addresses of a name are asked for at once, and what was checked is what is connected to. */
function guardedLookup(allowance: Allowance, lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      // A name that nobody knows sounds like one that stands for something inside: the difference would tell who lives there.
      if (error !== null) return callback(notAllowed(), []);
      const all = typeof found === 'string' ? [] : found;
      const [first] = all;
      if (first === undefined || !all.every(({ address }) => allowance.address(address)))
        return callback(notAllowed(), []);
      return options.all === true ? callback(null, all) : callback(null, first.address, first.family);
    });
  };
}

/** Our own refusal, however deep undici has wrapped it. */
function causedByUs(thrown: unknown): Failure | null {
  if (thrown instanceof Failure) return thrown;
  if (thrown instanceof AggregateError) return causedByUs(thrown.errors[0]);
  return thrown instanceof Error && thrown.cause !== undefined ? causedByUs(thrown.cause) : null;
}

function unreachable(cause: unknown): Failure {
  return new Failure('source-unreachable', 'Expected a picture from there but received none', { cause });
}
