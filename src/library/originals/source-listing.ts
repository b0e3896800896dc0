import { Failure } from '../../errors.ts';
import type { ReferencedSource, SourceEntry } from '../../source/source.ts';
import { idOfPath } from '../../transform/id.ts';
import type { ObjectCount } from '../object-count.ts';
import type { Originals } from './originals.ts';

/** A picture of the source, whether it was asked for or not. */
export interface SourcePicture extends SourceEntry {
  readonly id: string;
}

export interface SourceList {
  readonly pictures: readonly (SourcePicture & { readonly isKnown: boolean })[];
  /** Where to go on, or null at the end. */
  readonly cursor: string | null;
}

/** Entries read at a time by those who walk through all of them. */
const pageSize = 1000;
const readsAtOnce = 16;

/** Lists what lies in a folder or bucket source, by path. */
export class SourceListing {
  readonly #source: ReferencedSource;
  readonly #originals: Pick<Originals, 'find'>;

  constructor(source: ReferencedSource, originals: Pick<Originals, 'find'>) {
    this.#source = source;
    this.#originals = originals;
  }

  /** `prefix`: the beginning of an id or a path. Throws `bad-request` for a cursor that is none of ours, or `source-unreachable`. */
  async page(
    prefix: string,
    { limit, cursor }: { readonly limit: number; readonly cursor: string | null },
  ): Promise<SourceList> {
    const path = prefix.replaceAll(':', '/');
    const after = cursor === null ? '' : readCursor(cursor, path);
    const { entries, next } = await this.#source.list(path, after, limit);
    const pictures: (SourcePicture & { readonly isKnown: boolean })[] = [];
    for (let first = 0; first < entries.length; first += readsAtOnce) {
      const batch = entries.slice(first, first + readsAtOnce).map(pictureOf);
      pictures.push(
        ...(await Promise.all(batch.map(async (picture) => ({ ...picture, isKnown: await this.#isKnown(picture) })))),
      );
    }
    return { pictures, cursor: next === null ? null : Buffer.from(next).toString('base64url') };
  }

  /** All pictures whose paths begin with `prefix`, a page at a time. */
  async *all(prefix: string): AsyncGenerator<readonly SourcePicture[]> {
    const path = prefix.replaceAll(':', '/');
    for (let after: string | null = ''; after !== null; ) {
      const { entries, next } = await this.#source.list(path, after, pageSize);
      yield entries.map(pictureOf);
      after = next;
    }
  }

  async count(): Promise<ObjectCount> {
    let [objects, bytes] = [0, 0];
    for await (const pictures of this.all('')) {
      objects += pictures.length;
      bytes += pictures.reduce((sum, picture) => sum + picture.bytes, 0);
    }
    return { objects, bytes };
  }

  async #isKnown({ id }: SourcePicture): Promise<boolean> {
    try {
      return (await this.#originals.find(id)) !== null;
    } catch (thrown) {
      if (thrown instanceof Failure && thrown.kind === 'damaged-original') return true;
      throw thrown;
    }
  }
}

const pictureOf = (entry: SourceEntry): SourcePicture => ({ ...entry, id: idOfPath(entry.path) });

function readCursor(cursor: string, prefix: string): string {
  const path = Buffer.from(cursor, 'base64url').toString();
  if (path.startsWith(prefix) && path !== '') return path;
  throw new Failure('bad-request', 'Expected a cursor of an earlier page of the same list');
}
