import { LRUCache } from 'lru-cache';
import { Failure } from '../../errors.ts';
import type { HttpContext } from '../message/route.ts';
import type { ClientAddress } from './client-address.ts';

/** Wrong secrets a client may present in a minute. */
const maxTries = 20;
const minute = 60_000;

/** Counts what happens under a name, anywhere, for so many milliseconds from its first time on; never throws. */
export type Count = (name: string, window: number) => Promise<number>;

/**
 * Throttles clients that guess secrets: after some wrong ones, each further wrong one of the same minute is refused. A right
 * secret always passes, so that nobody else behind the same address is locked out. What other nodes counted arrives with
 * the next wrong secret.
 */
export class TokenThrottle {
  readonly #clientAddress: ClientAddress;
  readonly #wrong = new LRUCache<string, { tries: number; readonly since: number }>({ max: 20_000 });

  readonly #count: Count;

  constructor(clientAddress: ClientAddress, count: Count) {
    this.#clientAddress = clientAddress;
    this.#count = count;
  }

  /**
   * Counts a secret that was compared and is wrong. Throws `over-budget` with Retry-After, and counts nothing, where the
   * client presented too many. A request without a connection is our own.
   */
  countWrong(context: HttpContext): void {
    const client = this.#clientAddress.of(context);
    if (client === '') return;
    const known = this.#wrong.get(client);
    const now = performance.now();
    const isRunning = known !== undefined && now - known.since < minute;
    const wrong = isRunning ? known : { tries: 0, since: now };
    if (wrong.tries >= maxTries) throw tooMany(wrong.since + minute - now);
    wrong.tries += 1;
    this.#wrong.set(client, wrong);
    void this.#count(`wrong ${client}`, minute).then((anywhere) => {
      wrong.tries = Math.max(wrong.tries, anywhere);
    });
  }
}

function tooMany(left: number): Failure {
  const seconds = Math.ceil(left / 1000);
  return new Failure('over-budget', `Expected at most ${maxTries} wrong tokens a minute`, {
    headers: {
      'Retry-After': String(seconds),
      'RateLimit-Policy': `"tokens";q=${maxTries};w=60`,
      RateLimit: `"tokens";r=0;t=${seconds}`,
      Connection: 'close',
    },
  });
}
