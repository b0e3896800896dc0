import { statSync } from 'node:fs';
import { unlink } from 'node:fs/promises';
import type { Size } from '../../render/geometry.ts';
import { type CopySide, copySides, type Requirement, suffices } from '../../render/planning/working-copy.ts';
import type { Original } from '../original.ts';

/** A working copy on this machine's disk. */
export interface Copy extends Size {
  readonly path: string;
  readonly name: string;
}

/** A file: whatever is done to it changes its stamp. */
interface FileStamp {
  readonly bytes: number;
  readonly stamp: string;
}

/** What has just been made. */
export interface NewCopy extends Copy, FileStamp {
  readonly side: CopySide;
  /** Estimated milliseconds that each render from it saves. */
  readonly saves: number;
}

export interface KeptCopy extends NewCopy {
  users: number;
  /** What a byte of it saves, on top of what the last that had to go was worth. */
  worth: number;
  /** When it was used, in milliseconds of the monotonic clock. */
  used: number;
}

/** All copies of one original as it is now. */
type CopiesBySide = Map<CopySide, KeptCopy>;

/** Milliseconds after which a copy that nobody renders from is of no use: by then variants are stored. */
const idle = 600_000;

/** One version and generation of an original. */
export const copyStateOf = ({ blob, version, generation }: Original): string => `${blob} ${version} ${generation}`;

/**
 * Which copies there are, by original. They never take more than `most` bytes but for what is being rendered from: the
 * least valuable goes first (GreedyDual-Size: what is not used sinks as others go). Files are only ever unlinked.
 */
export class WorkingCopyCache {
  readonly #most: number;
  readonly #evicted: () => void;
  readonly #copies = new Map<string, { readonly state: string; readonly copies: CopiesBySide }>();
  readonly #cleaning: NodeJS.Timeout;
  #bytes = 0;
  /** What the last evicted copy was worth. */
  #floor = 0;

  constructor({ most, evicted }: { readonly most: number; readonly evicted: () => void }) {
    this.#most = most;
    this.#evicted = evicted;
    this.#cleaning = setInterval(() => void this.dropIdle(performance.now()), idle / 10).unref();
  }

  get bytes(): number {
    return this.#bytes;
  }

  get count(): number {
    return this.#all.length;
  }

  /** Whether so many bytes could ever stand here. */
  takes(bytes: number): boolean {
    return bytes <= this.#most;
  }

  /** The smallest that suffices. */
  find(original: Original, need: Requirement): KeptCopy | null {
    const entry = this.#copies.get(original.id);
    if (entry === undefined || entry.state !== copyStateOf(original)) return null;
    const existing = copySides.flatMap((side) => entry.copies.get(side) ?? []);
    return existing.find((copy) => suffices(copy, need)) ?? null;
  }

  /** At once; what was of the original before it came to be something else goes, and what there is no room for. */
  async put(original: Original, made: NewCopy): Promise<void> {
    const copy: KeptCopy = { ...made, users: 0, worth: 0, used: 0 };
    this.use(copy);
    const state = copyStateOf(original);
    const past = this.#copies.get(original.id)?.state === state ? Promise.resolve() : this.drop(original.id);
    const { copies } = this.#copies.get(original.id) ?? { copies: new Map() };
    this.#copies.set(original.id, { state, copies: copies.set(made.side, copy) });
    this.#bytes += made.bytes;
    await Promise.all([past, this.#makeRoom()]);
  }

  use(copy: KeptCopy): void {
    copy.worth = this.#floor + copy.saves / copy.bytes;
    copy.used = performance.now();
  }

  /** Whether it lies there as it was made. */
  isIntact({ path, stamp }: KeptCopy): boolean {
    return stampOf(path)?.stamp === stamp;
  }

  /** Whoever has it open keeps it until it is done. */
  async remove(copy: KeptCopy): Promise<void> {
    for (const [id, { copies }] of this.#copies) {
      if (copies.get(copy.side) !== copy) continue;
      copies.delete(copy.side);
      if (copies.size === 0) this.#copies.delete(id);
      this.#bytes -= copy.bytes;
    }
    await unlink(copy.path).catch(() => undefined);
  }

  /** All of an original. */
  async drop(id: string): Promise<void> {
    await Promise.all([...(this.#copies.get(id)?.copies.values() ?? [])].map((copy) => this.remove(copy)));
  }

  async dropAll(): Promise<void> {
    await Promise.all(this.#all.map((copy) => this.remove(copy)));
  }

  /** `now` in milliseconds of the monotonic clock. */
  async dropIdle(now: number): Promise<void> {
    const unused = this.#all.filter(({ used, users }) => now - used >= idle && users === 0);
    await Promise.all(unused.map((copy) => this.remove(copy)));
  }

  async close(): Promise<void> {
    clearInterval(this.#cleaning);
    await this.dropAll();
  }

  get #all(): readonly KeptCopy[] {
    return [...this.#copies.values()].flatMap(({ copies }) => [...copies.values()]);
  }

  async #makeRoom(): Promise<void> {
    while (this.#bytes > this.#most) {
      const [least] = this.#all.filter(({ users }) => users === 0).toSorted((a, b) => a.worth - b.worth);
      if (least === undefined) return;
      this.#floor = least.worth;
      this.#evicted();
      await this.remove(least);
    }
  }
}

/** null where nothing lies there. At once: the scratch folder is on this machine, and waking another thread would take longer. */
export function stampOf(path: string): FileStamp | null {
  try {
    const { ino, size, mtimeMs, ctimeMs } = statSync(path);
    return { bytes: size, stamp: [ino, size, mtimeMs, ctimeMs].join(' ') };
  } catch {
    return null;
  }
}
