export interface DeprecationOptions {
  /** Called at each use. */
  readonly count: (name: string) => void;
  /** Called at the first use of each name. */
  readonly report: (sentence: string, cause: unknown) => void;
}

/** Old names of the contract that still work beside their new ones: each use is counted, the first is logged. */
export class Deprecations {
  readonly #options: DeprecationOptions;
  readonly #reported = new Set<string>();

  constructor(options: DeprecationOptions) {
    this.#options = options;
  }

  /** Both names come from our own tables, never from a client: `used('normalize', 'sanitize')`. */
  used(name: string, replacement: string): void {
    this.#options.count(name);
    if (this.#reported.has(name)) return;
    this.#reported.add(name);
    this.#options.report(deprecationOf(name, replacement), null);
  }
}

/** The warning for a deprecated name. */
export function deprecationOf(name: string, replacement: string): string {
  return `${name} is deprecated and stops working after two minor versions; use ${replacement}`;
}
