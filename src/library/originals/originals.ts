import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { Failure, shorten } from '../../errors.ts';
import type { BlobBody, BlobStore, ByteRange } from '../../store/blob-store.ts';
import { nextGeneration, noAnnotations, type Original } from '../original.ts';
import { indexEntriesOf, originalKey } from '../storage-keys.ts';
import type { Integrity } from './integrity.ts';
import { OriginalRecords, type OriginalRecordsOptions } from './records.ts';
import { type Bytes, isReference } from './references.ts';

export type { ByteRange };

/** What comes in with the bytes of an original. */
export type Incoming = Pick<Original, 'id' | 'version' | 'bytes' | 'facts' | 'look'> & {
  /** Its bytes, or under which key they are found where they stay elsewhere. */
  readonly body: BlobBody | { readonly reference: string };
  /** What its source says of it, where it comes from one. */
  readonly source?: string;
  /** What was taken out of the bytes that came. */
  readonly removed?: readonly string[];
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

export interface OriginalsOptions extends OriginalRecordsOptions {
  /** What bytes are read from; the store, where it has all of them. */
  readonly bytes?: Bytes;
  readonly integrity: Integrity;
  /** Hears of every id that means something else by now, before whoever did it is answered. Never throws. */
  readonly changed?: (id: string) => Promise<unknown>;
}

/** Somebody else changes the pointer each time: more tries than any honest race needs. */
const maxTries = 20;

/** Pictures people keep here. Who has them, who replaces them, who takes them away. */
export class Originals {
  readonly #store: BlobStore;
  readonly #bytes: Bytes;
  readonly #integrity: Integrity;
  readonly #records: OriginalRecords;
  readonly #changed: (id: string) => Promise<unknown>;

  constructor({ store, bytes = store, integrity, changed = async () => {}, ...trusted }: OriginalsOptions) {
    this.#store = store;
    this.#changed = changed;
    this.#bytes = bytes;
    this.#integrity = integrity;
    this.#records = new OriginalRecords({ store, ...trusted });
  }

  /** Facts without bytes. Throws `missing-original`. */
  async describe(id: string): Promise<Original> {
    const found = await this.find(id);
    if (found === null) throw new Failure('missing-original', `No original has the id "${shorten(id)}"`);
    return found;
  }

  /** While the store does not answer, what was last heard of it is good enough. */
  find(id: string): Promise<Original | null> {
    return this.#records.find(id);
  }

  /** As `find`, but never older than the store's pointers are trusted: for whoever takes something away. */
  confirmed(id: string): Promise<Original | null> {
    return this.#records.confirmed(id);
  }

  /** As `confirmed`, without remembering it: for whoever looks at them all. */
  peek(id: string): Promise<Original | null> {
    return this.#records.peek(id);
  }

  /** What is known of it here may be old: the store is asked. */
  invalidate(id: string): void {
    this.#records.invalidate(id);
  }

  /** The stored bytes or a range of them; a whole that turns out damaged breaks off. Throws `damaged-original` where they are gone. */
  async read(original: Original, range: ByteRange | null): Promise<Readable> {
    const stream = await this.#bytes.read(original.blob, range ?? undefined);
    if (stream === null) throw new Failure('damaged-original', `The bytes of "${shorten(original.id)}" are missing`);
    return range === null ? this.#integrity.verifyStream(original, stream) : stream;
  }

  /** Without asking the store; undefined where it would have to be asked. */
  known(id: string): Original | undefined {
    return this.#records.known(id);
  }

  /**
   * Stores bytes and makes them what the id means: markers, then bytes, then the pointer, by compare-and-swap.
   * The same bytes with nothing else new change nothing.
   */
  async publish(incoming: Incoming, precondition: Precondition | null): Promise<Published> {
    const { body } = incoming;
    const upload =
      'reference' in body ? body.reference : originalKey(incoming.id, incoming.version, randomBytes(6).toString('hex'));
    let stored = false;
    for (let attempt = 0; attempt < maxTries; attempt++) {
      const current = await this.#records.read(incoming.id);
      precondition?.(current?.original ?? null);
      const next = successor(incoming, current?.original ?? null, upload);
      if (next === current?.original) return { original: next, outcome: 'unchanged' };
      await this.#addIndexEntries(next);
      if (next.blob === upload && !stored && !('reference' in body)) {
        await this.#store.put(upload, body);
        stored = true;
      }
      if (!(await this.#records.swap(next, current))) continue;
      this.#integrity.trust(next);
      await Promise.all([this.#removeIndexEntries(current?.original ?? null, next), this.#changed(next.id)]);
      return { original: next, outcome: (current?.original ?? null) === null ? 'created' : 'replaced' };
    }
    throw tooManyWriters(incoming.id);
  }

  /** Replaces the record, not the bytes; null where there is none. */
  async change(id: string, how: (current: Original) => Original): Promise<Original | null> {
    let before: Original | null = null;
    const next = await this.#replace(id, (current) => {
      before = current;
      return how(current);
    });
    if (next !== null && next.generation !== (before as Original | null)?.generation) await this.#changed(id);
    return next;
  }

  async #replace(id: string, how: (current: Original) => Original): Promise<Original | null> {
    for (let attempt = 0; attempt < maxTries; attempt++) {
      const current = await this.#records.read(id);
      if (current === null || current.original === null) return null;
      const next = how(current.original);
      // What stands was marked before it stood.
      const isMarked = String(indexEntriesOf(next)) === String(indexEntriesOf(current.original));
      if (!isMarked) await this.#addIndexEntries(next);
      if (!(await this.#records.swap(next, current))) continue;
      if (!isMarked) await this.#removeIndexEntries(current.original, next);
      return next;
    }
    throw tooManyWriters(id);
  }

  /**
   * From now on every variant of it has another name, also those still being rendered. Null where there is none. Whoever asks
   * for it tells others.
   */
  bumpGeneration(id: string): Promise<Original | null> {
    return this.#replace(id, (current) => ({ ...current, generation: nextGeneration(current.generation, Date.now()) }));
  }

  /**
   * The pointer first: after it nobody can find the rest. With a precondition, only what that was shown is taken away.
   * False where there was nothing.
   */
  async remove(id: string, precondition: Precondition | null): Promise<boolean> {
    for (let attempt = 0; attempt < maxTries; attempt++) {
      const current = await this.#records.read(id);
      precondition?.(current?.original ?? null);
      if (current === null || (current.original === null && current.damaged === null)) return false;
      if (!(await this.#records.remove(id, precondition === null ? null : current))) continue;
      await Promise.all([this.#removeBytes(id, current.original), this.#changed(id)]);
      return true;
    }
    throw tooManyWriters(id);
  }

  /** Nobody knows what a damaged pointer meant: then the bytes are left to the sweep. */
  async #removeBytes(id: string, removed: Original | null): Promise<void> {
    if (removed === null) return;
    if (!isReference(removed.blob)) await this.#store.delete([removed.blob]);
    await this.#removeAllIndexEntries(id, indexEntriesOf(removed));
  }

  async #addIndexEntries(original: Original): Promise<void> {
    await Promise.all(indexEntriesOf(original).map((key) => this.#store.put(key, new Uint8Array())));
  }

  /** Takes away the markers that no longer say the truth; left standing by a crash they are skipped and swept. */
  async #removeIndexEntries(before: Original | null, after: Original): Promise<void> {
    if (before === null) return;
    const existing = new Set(indexEntriesOf(after));
    await this.#removeAllIndexEntries(
      after.id,
      indexEntriesOf(before).filter((key) => !existing.has(key)),
    );
  }

  /** Whoever stored the id again meanwhile needs some of the same markers, so they are written once more for what stands now. */
  async #removeAllIndexEntries(id: string, keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    await this.#store.delete(keys);
    const existing = await this.#records.read(id);
    if (existing !== null && existing.original !== null) await this.#addIndexEntries(existing.original);
  }
}

function tooManyWriters(id: string): Failure {
  const headers = { 'Retry-After': '1' };
  return new Failure('overloaded', `Expected fewer writers of "${shorten(id)}" at once`, { headers });
}

/** What the id means once these bytes are stored: the very same record where nothing would change. */
function successor(incoming: Incoming, current: Original | null, upload: string): Original {
  const { id, version, bytes, facts, look: placeholder = current?.look } = incoming;
  const tags = incoming.tags ?? current?.tags ?? [];
  const focalPoint = incoming.focalPoint ?? current?.focalPoint ?? null;
  const sameBytes = current?.version === version;
  const source = incoming.source ?? null;
  // Bytes that stay elsewhere are found by their key alone; others are not stored twice.
  const staysThere = current !== null && sameBytes && isReference(current.blob) === isReference(upload);
  const blob = staysThere && !isReference(upload) ? current.blob : upload;
  const isSame =
    sameBytes && String(tags) === String(current.tags) && String(focalPoint) === String(current.focalPoint);
  if (isSame && blob === current.blob && source === current.source) return current;
  // Where the same bytes lie is nothing that could be seen.
  const generation = isSame ? current.generation : nextGeneration(current?.generation ?? null, Date.now());
  const createdAt = current?.createdAt ?? new Date().toISOString();
  const { removed = [] } = incoming;
  const { boxes, metadata, lifetime } = current ?? noAnnotations;
  return {
    id,
    version,
    generation,
    blob,
    bytes,
    facts,
    ...(placeholder === undefined ? {} : { look: placeholder }),
    createdAt,
    tags,
    focalPoint,
    boxes,
    metadata,
    lifetime,
    removed,
    source,
  };
}
