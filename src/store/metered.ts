import type { BlobStore } from './blob-store.ts';

/** Receives each call of a store: its operation, its duration in seconds, and whether it failed. */
export type StoreMeter = (operation: string, seconds: number, failed: boolean) => void;

/** Wraps a store so that `meter` receives every call but `close`. */
export function metered(store: BlobStore, meter: StoreMeter): BlobStore {
  const timed = async <T>(operation: string, call: () => Promise<T>): Promise<T> => {
    const begun = performance.now();
    let failed = true;
    try {
      const result = await call();
      failed = false;
      return result;
    } finally {
      meter(operation, (performance.now() - begun) / 1000, failed);
    }
  };
  return {
    name: store.name,
    get: (key) => timed('get', () => store.get(key)),
    read: (key, range) => timed('read', () => store.read(key, range)),
    stat: (key) => timed('stat', () => store.stat(key)),
    put: (key, body, lasting) => timed('put', () => store.put(key, body, lasting)),
    putIfAbsent: (key, body) => timed('put', () => store.putIfAbsent(key, body)),
    replaceIf: (key, body, tag) => timed('replace', () => store.replaceIf(key, body, tag)),
    touch: (keys) => timed('touch', () => store.touch(keys)),
    delete: (keys) => timed('delete', () => store.delete(keys)),
    list: (prefix, page) => timed('list', () => store.list(prefix, page)),
    localPath: (key) => timed('path', () => store.localPath(key)),
    clock: () => store.clock(),
    probe: () => timed('probe', () => store.probe()),
    close: () => store.close(),
  };
}
