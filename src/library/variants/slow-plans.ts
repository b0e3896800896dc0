import { LRUCache } from 'lru-cache';
import { Failure } from '../../errors.ts';
import { ExceededDeadline } from '../../render/workers/child.ts';
import type { VariantSpec } from './spec.ts';

/** How long a plan that exceeded its deadline is not tried again. */
const rememberedFor = 600_000;
const maxRemembered = 10_000;

/**
 * Plans that exceeded the deadline by their own work. Their keys hold the version of the original, so other bytes are tried
 * at once.
 */
export class SlowPlans {
  readonly #until = new LRUCache<string, number>({ max: maxRemembered, ttl: rememberedFor });

  /** Throws `deadline` with Retry-After for what is remembered; remembers what fails with `ExceededDeadline`. */
  async attempt<T>(specs: readonly VariantSpec[], work: () => Promise<T>): Promise<T> {
    const name = specs.map(({ key }) => key).join('\n');
    this.#refuse(name);
    try {
      return await work();
    } catch (thrown) {
      if (thrown instanceof ExceededDeadline && thrown.isOwnWork) this.#until.set(name, Date.now() + rememberedFor);
      throw thrown;
    }
  }

  #refuse(name: string): void {
    const until = this.#until.get(name);
    if (until === undefined) return;
    const seconds = Math.max(1, Math.ceil((until - Date.now()) / 1000));
    throw new Failure('deadline', `This picture exceeded its deadline a short time ago; retry after ${seconds} s`, {
      headers: { 'Retry-After': String(seconds) },
    });
  }
}
