import { Failure } from '../errors.ts';
import type { BlobStore } from './blob-store.ts';
import { errnoOf } from './folder/disk-failure.ts';

export type StoreHealth = 'ok' | 'unreachable' | 'read-only' | 'full';

const refusedWrites = new Set(['EROFS', 'EACCES', 'EPERM']);
const forbidden = 403;

/** Checks whether a store is reachable and writable. If writes are refused but reads work, it is read-only. */
export async function checkStore(store: BlobStore): Promise<StoreHealth> {
  try {
    await store.probe();
    return 'ok';
  } catch (failure) {
    if (failure instanceof Failure && failure.kind === 'disk-full') return 'full';
    return isRefusedWrite(failure) && (await canRead(store)) ? 'read-only' : 'unreachable';
  }
}

function isRefusedWrite(failure: unknown): boolean {
  const cause: unknown = Object(failure).cause;
  return refusedWrites.has(errnoOf(cause)) || Object(cause).status === forbidden;
}

/** Any key works: a missing one also proves that reads work. */
async function canRead(store: BlobStore): Promise<boolean> {
  return store.get('probe').then(
    () => true,
    () => false,
  );
}
