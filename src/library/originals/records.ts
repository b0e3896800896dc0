import { LRUCache } from 'lru-cache';
import { isUnreachable, storeTimeout, withStoreTimeout } from '../../concurrency/store-timeout.ts';
import type { Failure } from '../../errors.ts';
import type { BlobStore } from '../../store/blob-store.ts';
import type { Original } from '../original.ts';
import { recordKey } from '../storage-keys.ts';
import { CoalescedReads, type IsInSync } from './coalesced-reads.ts';
import { decodeRecord, encodeRecord, type ReadRecord, tombstone } from './record.ts';

/** What stands under an id, and the tag by which it can be replaced. */
export interface OriginalRecord {
  /** Null where the id was deleted, or where what stands there is `damaged`. */
  readonly original: Original | null;
  readonly damaged: Failure | null;
  readonly tag: string;
}

export interface OriginalRecordsOptions {
  readonly store: BlobStore;
  /** How long a pointer is trusted without asking the store, in milliseconds; Infinity where nobody else writes. */
  readonly maxAge: number;
  /** What was read before something went unheard is not trusted at all. */
  readonly isInSync?: IsInSync;
  /** Called for every record that was read and is damaged. */
  readonly onDamaged?: () => void;
}

const maxRecords = 50_000;

/** Milliseconds for which a pointer may be served while the store does not answer: an outage of an hour stops no hit. */
const staleFor = 3_600_000;

interface Held {
  readonly original: Original;
  readonly tag: string;
  /** When the reading began, by the monotonic clock. */
  readonly readAt: number;
  /** Trusted or not, where the store does not answer. */
  readonly excusedUntil: number;
}

/** The pointers of the store and what this node remembers of them. */
export class OriginalRecords {
  readonly #store: BlobStore;
  readonly #maxAge: number;
  readonly #isInSync: IsInSync;
  readonly #held = new LRUCache<string, Held>({ max: maxRecords });
  readonly #onDamaged: () => void;
  readonly #reads: CoalescedReads<OriginalRecord | null>;
  /** The newest read of each id that is under way. */
  readonly #reading = new Map<string, Promise<unknown>>();

  constructor({ store, maxAge, isInSync = () => true, onDamaged = () => {} }: OriginalRecordsOptions) {
    this.#store = store;
    this.#maxAge = maxAge;
    this.#isInSync = isInSync;
    this.#onDamaged = onDamaged;
    this.#reads = new CoalescedReads(isInSync);
  }

  /** Without asking the store; undefined where it would have to be asked. */
  known(id: string): Original | undefined {
    const held = this.#held.get(id);
    if (held === undefined) return undefined;
    return this.#isFresh(held) || performance.now() < held.excusedUntil ? held.original : undefined;
  }

  /** Null where there is none. Throws `damaged-original`, or `store-unreachable` where the store does not answer. */
  async confirmed(id: string): Promise<Original | null> {
    const held = this.#held.get(id);
    if (held !== undefined && this.#isFresh(held)) return held.original;
    const value = await this.#reads.join(id, () => this.read(id));
    if (value !== null && value.damaged !== null) throw value.damaged;
    return value?.original ?? null;
  }

  /** As `confirmed`, without remembering it: for walks over all of them. */
  async peek(id: string): Promise<Original | null> {
    const held = this.#held.peek(id);
    if (held !== undefined && this.#isFresh(held)) return held.original;
    const blob = await this.#store.get(recordKey(id));
    if (blob === null) return null;
    const { original, damaged } = this.#decode(blob.bytes, id);
    if (damaged !== null) throw damaged;
    return original;
  }

  /** As `confirmed`; but while the store does not answer, what was last heard of it is good enough. */
  async find(id: string): Promise<Original | null> {
    const known = this.known(id);
    if (known !== undefined) return known;
    const held = this.#held.get(id);
    const confirmed = this.confirmed(id);
    if (held === undefined || performance.now() - held.readAt > staleFor) return confirmed;
    return withStoreTimeout(storeTimeout, confirmed).catch((thrown: unknown) => {
      if (!isUnreachable(thrown)) throw thrown;
      // Whatever came in between knows better.
      if (this.#held.get(id) === held) {
        this.#held.set(id, { ...held, excusedUntil: performance.now() + this.#maxAge });
      }
      return held.original;
    });
  }

  /** Asks the store. */
  async read(id: string): Promise<OriginalRecord | null> {
    const began = performance.now();
    const reading = this.#store.get(recordKey(id));
    this.#reading.set(id, reading);
    const blob = await reading.catch((thrown: unknown) => {
      if (this.#reading.get(id) === reading) this.#reading.delete(id);
      throw thrown;
    });
    const record = blob === null ? null : { ...this.#decode(blob.bytes, id), tag: blob.tag };
    // A write that came in between knows better than what was read before it.
    if (this.#reading.get(id) !== reading) return record;
    this.#reading.delete(id);
    if (record === null || record.original === null) this.#held.delete(id);
    else this.#hold(id, record.original, { tag: record.tag, readAt: began });
    return record;
  }

  /** Compare-and-swap from what was read to what is to stand; false where somebody else was faster. */
  async swap(next: Original, current: OriginalRecord | null): Promise<boolean> {
    return this.#write(next.id, encodeRecord(next), current);
  }

  /**
   * Takes away what stands there; with `current`, only if that still does. A store need not know how to delete on a condition,
   * so a few bytes that say "deleted" are left behind then.
   */
  async remove(id: string, current: OriginalRecord | null): Promise<boolean> {
    if (current !== null) return this.#write(id, tombstone(id), current);
    await this.#store.delete([recordKey(id)]);
    this.invalidate(id);
    return true;
  }

  async #write(id: string, bytes: Uint8Array<ArrayBuffer>, current: OriginalRecord | null): Promise<boolean> {
    const key = recordKey(id);
    const won =
      current === null
        ? await this.#store.putIfAbsent(key, bytes)
        : (await this.#store.replaceIf(key, bytes, current.tag)) !== null;
    // It is older than this write too, or than the write that beat it.
    this.invalidate(id);
    return won;
  }

  #decode(bytes: Uint8Array, id: string): ReadRecord {
    const read = decodeRecord(bytes, id);
    if (read.damaged !== null) this.#onDamaged();
    return read;
  }

  /** The same record stays the same object, so that what was decided about it stands. */
  #hold(id: string, read: Original, { tag, readAt }: Pick<Held, 'tag' | 'readAt'>): void {
    const before = this.#held.get(id);
    const original = before?.tag === tag ? before.original : read;
    this.#held.set(id, { original, tag, readAt, excusedUntil: 0 });
  }

  #isFresh({ readAt }: Held): boolean {
    return performance.now() < readAt + this.#maxAge && this.#isInSync(readAt);
  }

  /** What is held or being read now is older than what happened to it. */
  invalidate(id: string): void {
    this.#reading.delete(id);
    this.#reads.invalidate(id);
    this.#held.delete(id);
  }
}
