import { createHash } from 'node:crypto';
import type { BlobEntry } from '../../store/blob-store.ts';
import { type ObjectCount, ObjectCounter } from '../object-count.ts';
import { momentAt, type SweepRecord } from './sweep-record.ts';

/** Milliseconds of uptime between a mark and the deletion. */
const grace = 86_400_000;
/** Marks left to a later sweep, 14 bytes each; more waste is marked once these are gone. */
const maxMarks = 200_000;

/**
 * Deletion in two phases: one sweep marks what is waste, and a later one deletes what is marked and still waste, at least
 * 24 h later by the monotonic clock. A clock that is wrong, or an upload under way, deletes nothing.
 */
export class DeletionMarks {
  readonly #before: SweepRecord['marks'];
  readonly #uptime: number;
  readonly #digests: ReadonlySet<string>;
  readonly #found = new Set<string>();
  readonly #waiting = new ObjectCounter();

  /** `before`: the marks of an earlier sweep. `uptime`: milliseconds since then, by the monotonic clock. */
  constructor(before: SweepRecord['marks'], uptime: number) {
    this.#before = before;
    this.#uptime = uptime;
    this.#digests = new Set(before !== null && uptime >= grace ? before.digests : []);
  }

  /** Whether waste was marked long enough ago to be deleted now; if not, it is marked. */
  isDue(waste: BlobEntry): boolean {
    const digest = digestOf(waste);
    if (this.#digests.has(digest)) return true;
    if (this.#found.size < maxMarks) this.#found.add(digest);
    this.#waiting.add(waste.bytes);
    return false;
  }

  /** Waste that is left to a later sweep. */
  get waiting(): ObjectCount {
    const { objects, bytes } = this.#waiting;
    return { objects, bytes };
  }

  /** What the next sweep starts from: the same marks while they wait, else those that were found by now. */
  next(now: number): SweepRecord['marks'] {
    if (this.#before !== null && this.#uptime < grace) return { ...this.#before, uptime: this.#uptime };
    return this.#found.size === 0 ? null : { ...momentAt(now), digests: [...this.#found] };
  }
}

/** A blob that was written again is another one. */
function digestOf({ key, modified }: BlobEntry): string {
  return createHash('sha256').update(`${modified} ${key}`).digest('base64url').slice(0, 11);
}
