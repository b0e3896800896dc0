import { LRUCache } from 'lru-cache';
import type { Report } from '../../observability/report.ts';
import type { BlobStore } from '../../store/blob-store.ts';
import type { Original } from '../original.ts';
import { decisionPrefix } from '../storage-keys.ts';
import { VariantCap } from '../variants/variant-cap.ts';

const maxHeld = 50_000;
/** Milliseconds for which an unknown decision is not looked up again: another node may have made it. */
const unknownFor = 10_000;
/** Longest decision that is stored, in characters. */
const longest = 16_384;
/** Facts that are stored about one version of an original: any client can ask for another size of the answer. */
export const maxStored = 200;
/** Facts that are held for a minute and not stored, since as many as possible are. */
const maxUnstored = 5000;
const unstoredFor = 60_000;

/** Makes of a stored text what was decided; null for a text that is none of ours. */
export type ReadDecision<T> = (text: string) => T | null;

export interface DecisionCacheOptions {
  readonly store: BlobStore;
  readonly report: Report;
  /** Called for every stored decision that cannot be read. */
  readonly onDamaged?: () => void;
}

/**
 * Stored decisions about an original, each under a question. The first answer wins, whichever node found it: every node uses
 * it until the original is replaced or purged. A decision that cannot be read counts as unknown and is replaced.
 */
export class DecisionCache {
  readonly #store: BlobStore;
  readonly #report: Report;
  readonly #onDamaged: () => void;
  readonly #held = new LRUCache<string, string>({ max: maxHeld });
  readonly #unstored = new LRUCache<string, string>({ max: maxUnstored, ttl: unstoredFor });
  readonly #cap: VariantCap;
  /** Questions that had no answer when the store was last asked. */
  readonly #unknown = new LRUCache<string, true>({ max: maxHeld, ttl: unknownFor });

  constructor({ store, report, onDamaged = () => {} }: DecisionCacheOptions) {
    this.#store = store;
    this.#report = report;
    this.#onDamaged = onDamaged;
    this.#cap = new VariantCap(store, maxStored);
  }

  /** Null where nothing is decided yet, or where the store does not answer. */
  async find<T>(original: Original, question: string, read: ReadDecision<T>): Promise<T | null> {
    const key = decisionPrefix(original) + question;
    const held = this.#held.get(key) ?? this.#unstored.get(key);
    if (held !== undefined) return read(held);
    if (this.#unknown.has(key)) return null;
    const answer = await this.#read(key, read).catch((cause: unknown) => {
      this.#report('A stored decision about a picture cannot be read', cause);
      return null;
    });
    if (answer === null) this.#unknown.set(key, true);
    return answer;
  }

  /** Returns the decision that holds from now on: this one, or the one that another node stored first. */
  async putIfAbsent<T>(original: Original, question: string, answer: string, read: ReadDecision<T>): Promise<T | null> {
    if (answer.length > longest) throw new TypeError('Expected a short answer to remember');
    const key = decisionPrefix(original) + question;
    const prefix = decisionPrefix(original);
    // No reply waits for the count, which lists the store: until it is there, a few more than the cap may be stored.
    if (this.#cap.isFull(prefix)) {
      this.#unstored.set(key, answer);
      return read(answer);
    }
    void this.#cap.take(prefix);
    const bytes = new TextEncoder().encode(answer);
    try {
      const isFirst = await this.#store.putIfAbsent(key, bytes);
      const first = isFirst ? null : await this.#read(key, read);
      if (first !== null) return first;
      if (!isFirst) await this.#store.put(key, bytes);
    } catch (cause) {
      this.#report('A decision about a picture cannot be stored', cause);
    }
    this.#held.set(key, answer);
    return read(answer);
  }

  async #read<T>(key: string, read: ReadDecision<T>): Promise<T | null> {
    const blob = await this.#store.get(key);
    if (blob === null) return null;
    const text = blob.bytes.byteLength > longest * 4 ? null : new TextDecoder().decode(blob.bytes);
    const answer = text === null ? null : read(text);
    if (text === null || answer === null) this.#onDamaged();
    else this.#held.set(key, text);
    return answer;
  }
}
