import { Failure } from '../errors.ts';

export interface CircuitBreakerOptions {
  /** Consecutive failures that open the circuit. */
  readonly failures: number;
  /** Milliseconds between two trial calls while the circuit is open. */
  readonly pause: number;
  /** Milliseconds after which a short call counts as failed, though it may still succeed. */
  readonly slow: number;
}

export const defaultCircuitBreaker: CircuitBreakerOptions = { failures: 5, pause: 1000, slow: 3000 };

export const storeIsDown = () =>
  new Failure('store-unreachable', 'Expected a store that answers, but it has not for a while');

/**
 * Fails calls at once while a server does not answer, instead of letting each wait. After some consecutive failures the
 * circuit opens: calls fail with the failure of `spared` (`store-unreachable` by default). One call at a time may still
 * try; its success closes the circuit.
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

  /** Like `run`, for calls that a healthy server answers quickly. */
  async runShort<T>(work: () => Promise<T>): Promise<T> {
    return this.run(async () => {
      const slow = setTimeout(() => this.#fail(), this.#options.slow);
      return work().finally(() => clearTimeout(slow));
    });
  }

  /** Throws while the circuit is open. A call that may try postpones the next trial, so there is only one at a time. */
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
