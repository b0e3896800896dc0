import type { BlobStore } from '../../src/store/blob-store.ts';

/** `got`: after the bytes were read, before the caller has them. */
type Call = 'got' | 'put' | 'putIfAbsent' | 'replaceIf' | 'delete' | 'localPath' | 'list';

/** A stop that has been reached: the caller waits until `release`. */
export interface Stop {
  /** Resolves when somebody has come to the stop. */
  readonly reached: Promise<void>;
  release(): void;
}

interface Trap {
  readonly call: Call;
  readonly key: RegExp;
  readonly arrive: () => void;
  readonly go: Promise<void>;
}

/** A real store that stops whoever comes with a chosen call to a chosen key, once: races by interleaving, never by sleeping. */
export interface HeldStore extends BlobStore {
  /** The next `call` whose key matches stops right before it is done. */
  stopAt(call: Call, key: RegExp): Stop;
}

export function holdable(store: BlobStore): HeldStore {
  const traps = new Set<Trap>();

  const pass = async (call: Call, key: string): Promise<void> => {
    const trap = [...traps].find((candidate) => candidate.call === call && candidate.key.test(key));
    if (trap === undefined) return;
    traps.delete(trap);
    trap.arrive();
    await trap.go;
  };

  return {
    name: store.name,
    stopAt(call, key) {
      let arrive = () => {};
      let release = () => {};
      const reached = new Promise<void>((resolve) => {
        arrive = resolve;
      });
      const go = new Promise<void>((resolve) => {
        release = resolve;
      });
      traps.add({ call, key, arrive, go });
      return { reached, release };
    },
    get: async (key) => {
      const blob = await store.get(key);
      await pass('got', key);
      return blob;
    },
    put: (key, body) => pass('put', key).then(() => store.put(key, body)),
    putIfAbsent: (key, body) => pass('putIfAbsent', key).then(() => store.putIfAbsent(key, body)),
    replaceIf: (key, body, tag) => pass('replaceIf', key).then(() => store.replaceIf(key, body, tag)),
    touch: (keys) => store.touch(keys),
    delete: (keys) => pass('delete', keys.join(' ')).then(() => store.delete(keys)),
    localPath: (key) => pass('localPath', key).then(() => store.localPath(key)),
    read: (key, range) => store.read(key, range),
    stat: (key) => store.stat(key),
    list: (prefix, page) => pass('list', prefix).then(() => store.list(prefix, page)),
    clock: () => store.clock(),
    probe: () => store.probe(),
    close: () => store.close(),
  };
}
