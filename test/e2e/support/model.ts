/** What an id may mean at a time: between the beginning of a write and its answer the old or the new. */
interface State<T> {
  readonly value: T;
  /** By the monotonic clock: when its write began … */
  readonly from: number;
  /** … and when the write that replaced it was answered. */
  until: number;
}

/** One thing that is written by one writer after another, and read by anybody at any time. */
export class Model<T> {
  readonly #states: State<T>[];

  constructor(value: T) {
    this.#states = [{ value, from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY }];
  }

  async write<R>(value: T, write: () => Promise<R>): Promise<R> {
    const before = this.#states.at(-1);
    this.#states.push({ value, from: performance.now(), until: Number.POSITIVE_INFINITY });
    const done = await write();
    if (before !== undefined) before.until = performance.now();
    return done;
  }

  /** What was read, and whether anything else might have been; null where it was right. */
  async read(read: () => Promise<T>): Promise<{ readonly read: T; readonly right: readonly T[] } | null> {
    const from = performance.now();
    const value = await read();
    const until = performance.now();
    const right = this.#states
      .filter((state) => state.from <= until && state.until >= from)
      .map((state) => state.value);
    return right.includes(value) ? null : { read: value, right };
  }
}
