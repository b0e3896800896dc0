import type { Cluster } from '../../cluster/cluster.ts';
import { Failure } from '../../errors.ts';

/** How much a client, or an original, may have rendered. */
export interface BudgetLimits {
  /** Pixels read and written in a minute; null: as many as it likes. */
  readonly budget: number | null;
}

const megapixel = 1_000_000;

/**
 * A minute's allowance of pixels for each client and for each original, on all nodes together, filled evenly. A client with
 * anything left may render, also what is larger than that: the next one waits until it is paid back. Hits cost nothing.
 * What takes longer than its pixels say is charged by its time.
 */
export class Budget {
  readonly #perMinute: number | null;
  readonly #cluster: Pick<Cluster, 'charge' | 'settle'>;

  constructor({ budget }: BudgetLimits, cluster: Pick<Cluster, 'charge' | 'settle'>) {
    this.#perMinute = budget;
    this.#cluster = cluster;
  }

  /** Throws `over-budget` with Retry-After and RateLimit where one of the two has nothing left; then nothing is charged. */
  async charge(client: string, id: string, pixels: number): Promise<void> {
    const perMinute = this.#perMinute;
    if (perMinute === null) return;
    const accounts = accountsOf(client, id);
    const overdrawn = await this.#cluster.charge(accounts, pixels, perMinute);
    if (overdrawn === null) return;
    throw overBudget(overdrawn.account === accounts[0] ? 'client' : 'original', overdrawn.left, perMinute);
  }

  /** Charges what a render cost beyond what it was charged for; never refuses. */
  async settle(client: string, id: string, pixels: number): Promise<void> {
    const perMinute = this.#perMinute;
    if (perMinute === null || pixels <= 0) return;
    await this.#cluster.settle(accountsOf(client, id), pixels, perMinute);
  }
}

const accountsOf = (client: string, id: string): readonly string[] => [`client ${client}`, `original ${id}`];

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
