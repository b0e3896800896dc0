import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { LRUCache } from 'lru-cache';
import { cut, Failure } from '../errors.ts';
import type { BlobBody, BlobStore, ByteRange } from '../store/blob-store.ts';
import type { Integrity } from './integrity.ts';
import { markersOf, originalKey, pointerKey } from './names.ts';
import { nextGeneration, noNotes, type Original } from './original.ts';
import { readPointer, writePointer } from './pointer.ts';
import { SingleFlight } from './single-flight.ts';

export type { ByteRange };

/** What comes in with the bytes of an original. */
export type Incoming = Pick<Original, 'id' | 'version' | 'bytes' | 'facts'> & {
  readonly body: BlobBody;
  /** null keeps what stands. */
  readonly tags: readonly string[] | null;
  readonly focalPoint: Original['focalPoint'];
};

/** Throws where the state it is shown forbids the change. */
export type Precondition = (current: Original | null) => void;

export interface Published {
  readonly original: Original;
  readonly outcome: 'created' | 'replaced' | 'unchanged';
}

interface Held {
  readonly original: Original;
  readonly tag: string;
}

export interface OriginalsOptions {
  readonly store: BlobStore;
  /** How long a pointer is trusted without asking the store, in milliseconds; Infinity where nobody else writes. */
  readonly trust: number;
  readonly integrity: Integrity;
}

const mostPointers = 50_000;
/** Somebody else changes the pointer each time: more tries than any honest race needs. */
const mostTries = 20;

/** Pictures people keep here. Who has them, who replaces them, who takes them away. */
export class Originals {
  readonly #store: BlobStore;
  readonly #integrity: Integrity;
  readonly #held: LRUCache<string, Held>;
  readonly #reads = new SingleFlight<Held | null>();
  /** The newest read of each id that is under way. */
  readonly #reading = new Map<string, Promise<unknown>>();

  constructor({ store, trust, integrity }: OriginalsOptions) {
    this.#store = store;
    this.#integrity = integrity;
    this.#held = new LRUCache(Number.isFinite(trust) ? { max: mostPointers, ttl: trust } : { max: mostPointers });
  }

  /** Facts without bytes. Throws `missing-original`. */
  async describe(id: string): Promise<Original> {
    const found = await this.find(id);
    if (found === null) throw new Failure('missing-original', `No original has the id "${cut(id)}"`);
    return found;
  }

  async find(id: string): Promise<Original | null> {
    const held = this.#held.get(id);
    if (held !== undefined) return held.original;
    const { value } = await this.#reads.join(id, () => this.#read(id));
    return value?.original ?? null;
  }

  /** The stored bytes or a range of them; a whole that turns out damaged breaks off. Throws `damaged-original` where they are gone. */
  async read(original: Original, range: ByteRange | null): Promise<Readable> {
    const stream = await this.#store.read(original.blob, range ?? undefined);
    if (stream === null) throw new Failure('damaged-original', `The bytes of "${cut(original.id)}" are missing`);
    return range === null ? this.#integrity.guard(original, stream) : stream;
  }

  /** Without asking the store; undefined where it would have to be asked. */
  known(id: string): Original | undefined {
    return this.#held.get(id)?.original;
  }

