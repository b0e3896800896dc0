import { CircuitBreaker } from '../concurrency/circuit-breaker.ts';
import type { BlobStore } from './blob-store.ts';

/** Wraps a store with a circuit breaker. */
export function withBreaker(store: BlobStore, breaker: CircuitBreaker): BlobStore {
  return {
    name: store.name,
    get: (key) => breaker.runShort(() => store.get(key)),
    read: (key, range) => breaker.runShort(() => store.read(key, range)),
    stat: (key) => breaker.runShort(() => store.stat(key)),
    put: (key, body, lasting) => breaker.run(() => store.put(key, body, lasting)),
    putIfAbsent: (key, body) => breaker.run(() => store.putIfAbsent(key, body)),
    replaceIf: (key, body, tag) => breaker.run(() => store.replaceIf(key, body, tag)),
    touch: (keys) => breaker.run(() => store.touch(keys)),
    delete: (keys) => breaker.run(() => store.delete(keys)),
    list: (prefix, page) => breaker.runShort(() => store.list(prefix, page)),
    // Not guarded: a local copy needs no server.
    localPath: (key) => store.localPath(key),
    clock: () => store.clock(),
    // Not guarded: a probe must reach the server.
    probe: () => store.probe(),
    close: () => store.close(),
  };
}
