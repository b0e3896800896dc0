import type { Keys, Order, Purger, Told } from './purger.ts';

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
export type Leftover = { readonly purger: string; readonly keys: Keys; readonly soft: boolean };

export interface EdgeOptions {
  readonly purgers: readonly Purger[];
  /** Milliseconds anybody waits for a CDN. */
  readonly patience?: number;
  /**
   * Milliseconds after which everything is told a second time, where another node may have answered from what it knew before;
   * null: there is no other.
   */
  readonly echo: number | null;
  /** Keeps what is left for later; answers where to ask after it. */
  readonly later: (leftover: Leftover) => Promise<string>;
  readonly report: (sentence: string, cause: unknown) => void;
}

interface Again {
  readonly keys: Set<string>;
  everything: boolean;
  /** As long as all that is told again was. */
  soft: boolean;
  readonly timer: NodeJS.Timeout;
}

/** All CDNs that stand in front of us. */
export class Edge {
  readonly #options: EdgeOptions;
  readonly #patience: number;
  /** What is told a second time, and when. */
  #again: Again | null = null;
  #telling: Promise<unknown> = Promise.resolve();

  constructor(options: EdgeOptions) {
    this.#options = options;
    this.#patience = options.patience ?? 1000;
  }

  /** Whether answers can be taken back. */
  get isThere(): boolean {
    return this.#options.purgers.length > 0;
  }

  /** What would be told. */
  plan({ keys, soft }: Order): readonly CdnReceipt[] {
    return this.#options.purgers.map(({ name }) => receipt(name, { keys, soft }, { status: 'dry' }));
  }

  /** Tells every CDN, and answers within the patience whatever they do. Never throws. */
  async tell(order: Order): Promise<readonly CdnReceipt[]> {
    if (!this.isThere || order.keys.length === 0) return [];
    this.#tellAgain(order);
    return Promise.all(this.#options.purgers.map((purger) => this.#tellOne(purger, order)));
  }

  /** One CDN by name, for as long as it takes; null where there is none of that name any more. */
  async finish({ purger: name, ...order }: Leftover, signal: AbortSignal): Promise<Told | null> {
    const purger = this.#options.purgers.find((each) => each.name === name);
    return purger === undefined ? null : purger.tell(order, signal);
  }

  /** What was to be told again is told now. */
  async close(): Promise<void> {
    if (this.#again !== null) this.#echo();
    await this.#telling;
  }

  async #tellOne(purger: Purger, order: Order): Promise<CdnReceipt> {
    const { name } = purger;
    const { left, error, soft } = await purger.tell(order, AbortSignal.timeout(this.#patience));
    const told = { keys: order.keys, soft };
    if (left.length === 0) return receipt(name, told, { status: 'ok' });
    try {
      const job = await this.#options.later({ purger: name, keys: left, soft: order.soft });
      return receipt(name, told, { status: 'retrying', job, error });
    } catch (cause) {
      this.#options.report(`${name} was not told to forget, and will not be`, cause);
      return receipt(name, told, { status: 'failed', error });
    }
  }

  #tellAgain({ keys, soft }: Order): void {
    const { echo } = this.#options;
    if (echo === null) return;
    const timer = () => setTimeout(() => this.#echo(), echo).unref();
    this.#again ??= { keys: new Set(), everything: false, soft: true, timer: timer() };
    this.#again.soft &&= soft;
    if (keys === 'everything') this.#again.everything = true;
    else for (const key of keys) this.#again.keys.add(key);
  }

  #echo(): void {
    if (this.#again === null) return;
    const { keys, everything, soft, timer } = this.#again;
    clearTimeout(timer);
    this.#again = null;
    const order: Order = { keys: everything ? 'everything' : [...keys], soft };
    this.#telling = Promise.all(this.#options.purgers.map((purger) => this.#tellOne(purger, order)));
  }
}

function receipt(
  name: string,
  { keys, soft }: Order,
  what: Pick<CdnReceipt, 'status'> & Partial<Pick<CdnReceipt, 'job' | 'error'>>,
): CdnReceipt {
  return { name, keys: keys === 'everything' ? ['*'] : keys, soft, job: null, error: null, ...what };
}
