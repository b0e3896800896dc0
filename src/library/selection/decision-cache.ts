import { LRUCache } from 'lru-cache';
import type { Report } from '../../observability/report.ts';
import type { BlobStore } from '../../store/blob-store.ts';
import type { Original } from '../original.ts';
import { decisionPrefix } from '../storage-keys.ts';

const maxHeld = 50_000;
/** Milliseconds for which nobody asks again what nobody knew: another node may have found it out. */
const unknownFor = 10_000;
/** Longest thing worth remembering, in characters. */
const longest = 16_384;

/**
 * What was found out about a picture, under the name of the question. The first answer stands for good, whoever found it:
 * every node goes by the same one until the picture is replaced or purged.
 */
export class DecisionCache {
  readonly #store: BlobStore;
  readonly #report: Report;
  readonly #held = new LRUCache<string, string>({ max: maxHeld });
  /** What nobody knew when we last asked. */
  readonly #unknown = new LRUCache<string, true>({ max: maxHeld, ttl: unknownFor });

  constructor(store: BlobStore, report: Report) {
    this.#store = store;
    this.#report = report;
  }

  /** null where nobody knows yet, or where the store does not answer. */
  async find(original: Original, question: string): Promise<string | null> {
    const key = decisionPrefix(original) + question;
    const held = this.#held.get(key);
    if (held !== undefined) return held;
    if (this.#unknown.has(key)) return null;
    const answer = await this.#read(key);
    if (answer === null) this.#unknown.set(key, true);
    return answer;
  }

  /** Answers what stands from now on: this, or what somebody else was first to find. */
  async putIfAbsent(original: Original, question: string, answer: string): Promise<string> {
    if (answer.length > longest) throw new TypeError('Expected a short answer to remember');
    const key = decisionPrefix(original) + question;
    try {
      const isFirst = await this.#store.putIfAbsent(key, new TextEncoder().encode(answer));
      const first = isFirst ? null : await this.#read(key);
      if (first !== null) return first;
    } catch (cause) {
      this.#report('What was found out about a picture cannot be kept', cause);
    }
    this.#held.set(key, answer);
    return answer;
  }

  async #read(key: string): Promise<string | null> {
    try {
      const blob = await this.#store.get(key);
      if (blob === null) return null;
      const answer = new TextDecoder().decode(blob.bytes);
      this.#held.set(key, answer);
      return answer;
    } catch (cause) {
      this.#report('What was found out about a picture cannot be read', cause);
      return null;
    }
  }
}
