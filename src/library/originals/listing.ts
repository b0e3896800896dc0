import { Failure } from '../../errors.ts';
import type { BlobStore } from '../../store/blob-store.ts';
import type { Original } from '../original.ts';
import { allPages } from '../pages.ts';
import { indexEntriesOf, nameIndex, readIndexEntry, tagIndex, timeIndex } from '../storage-keys.ts';
import type { Originals } from './originals.ts';

/** Which originals, and in which order: each is one index, and what no index can answer cannot be asked. */
export type Selection =
  | { readonly by: 'time' /** Milliseconds since 1970, or null for all. */; readonly since: number | null }
  | { readonly by: 'tag'; readonly tag: string }
  /** By id, the others newest first. */
  | { readonly by: 'prefix'; readonly prefix: string };

export interface ListPage {
  readonly originals: readonly Original[];
  /** Where to go on, or null at the end. */
  readonly cursor: string | null;
}

export const maxList = 1000;
/** Pointers read at a time. */
const readsAtOnce = 16;

/** Finds originals by their markers: one listing of names, then the pointers it needs. Never a scan. */
export class Listing {
  readonly #store: BlobStore;
  readonly #originals: Originals;

  constructor(store: BlobStore, originals: Originals) {
    this.#store = store;
    this.#originals = originals;
  }

  /** `limit` 1 to 1000. Throws `bad-request` for a cursor that is none of ours. */
  async page(
    selection: Selection,
    { limit, cursor }: { readonly limit: number; readonly cursor: string | null },
  ): Promise<ListPage> {
    const index = indexOf(selection);
    const found: Original[] = [];
    let after = cursor === null ? null : readCursor(cursor, index);
    for (;;) {
      const listed = await this.#store.list(index, {
        limit: limit - found.length,
        ...(after === null ? {} : { after }),
      });
      const keys = listed.entries.map(({ key }) => key);
      const inside = keys.filter((key) => isInside(selection, key));
      found.push(...(await this.#describe(inside)));
      after = listed.next;
      if (after === null || inside.length < keys.length) return { originals: found, cursor: null };
      if (found.length >= limit) return { originals: found, cursor: Buffer.from(after).toString('base64url') };
    }
  }

  /** How many markers there are; some may dangle. Names alone are read. */
  async count(selection: Selection): Promise<number> {
    let count = 0;
    for await (const ids of this.ids(selection)) count += ids.length;
    return count;
  }

  /** Ids of all markers there are, a page at a time; some may dangle. Names alone are read. */
  async *ids(selection: Selection): AsyncGenerator<readonly string[]> {
    for await (const entries of allPages(this.#store, indexOf(selection))) {
      const inside = entries.filter(({ key }) => isInside(selection, key));
      yield inside.flatMap(({ key }) => readIndexEntry(key)?.id ?? []);
      if (inside.length < entries.length) break;
    }
  }

  /** A marker whose original is gone, damaged, or no longer has this tag or time, is skipped; what dangles is swept later. */
  async #describe(keys: readonly string[]): Promise<readonly Original[]> {
    const found: Original[] = [];
    for (let first = 0; first < keys.length; first += readsAtOnce) {
      const batch = keys.slice(first, first + readsAtOnce);
      const originals = await Promise.all(batch.map((key) => this.#ownerOf(key)));
      found.push(...originals.flatMap((original) => original ?? []));
    }
    return found;
  }

  async #ownerOf(key: string): Promise<Original | null> {
    const entry = readIndexEntry(key);
    const original = entry === null ? null : await this.#originals.find(entry.id).catch(passOverDamaged);
    return original !== null && indexEntriesOf(original).includes(key) ? original : null;
  }
}

/** One that cannot be read must not hide all the others. */
function passOverDamaged(thrown: unknown): null {
  if (thrown instanceof Failure && thrown.kind === 'damaged-original') return null;
  throw thrown;
}

function indexOf(selection: Selection): string {
  if (selection.by === 'prefix') return nameIndex + selection.prefix;
  return selection.by === 'tag' ? tagIndex(selection.tag) : timeIndex;
}

function isInside(selection: Selection, key: string): boolean {
  if (selection.by !== 'time' || selection.since === null) return true;
  return (readIndexEntry(key)?.time ?? 0) >= selection.since;
}

function readCursor(cursor: string, index: string): string {
  const key = Buffer.from(cursor, 'base64url').toString('latin1');
  if (key.startsWith(index) && readIndexEntry(key) !== null) return key;
  throw new Failure('bad-request', 'Expected a cursor of an earlier page of the same list');
}
