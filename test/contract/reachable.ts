import { Failure } from '../../src/errors.ts';
import type { BlobStore } from '../../src/store/blob-store.ts';

/** The same store, until the way to it is cut. */
export function reachable(store: BlobStore): { readonly store: BlobStore; readonly cut: () => void } {
  let isCut = false;
  const refuse = () => Promise.reject(new Failure('store-unreachable', 'The way to the store is cut'));
  const reached = new Proxy(store, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return isCut ? refuse : member.bind(target);
    },
  });
  const cut = () => {
    isCut = true;
  };
  return { store: reached, cut };
}
