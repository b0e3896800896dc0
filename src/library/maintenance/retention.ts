import { YieldToRequests } from '../../concurrency/event-loop-yield.ts';
import { Failure } from '../../errors.ts';
import type { BlobStore } from '../../store/blob-store.ts';
import type { ObjectCount } from '../object-count.ts';
import type { Original } from '../original.ts';
import type { Originals } from '../originals/originals.ts';
import { isReference } from '../originals/references.ts';
import { unsignedFetchAge, unsignedFetchTag } from '../originals/unsigned-fetches.ts';
import { allPages } from '../pages.ts';
import { indexEntriesOf, readIndexEntry, tagIndex, timeIndex } from '../storage-keys.ts';
import type { VariantLibrary } from '../variants/naming.ts';
import type { StatsTally } from './stats.ts';
import type { SweepRun } from './sweep-clock.ts';

export interface RetentionOptions {
  readonly store: BlobStore;
  readonly originals: Originals;
  readonly library: VariantLibrary;
  /** Longest time since an original was stored or replaced, in milliseconds; null: any. */
  readonly age: number | null;
  /** Most bytes of all originals together; null: any. */
  readonly size: number | null;
}

/** Markers remembered in one walk of the index: 10 000 names are about 1 MB. */
const remembered = 10_000;

/** How long originals are kept: those that are too old go, then the oldest of those that are too many. */
export class Retention {
  readonly #parts: RetentionOptions;

  constructor(parts: RetentionOptions) {
    this.#parts = parts;
  }

  /** `tally`: of all there are; what goes is taken off it. */
  async run(receipt: StatsTally, { dryRun, now, clock, marks, signal }: SweepRun): Promise<ObjectCount> {
    const { size, library } = this.#parts;
    const age = clock === 'ok' ? this.#parts.age : null;
    let [objects, bytes] = [0, 0];
    const total = receipt.bytes;
    const yieldToRequests = new YieldToRequests();
    const isKept = age === null && size === null;
    for await (const original of isKept ? [] : this.#oldestFirst()) {
      signal?.throwIfAborted();
      await yieldToRequests.yield();
      const isTooMuch = size !== null && total - bytes > size;
      const isOld = (time: number) => age !== null && now - time > age;
      if (!isTooMuch && !isOld(Date.parse(original.createdAt))) break;
      if (!isTooMuch) {
        // Its bytes are younger where it was replaced, or where the clock of the node that stored it was behind.
        const stored = await this.#parts.store.stat(original.blob);
        if (stored === null || !isOld(stored.modified) || !marks.isDue(stored)) continue;
      }
      if (!dryRun && !(await removeIfUnchanged(library, original))) continue;
      if (!dryRun) receipt.remove(original);
      objects += 1;
      bytes += original.bytes;
    }
    if (clock !== 'ok') return { objects, bytes };
    for await (const original of this.#unsignedFetches((time) => now - time > unsignedFetchAge)) {
      signal?.throwIfAborted();
      await yieldToRequests.yield();
      const stored = await this.#parts.store.stat(original.blob);
      if (stored === null || !marks.isDue(stored)) continue;
      if (!dryRun && !(await removeIfUnchanged(library, original))) continue;
      if (!dryRun) receipt.remove(original);
      objects += 1;
      bytes += original.bytes;
    }
    return { objects, bytes };
  }

  /** Originals that URLs without a signature had fetched, those that are old. */
  async *#unsignedFetches(isOld: (time: number) => boolean): AsyncGenerator<Original> {
    for await (const entries of allPages(this.#parts.store, tagIndex(unsignedFetchTag))) {
      for (const { key } of entries) {
        const entry = readIndexEntry(key);
        if (entry === null || !isOld(entry.time ?? Number.POSITIVE_INFINITY)) continue;
        const original = await this.#parts.originals.peek(entry.id).catch(ifDamaged);
        if (original !== null && indexEntriesOf(original).includes(key)) yield original;
      }
    }
  }

  /** The index goes from the newest to the oldest, so its end is read, then what is before that, in several walks of names. */
  async *#oldestFirst(): AsyncGenerator<Original> {
    let end: string | null = null;
    for (;;) {
      const tail = await this.#entriesBefore(end);
      if (tail.length === 0) return;
      for (const key of tail.toReversed()) {
        const original = await this.#parts.originals.peek(readIndexEntry(key)?.id ?? '').catch(ifDamaged);
        const isOurs = original !== null && indexEntriesOf(original).includes(key) && !isReference(original.blob);
        if (isOurs) yield original;
      }
      end = tail[0] ?? null;
    }
  }

  async #entriesBefore(end: string | null): Promise<readonly string[]> {
    let tail: string[] = [];
    for await (const entries of allPages(this.#parts.store, timeIndex)) {
      const inside = entries.filter(({ key }) => end === null || key < end).map(({ key }) => key);
      tail = [...tail, ...inside].slice(-remembered);
      if (inside.length < entries.length) break;
    }
    return tail;
  }
}

/** False where it was replaced or deleted meanwhile. */
async function removeIfUnchanged(library: VariantLibrary, original: Original): Promise<boolean> {
  const isStill = (current: Original | null) => {
    if (current?.blob !== original.blob) throw new Failure('precondition', 'It was replaced meanwhile');
  };
  return library.remove(original.id, isStill).catch((thrown: unknown) => {
    if (thrown instanceof Failure && thrown.kind === 'precondition') return false;
    throw thrown;
  });
}

/** An original that cannot be read stays: an operator may repair it. */
function ifDamaged(thrown: unknown): null {
  if (thrown instanceof Failure && thrown.kind === 'damaged-original') return null;
  throw thrown;
}
