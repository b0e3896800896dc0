import { LRUCache } from 'lru-cache';
import { idOfVariant } from '../storage-keys.ts';

/** Bytes an entry costs beside its picture: key, object, map slots. */
const overhead = 512;

/** Finished variants in memory, bounded in bytes, and what of them belongs to which original. */
export class MemoryCache {
  readonly #cache: LRUCache<string, Uint8Array<ArrayBuffer>>;
  readonly #keysOf = new Map<string, Set<string>>();

  /** `most`: bytes of pictures, keys and bookkeeping; 0 keeps nothing. A picture above an eighth of it is not kept. */
  constructor(most: number) {
    this.#cache = new LRUCache({
      max: 100_000,
      maxSize: Math.max(1, most),
      maxEntrySize: Math.max(1, Math.floor(most / 8)),
      sizeCalculation: (bytes, key) => bytes.byteLength + key.length + overhead,
      dispose: (_bytes, key) => this.#unlist(key),
    });
  }

  get bytes(): number {
    return this.#cache.calculatedSize;
  }

  /** Drops the least recently served until this share of the bytes is left; answers how many went. */
  shrink(share: number): number {
    const before = this.bytes;
    while (this.bytes > before * share) this.#cache.pop();
    return before - this.bytes;
  }

  get(key: string): Uint8Array<ArrayBuffer> | undefined {
    return this.#cache.get(key);
  }

  /** The bytes must not change any more. */
  set(key: string, bytes: Uint8Array<ArrayBuffer>): void {
    if (!this.#cache.set(key, unpinned(bytes)).has(key)) return;
    const id = idOfVariant(key);
    const keys = this.#keysOf.get(id) ?? new Set();
    keys.add(key);
    this.#keysOf.set(id, keys);
  }

  /** How many there are. */
  get size(): number {
    return this.#cache.size;
  }

  /** Everything made from an original. */
  keysOf(id: string): readonly string[] {
    return [...(this.#keysOf.get(id) ?? [])];
  }

  has(key: string): boolean {
    return this.#cache.has(key);
  }

  delete(key: string): boolean {
    return this.#cache.delete(key);
  }

  /** Forgets everything made from an original; answers how many that were. */
  purgeOriginal(id: string): number {
    const keys = this.keysOf(id);
    for (const key of keys) this.#cache.delete(key);
    return keys.length;
  }

  clear(): number {
    const count = this.#cache.size;
    this.#cache.clear();
    return count;
  }

  #unlist(key: string): void {
    const id = idOfVariant(key);
    const keys = this.#keysOf.get(id);
    if (keys === undefined) return;
    keys.delete(key);
    if (keys.size === 0) this.#keysOf.delete(id);
  }
}

/** What a decoder or a socket hands out may be a small part of something larger, which would be kept as long: then a copy. */
function unpinned(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return bytes.buffer.byteLength - bytes.byteLength < overhead ? bytes : new Uint8Array(bytes);
}
