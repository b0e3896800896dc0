import type { Cdn, CdnPurgeOrder, CdnPurgeResult, Keys } from './purger.ts';

/** Result of a purge at one CDN, as shown in a purge's response. */
export type CdnReceipt = {
  readonly name: string;
  /** `retrying`: a job sends the rest · `failed`: the rest is given up · `dry`: nothing was sent. */
  readonly status: 'ok' | 'retrying' | 'failed' | 'dry';
  /** Cache tags; `*` for everything. */
  readonly keys: readonly string[];
  readonly soft: boolean;
  /** Id of the job that sends the rest, or null. */
  readonly job: string | null;
  readonly error: string | null;
};

/** The part of a purge that one CDN has not confirmed. */
export type RemainingPurge = { readonly purger: string; readonly keys: Keys; readonly soft: boolean };

export interface CdnPurgerOptions {
  readonly purgers: readonly Cdn[];
  /** Maximum milliseconds to wait for a CDN. */
  readonly timeout?: number;
  /**
   * Milliseconds after which each purge is repeated, because another node may have answered the CDN from a stale cache.
   * null: there is no other node.
   */
  readonly repeatAfter: number | null;
  /** Queues the rest as a job and returns its id. */
  readonly enqueue: (leftover: RemainingPurge) => Promise<string>;
  readonly report: (sentence: string, cause: unknown) => void;
}

/** Purges that are repeated together. */
interface Again {
  readonly keys: Set<string>;
  everything: boolean;
  /** True only if all of them are soft. */
  soft: boolean;
  readonly timer: NodeJS.Timeout;
}

/** Milliseconds during which purges join one repetition. */
const gathering = 500;

/** Purges all configured CDNs, repeats purges where other nodes exist, and queues what a CDN did not confirm. */
export class CdnPurger {
  readonly #options: CdnPurgerOptions;
  readonly #patience: number;
  readonly #again = new Set<Again>();
  /** The repetition that new purges join, or null. */
  #gathering: Again | null = null;
  readonly #running = new Set<Promise<unknown>>();

  constructor(options: CdnPurgerOptions) {
    this.#options = options;
    this.#patience = options.timeout ?? 1000;
  }

  /** Whether any CDN is configured for purging. */
  get isConfigured(): boolean {
    return this.#options.purgers.length > 0;
  }

  /** Receipts of a dry run; sends nothing. */
  plan({ keys, soft }: CdnPurgeOrder): readonly CdnReceipt[] {
    return this.#options.purgers.map(({ name }) => receipt(name, { keys, soft }, { status: 'dry' }));
  }

  /** Purges all CDNs. Resolves within the timeout even if a CDN does not answer. Never throws. */
  async purge(order: CdnPurgeOrder): Promise<readonly CdnReceipt[]> {
    if (!this.isConfigured || order.keys.length === 0) return [];
    this.#repeat(order);
    return Promise.all(this.#options.purgers.map((purger) => this.#purgeOne(purger, order)));
  }

  /** Purges one CDN by name, without the timeout; null if no CDN has that name. */
  async finish({ purger: name, ...order }: RemainingPurge, signal: AbortSignal): Promise<CdnPurgeResult | null> {
    const purger = this.#options.purgers.find((each) => each.name === name);
    return purger === undefined ? null : purger.purge(order, signal);
  }

  /** Sends the pending repetitions now. */
  async close(): Promise<void> {
    for (const again of this.#again) this.#scheduleRepeat(again);
    await Promise.all(this.#running);
  }

  async #purgeOne(purger: Cdn, order: CdnPurgeOrder): Promise<CdnReceipt> {
    const { name } = purger;
    const { left, error, soft } = await purger.purge(order, AbortSignal.timeout(this.#patience));
    const told = { keys: order.keys, soft };
    if (left.length === 0) return receipt(name, told, { status: 'ok' });
    try {
      const job = await this.#options.enqueue({ purger: name, keys: left, soft: order.soft });
      return receipt(name, told, { status: 'retrying', job, error });
    } catch (cause) {
      this.#options.report(`${name} was not purged, and the purge could not be queued`, cause);
      return receipt(name, told, { status: 'failed', error });
    }
  }

  #repeat({ keys, soft }: CdnPurgeOrder): void {
    const { repeatAfter } = this.#options;
    if (repeatAfter === null) return;
    this.#gathering ??= this.#gather(repeatAfter);
    const again = this.#gathering;
    again.soft &&= soft;
    if (keys === 'everything') again.everything = true;
    else for (const key of keys) again.keys.add(key);
  }

  /** Starts a repetition. It runs `echo` milliseconds after its last purge or somewhat later, never earlier. */
  #gather(echo: number): Again {
    const timer = setTimeout(() => this.#scheduleRepeat(again), gathering + echo).unref();
    const again: Again = { keys: new Set(), everything: false, soft: true, timer };
    this.#again.add(again);
    setTimeout(() => {
      if (this.#gathering === again) this.#gathering = null;
    }, gathering).unref();
    return again;
  }

  #scheduleRepeat(again: Again): void {
    clearTimeout(again.timer);
    this.#again.delete(again);
    if (this.#gathering === again) this.#gathering = null;
    const order: CdnPurgeOrder = { keys: again.everything ? 'everything' : [...again.keys], soft: again.soft };
    const telling = Promise.all(this.#options.purgers.map((purger) => this.#purgeOne(purger, order)));
    this.#running.add(telling);
    void telling.finally(() => this.#running.delete(telling));
  }
}

function receipt(
  name: string,
  { keys, soft }: CdnPurgeOrder,
  what: Pick<CdnReceipt, 'status'> & Partial<Pick<CdnReceipt, 'job' | 'error'>>,
): CdnReceipt {
  return { name, keys: keys === 'everything' ? ['*'] : keys, soft, job: null, error: null, ...what };
}
