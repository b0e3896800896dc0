import { Failure } from '../errors.ts';
import type { BlobStore } from './blob-store.ts';
import { errnoOf } from './folder/disk-failure.ts';

export type StoreHealth = 'ok' | 'unreachable' | 'read-only' | 'full';

const refusedWrites = new Set(['EROFS', 'EACCES', 'EPERM']);
const forbidden = 403;

/** Whether a store answers and can be written. A store that refuses a write but answers a read is read-only. */
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

/** Any key does: a missing one is an answer too. */
async function canRead(store: BlobStore): Promise<boolean> {
  return store.get('probe').then(
    () => true,
    () => false,
  );
}
