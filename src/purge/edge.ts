import type { Cdn, CdnPurgeOrder, CdnPurgeResult, Keys } from './purger.ts';

/** What came of telling one CDN, as a receipt says it. */
export type CdnReceipt = {
  readonly name: string;
  /** `retrying`: the rest is told by a job · `failed`: nobody will · `dry`: nothing was told. */
  readonly status: 'ok' | 'retrying' | 'failed' | 'dry';
  /** `*`: everything. */
  readonly keys: readonly string[];
  readonly soft: boolean;
  /** Where to ask after the rest, or null. */
  readonly job: string | null;
  readonly error: string | null;
};

/** What is still to be told to one CDN. */
export type RemainingPurge = { readonly purger: string; readonly keys: Keys; readonly soft: boolean };

export interface CdnPurgerOptions {
  readonly purgers: readonly Cdn[];
  /** Milliseconds anybody waits for a CDN. */
  readonly timeout?: number;
  /**
   * Milliseconds after which everything is told a second time, where another node may have answered from what it knew before;
   * null: there is no other.
   */
  readonly repeatAfter: number | null;
  /** Keeps what is left for later; answers where to ask after it. */
  readonly enqueue: (leftover: RemainingPurge) => Promise<string>;
  readonly report: (sentence: string, cause: unknown) => void;
}

/** What is told a second time, together. */
interface Again {
  readonly keys: Set<string>;
  everything: boolean;
  /** As long as all that is told again was. */
  soft: boolean;
  readonly timer: NodeJS.Timeout;
}

/** Milliseconds during which orders come together to be told again at once. */
const gathering = 500;

/** All CDNs that stand in front of us. */
export class CdnPurger {
  readonly #options: CdnPurgerOptions;
  readonly #patience: number;
  readonly #again = new Set<Again>();
  /** The last of them, as long as orders still join it. */
  #gathering: Again | null = null;
  readonly #running = new Set<Promise<unknown>>();

  constructor(options: CdnPurgerOptions) {
    this.#options = options;
    this.#patience = options.timeout ?? 1000;
  }

  /** Whether answers can be taken back. */
  get isConfigured(): boolean {
    return this.#options.purgers.length > 0;
  }

  /** What would be told. */
  plan({ keys, soft }: CdnPurgeOrder): readonly CdnReceipt[] {
    return this.#options.purgers.map(({ name }) => receipt(name, { keys, soft }, { status: 'dry' }));
  }

  /** Tells every CDN, and answers within the patience whatever they do. Never throws. */
  async purge(order: CdnPurgeOrder): Promise<readonly CdnReceipt[]> {
    if (!this.isConfigured || order.keys.length === 0) return [];
    this.#repeat(order);
    return Promise.all(this.#options.purgers.map((purger) => this.#purgeOne(purger, order)));
  }

  /** One CDN by name, for as long as it takes; null where there is none of that name any more. */
  async finish({ purger: name, ...order }: RemainingPurge, signal: AbortSignal): Promise<CdnPurgeResult | null> {
    const purger = this.#options.purgers.find((each) => each.name === name);
    return purger === undefined ? null : purger.purge(order, signal);
  }

  /** What was to be told again is told now. */
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
      this.#options.report(`${name} was not told to forget, and will not be`, cause);
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

  /** Each order is told again `echo` after it came or somewhat later, never earlier. */
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
