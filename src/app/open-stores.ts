import { join, resolve } from 'node:path';
import { CircuitBreaker, defaultCircuitBreaker } from '../concurrency/circuit-breaker.ts';
import type { Config } from '../config/index.ts';
import type { BlobStore } from '../store/blob-store.ts';
import { withBreaker } from '../store/breaker.ts';
import { ownFolder } from '../store/folder/own-folder.ts';
import { openStore, type StoreOptions } from '../store/index.ts';
import { metered, type StoreMeter } from '../store/metered.ts';
import { UploadFiles } from '../store/upload-files.ts';

/** The store of originals and the bucket of variants, which may be one. */
export async function openStores(config: Config, options: StoreOptions, meterOf: (name: string) => StoreMeter) {
  const store = await openGuarded(config.store, options, meterOf('originals'));
  const bucket = config.variants === null ? store : await openGuarded(config.variants, options, meterOf('variants'));
  // A store that cannot be written, or that has no conditional writes, is better told now than at the first upload.
  await store.probe();
  if (bucket !== store) await bucket.probe();
  return { store, bucket };
}

/** A far server may be gone for a while: then nobody is to wait for it in vain. */
async function openGuarded(url: string, options: StoreOptions, meter: StoreMeter): Promise<BlobStore> {
  const store = metered(await openStore(url, options), meter);
  return url.startsWith('s3:') ? withBreaker(store, new CircuitBreaker(defaultCircuitBreaker)) : store;
}

/** How stores are opened, also by the command line. */
export function storeOptions(config: Config, scratchFolder: string): StoreOptions {
  const { s3Endpoint, s3ForcePathStyle: forcePathStyle, deadline, renders } = config;
  // Reads beside the renders: hits from the bucket, pointers, saves.
  const concurrency = 4 * renders + 8;
  const endpoint = s3Endpoint === null ? {} : { endpoint: s3Endpoint };
  return {
    scratchFolder,
    scratchBytes: hasSpool(config) ? Math.ceil(config.scratch / 2) : config.scratch,
    s3: { ...endpoint, forcePathStyle, concurrency, deadline },
  };
}

/** Folders whose disks this process fills: the scratch folder, and the stores that are folders; and what has to fit there. */
export function disksOf({ store, variants, maxBytes }: Config, scratchFolder: string) {
  const stores = [store, variants].flatMap((url) => (url?.startsWith('file:') ? [url.slice('file:'.length)] : []));
  return { folders: [scratchFolder, ...stores], largestUpload: maxBytes };
}

/** Whether originals lie elsewhere and are brought here to be read; then half of the scratch is theirs. */
const hasSpool = ({ store, source }: Config): boolean => [store, source].some((url) => url?.startsWith('s3:') === true);

/** Where working copies lie, and how many bytes they may take. Nobody but processes that can be killed opens them. */
export async function workingCopyFolder(config: Config, scratchFolder: string) {
  const folder = config.workers === 'process' ? await ownFolder(scratchFolder, 'copies') : null;
  return { folder, most: hasSpool(config) ? Math.floor(config.scratch / 2) : config.scratch };
}

/**
 * On the store's own file system an upload is moved into place, not copied. Absolute: where the working folder is removed,
 * node's recursive mkdir of a relative path never ends.
 */
export function uploadFolder({ store }: Config, scratchFolder: string): UploadFiles {
  const isFolder = store.startsWith('file:');
  return new UploadFiles(isFolder ? resolve(store.slice('file:'.length), 'tmp') : join(scratchFolder, 'uploads'));
}
