import type { ReferencedSource, Validator } from '../../source/source.ts';
import type { BlobStore } from '../../store/blob-store.ts';

/** What originals are read from: the store, and under keys of their own the source of those that stay elsewhere. */
export type Bytes = Pick<BlobStore, 'read' | 'localPath'>;

const prefix = 'source:';

/** Stands in an original's record where a key of the store would: bytes of others at a path, as long as they have this validator. */
export function referenceKey(path: string, validator: Validator): string {
  return `${prefix}${Buffer.from(validator).toString('base64url')}/${path}`;
}

export const isReference = (key: string): boolean => key.startsWith(prefix);

function readReference(key: string): { readonly path: string; readonly validator: Validator } {
  const slash = key.indexOf('/');
  const validator = Buffer.from(key.slice(prefix.length, slash), 'base64url').toString();
  return { path: key.slice(slash + 1), validator };
}

/** The store with a source beside it. `moved` is told of paths where other bytes stand by now. */
export function besideStore(store: BlobStore, source: ReferencedSource, moved: (path: string) => void): Bytes {
  const told = <T>(path: string, found: T | null): T | null => {
    if (found === null) moved(path);
    return found;
  };
  return {
    async read(key, range) {
      if (!isReference(key)) return store.read(key, range);
      const { path, validator } = readReference(key);
      return told(path, await source.read(path, validator, range));
    },
    async localPath(key) {
      if (!isReference(key)) return store.localPath(key);
      const { path, validator } = readReference(key);
      return told(path, await source.localPath(path, validator));
    },
  };
}
