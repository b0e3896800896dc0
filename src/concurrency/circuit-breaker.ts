import { Failure } from '../errors.ts';

export interface CircuitBreakerOptions {
  /** Calls in a row that were not answered, after which nobody is let through any more. */
  readonly failures: number;
  /** Milliseconds until one call may try again. */
  readonly pause: number;
  /** Milliseconds after which a call that moves few bytes counts as not answered, though it may go on. */
  readonly slow: number;
}

export const defaultCircuitBreaker: CircuitBreakerOptions = { failures: 5, pause: 1000, slow: 3000 };

export const storeIsDown = () =>
  new Failure('store-unreachable', 'Expected a store that answers, but it has not for a while');

/**
 * Spares callers the wait for a server that does not answer: after some failures in a row calls fail at once with the same
 * kind of failure (a store's, unless another is given), but for one at a time that finds out whether it is back. Its success
 * lets everybody through.
 */
export class CircuitBreaker {
  readonly #options: CircuitBreakerOptions;
  readonly #spared: () => Failure;
  #failures = 0;
  #triesFrom = 0;

  constructor(options: CircuitBreakerOptions, spared: () => Failure = storeIsDown) {
    this.#options = options;
    this.#spared = spared;
  }

  get isOpen(): boolean {
    return this.#failures >= this.#options.failures;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    this.#admit();
    try {
      const result = await work();
      this.#failures = 0;
      return result;
    } catch (thrown) {
      if (thrown instanceof Failure && thrown.kind === this.#spared().kind) this.#fail();
      else this.#failures = 0;
      throw thrown;
    }
  }

  /** As `run`, for calls of few bytes, which a server that lives answers soon. */
  async runShort<T>(work: () => Promise<T>): Promise<T> {
    return this.run(async () => {
      const slow = setTimeout(() => this.#fail(), this.#options.slow);
      return work().finally(() => clearTimeout(slow));
    });
  }

  /** The one that is let through postpones the next, so that there is never a crowd. */
  #admit(): void {
    if (!this.isOpen) return;
    const now = performance.now();
    if (now < this.#triesFrom) {
      throw this.#spared();
    }
    this.#triesFrom = now + this.#options.pause;
  }

  #fail(): void {
    this.#failures += 1;
    if (this.isOpen) this.#triesFrom = performance.now() + this.#options.pause;
  }
}
