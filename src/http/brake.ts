import { LRUCache } from 'lru-cache';
import { Failure } from '../errors.ts';
import type { Clients } from './clients.ts';
import type { HttpContext } from './route.ts';

/** Wrong secrets a client may present in a minute. */
const mostTries = 20;
const minute = 60_000;

/** Counts what happens under a name, anywhere, for so many milliseconds from its first time on; never throws. */
export type Count = (name: string, window: number) => Promise<number>;

/**
 * Slows down whoever guesses secrets: after some wrong ones even a right one is refused until their minute is over. Of what
 * other nodes counted a node learns with the next wrong one.
 */
export class Brake {
  readonly #clients: Clients;
  readonly #wrong = new LRUCache<string, { tries: number; readonly since: number }>({ max: 20_000 });

  readonly #count: Count;

  constructor(clients: Clients, count: Count) {
    this.#clients = clients;
    this.#count = count;
  }

  /** Before a secret is looked at. Throws `over-budget` with Retry-After. */
  check(context: HttpContext): void {
    const known = this.#wrong.get(this.#clients.of(context));
    const left = known === undefined ? 0 : known.since + minute - performance.now();
    if (known === undefined || known.tries < mostTries || left <= 0) return;
    const seconds = Math.ceil(left / 1000);
    throw new Failure('over-budget', `Expected at most ${mostTries} wrong tokens a minute`, {
      headers: {
        'Retry-After': String(seconds),
        'RateLimit-Policy': `"tokens";q=${mostTries};w=60`,
        RateLimit: `"tokens";r=0;t=${seconds}`,
        Connection: 'close',
      },
    });
  }

  /** After a wrong secret. A request without a connection is our own. */
  count(context: HttpContext): void {
    const client = this.#clients.of(context);
    if (client === '') return;
    const known = this.#wrong.get(client);
    const now = performance.now();
    const isRunning = known !== undefined && now - known.since < minute;
    const wrong = isRunning ? known : { tries: 0, since: now };
    wrong.tries += 1;
    this.#wrong.set(client, wrong);
    void this.#count(`wrong ${client}`, minute).then((anywhere) => {
      wrong.tries = Math.max(wrong.tries, anywhere);
    });
  }
}
