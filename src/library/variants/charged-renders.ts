import type { Cost } from '../../render/planning/cost.ts';
import type { RenderQueue, RenderRequest } from '../../render/queue/render-queue.ts';
import type { Budget } from './budget.ts';
import { SlowPlans } from './slow-plans.ts';
import type { VariantSpec } from './spec.ts';
import { pixelsCharged, pixelsOfTime } from './variant-cost.ts';

export interface ChargedRendersOptions {
  readonly queue: Pick<RenderQueue, 'run'>;
  readonly budget: Budget;
}

/** Renders in the queue that are paid for by the client that asks: by estimate before, and by the time they used after. */
export class ChargedRenders {
  readonly #options: ChargedRendersOptions;
  readonly #slowPlans = new SlowPlans();

  constructor(options: ChargedRendersOptions) {
    this.#options = options;
  }

  /** `asker`: null is this server itself, which pays nothing. Throws `over-budget`, `deadline`, and what the queue throws. */
  async run<T>(
    specs: readonly VariantSpec[],
    { asker, cost }: { readonly asker: RenderRequest | null; readonly cost: Cost },
    work: () => Promise<T>,
  ): Promise<T> {
    const { queue, budget } = this.#options;
    const [first] = specs;
    if (first === undefined) throw new TypeError('Expected a variant to make');
    return this.#slowPlans.attempt(specs, async () => {
      if (asker === null) return queue.run(work, { client: '', signal: null, cost });
      const { client, signal } = asker;
      const charged = pixelsCharged(specs, cost);
      await budget.charge(client, first.original.id, charged);
      let used = 0;
      const timed = async () => {
        const begun = performance.now();
        return work().finally(() => {
          used = performance.now() - begun;
        });
      };
      try {
        return await queue.run(timed, { client, signal, cost });
      } finally {
        await budget.settle(client, first.original.id, pixelsOfTime(used) - charged);
      }
    });
  }
}
