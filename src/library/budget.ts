import { LRUCache } from 'lru-cache';
import { Failure } from '../errors.ts';

/** How much a client, or an original, may have rendered. */
export interface BudgetLimits {
  /** Pixels read and written in a minute; null: as many as it likes. */
  readonly budget: number | null;
}

interface Account {
  /** Pixels left; below 0 what was taken in advance. */
  left: number;
  /** When that was, in milliseconds of the monotonic clock. */
  at: number;
}

const minute = 60_000;
/** Clients and originals that are remembered; who is forgotten starts with a full account. */
const mostAccounts = 20_000;
const megapixel = 1_000_000;

/**
 * A minute's allowance of pixels for each client and for each original, filled evenly. Whoever has anything left may render,
 * also what is larger than that: the next one waits until it is paid back. Hits cost nothing.
 */
export class Budget {
  readonly #perMinute: number | null;
  readonly #accounts = new LRUCache<string, Account>({ max: mostAccounts });

  constructor({ budget }: BudgetLimits) {
    this.#perMinute = budget;
  }

  /** Throws `over-budget` with Retry-After and RateLimit where one of the two has nothing left; then nothing is charged. */
  charge(client: string, id: string, pixels: number): void {
    const perMinute = this.#perMinute;
    if (perMinute === null) return;
    const accounts = (['client', 'original'] as const).map((who) => {
      return { who, account: this.#account(`${who} ${who === 'client' ? client : id}`, perMinute) };
    });
    for (const { who, account } of accounts) if (account.left <= 0) throw overBudget(who, account.left, perMinute);
    for (const { account } of accounts) account.left -= pixels;
  }

  #account(name: string, perMinute: number): Account {
    const now = performance.now();
    const known = this.#accounts.get(name) ?? { left: perMinute, at: now };
    known.left = Math.min(perMinute, known.left + ((now - known.at) / minute) * perMinute);
    known.at = now;
    this.#accounts.set(name, known);
    return known;
  }
}

/** Fields of draft-ietf-httpapi-ratelimit-headers: a quota of megapixels in a window of seconds. */
function overBudget(who: 'client' | 'original', left: number, perMinute: number): Failure {
  const seconds = Math.max(1, Math.ceil((-left / perMinute) * 60));
  const quota = Math.round(perMinute / megapixel);
  return new Failure('over-budget', `Expected at most ${quota} megapixels rendered a minute for one ${who}`, {
    headers: {
      'Retry-After': String(seconds),
      'RateLimit-Policy': `"${who}";q=${quota};w=60;qu="megapixels"`,
      RateLimit: `"${who}";r=0;t=${seconds}`,
    },
  });
}
