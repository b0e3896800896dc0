import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds from one request to the next, and requests under way at most. */
const pace = 4;
const clients = 16;

/** Sends GETs over kept connections: 250 a second, fewer where answers are slow. */
export class SteadyLoad {
  /** What was not a 200: the URL and what came instead. */
  readonly errors: string[] = [];
  #answered = 0;
  #ended = false;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #begun = performance.now();
  readonly #clients: readonly Promise<void>[];

  constructor(origin: string, pathOf: (nth: number) => string) {
    this.#clients = Array.from({ length: clients }, (_, first) => this.#run(origin, pathOf, first));
  }

  /** Resolves once all is answered: how many were each second. */
  async end(): Promise<number> {
    this.#ended = true;
    await Promise.all(this.#clients);
    this.#agent.destroy();
    return (this.#answered * 1000) / (performance.now() - this.#begun);
  }

  async #run(origin: string, pathOf: (nth: number) => string, first: number): Promise<void> {
    for (let nth = first; !this.#ended; nth += clients) {
      await delay(this.#begun + nth * pace - performance.now());
      const url = origin + pathOf(nth);
      const outcome = await get(url, this.#agent);
      this.#answered += 1;
      if (outcome !== '200') this.errors.push(`${url} ${outcome}`);
    }
  }
}

/** The status, or what went wrong. A kept connection that was closed before any answer is no error (RFC 9112 section 9.3.1). */
async function get(url: string, agent: Agent): Promise<string> {
  const sent = request(url, { agent, headers: { accept: '*/*' } }).end();
  let isAnswered = false;
  try {
    const [incoming] = (await once(sent, 'response')) as [IncomingMessage];
    isAnswered = true;
    const body = await text(incoming);
    return incoming.statusCode === 200 ? '200' : `${incoming.statusCode} ${body.slice(0, 200)}`;
  } catch (cause) {
    return sent.reusedSocket && !isAnswered ? get(url, agent) : String(cause);
  }
}