  /**
   * Stores bytes and makes them what the id means: markers, then bytes, then the pointer, by compare-and-swap.
   * The same bytes with nothing else new change nothing.
   */
  async publish(incoming: Incoming, precondition: Precondition): Promise<Published> {
    const upload = originalKey(incoming.id, incoming.version, randomBytes(6).toString('hex'));
    let stored = false;
    for (let attempt = 0; attempt < mostTries; attempt++) {
      const current = await this.#read(incoming.id);
      precondition(current?.original ?? null);
      const next = successor(incoming, current?.original ?? null, upload);
      if (next === current?.original) return { original: next, outcome: 'unchanged' };
      await this.#mark(next);
      if (next.blob === upload && !stored) {
        await this.#store.put(upload, incoming.body);
        stored = true;
      }
      if (!(await this.#swap(next, current))) continue;
      this.#integrity.vouch(next);
      await this.#unmark(current?.original ?? null, next);
      return { original: next, outcome: current === null ? 'created' : 'replaced' };
    }
    throw tooManyWriters(incoming.id);
  }

  /** Replaces the record, not the bytes; null where there is none. */
  async change(id: string, how: (current: Original) => Original): Promise<Original | null> {
    for (let attempt = 0; attempt < mostTries; attempt++) {
      const current = await this.#read(id);
      if (current === null) return null;
      const next = how(current.original);
      await this.#mark(next);
      if (!(await this.#swap(next, current))) continue;
      await this.#unmark(current.original, next);
      return next;
    }
    throw tooManyWriters(id);
  }

  /** From now on every variant of it has another name, also those still being rendered. Null where there is none. */
  bumpGeneration(id: string): Promise<Original | null> {
    return this.change(id, (current) => ({ ...current, generation: nextGeneration(current.generation, Date.now()) }));
  }

  /** The pointer first: after it nobody can find the rest. Returns what was taken away. */
  async remove(id: string, precondition: Precondition): Promise<Original | null> {
    const current = await this.#read(id);
    precondition(current?.original ?? null);
    if (current === null) return null;
    await this.#store.delete([pointerKey(id)]);
    this.#forgetHeld(id);
    await this.#store.delete([current.original.blob]);
    await this.#removeMarkers(id, markersOf(current.original));
    return current.original;
  }

  async #read(id: string): Promise<Held | null> {
    const reading = this.#store.get(pointerKey(id));
    this.#reading.set(id, reading);
    const blob = await reading;
    const held = blob === null ? null : { original: readPointer(blob.bytes, id), tag: blob.tag };
    // A write that came in between knows better than what was read before it.
    if (this.#reading.get(id) === reading) {
      this.#reading.delete(id);
      if (held === null) this.#held.delete(id);
      else this.#held.set(id, held);
    }
    return held;
  }

  #forgetHeld(id: string): void {
    this.#reading.delete(id);
    this.#reads.forget(id);
    this.#held.delete(id);
  }

  async #mark(original: Original): Promise<void> {
    await Promise.all(markersOf(original).map((key) => this.#store.put(key, new Uint8Array())));
  }

  /** Takes away the markers that no longer say the truth; left standing by a crash they are skipped and swept. */
  async #unmark(before: Original | null, after: Original): Promise<void> {
    if (before === null) return;
    const standing = new Set(markersOf(after));
    await this.#removeMarkers(
      after.id,
      markersOf(before).filter((key) => !standing.has(key)),
    );
  }

  /** Whoever stored the id again meanwhile needs some of the same markers, so they are written once more for what stands now. */
  async #removeMarkers(id: string, keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    await this.#store.delete(keys);
    const standing = await this.#read(id);
    if (standing !== null) await this.#mark(standing.original);
  }

  async #swap(next: Original, current: Held | null): Promise<boolean> {
    const key = pointerKey(next.id);
    const bytes = writePointer(next);
    const won =
      current === null
        ? await this.#store.putIfAbsent(key, bytes)
        : (await this.#store.replaceIf(key, bytes, current.tag)) !== null;
    // Whatever is held or being read now is older than this write, or than the write that beat it.
    this.#forgetHeld(next.id);
    return won;
  }
}

function tooManyWriters(id: string): Failure {
  const headers = { 'Retry-After': '1' };
  return new Failure('overloaded', `Expected fewer writers of "${cut(id)}" at once`, { headers });
}

/** What the id means once these bytes are stored: the very same record where nothing would change. */
function successor(incoming: Incoming, current: Original | null, upload: string): Original {
  const { id, version, bytes, facts } = incoming;
  const tags = incoming.tags ?? current?.tags ?? [];
  const focalPoint = incoming.focalPoint ?? current?.focalPoint ?? null;
  const sameBytes = current?.version === version;
  if (sameBytes && String(tags) === String(current.tags) && String(focalPoint) === String(current.focalPoint))
    return current;
  const generation = nextGeneration(current?.generation ?? null, Date.now());
  const blob = sameBytes ? current.blob : upload;
  const createdAt = current?.createdAt ?? new Date().toISOString();
  const { boxes, metadata, lifetime } = current ?? noNotes;
  return { id, version, generation, blob, bytes, facts, createdAt, tags, focalPoint, boxes, metadata, lifetime };
}
