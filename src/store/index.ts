import { resolve } from 'node:path';
import { shorten } from '../errors.ts';
import type { BlobStore } from './blob-store.ts';
import { FolderStore } from './folder/filesystem.ts';
import { MemoryStore } from './memory.ts';
import { checkEndpoint, parsePlace, type S3Options, usualS3 } from './s3/s3-place.ts';
import type { S3Reader } from './s3/s3-reader.ts';
import { Spool } from './s3/spool.ts';

export interface StoreOptions {
  /**
   * Folder for local copies of stores without files. Several stores may share it; each creates its own folder inside.
   */
  readonly scratchFolder: string;
  /** Maximum bytes of all local copies of one store. */
  readonly scratchBytes: number;
  /** Options for `s3:` URLs; default: AWS. */
  readonly s3?: Partial<S3Options>;
}

type Open = (location: string, options: StoreOptions) => Promise<BlobStore>;

/** Stores by the scheme of their URL. */
const stores: Readonly<Record<string, Open>> = {
  memory: async (location, options) => {
    if (location !== '') throw new Error(`Expected nothing after memory: but received "${location}"`);
    return new MemoryStore(await openSpool(options));
  },
  file: async (location) => {
    if (location === '' || location.startsWith('//')) {
      throw new Error(`Expected file:./folder or file:/folder but received "file:${location}"`);
    }
    return FolderStore.open(resolve(location));
  },
  s3: async (location, options) => {
    const place = parsePlace(location);
    const settings = { ...usualS3, ...options.s3 };
    checkEndpoint(settings.endpoint);
    // The AWS SDK is loaded only for S3 stores.
    const { S3Store } = await import('./s3/s3.ts');
    return S3Store.open(place, settings, await openSpool(options));
  },
};

/** Opens a bucket for reading only. `location`: the part of a store's URL after `s3:`. */
export async function openS3Reader(location: string, options: StoreOptions): Promise<S3Reader> {
  const place = parsePlace(location);
  const settings = { ...usualS3, ...options.s3 };
  checkEndpoint(settings.endpoint);
  const { S3Reader } = await import('./s3/s3-reader.ts');
  return S3Reader.open(place, settings, await openSpool(options));
}

function openSpool(options: StoreOptions): Promise<Spool> {
  return Spool.open(options.scratchFolder, options.scratchBytes);
}

/**
 * Opens the store at a URL: `memory:`, `file:./data`, `file:/abs` or `s3://bucket/prefix`. Throws Error for an invalid
 * URL.
 */
export async function openStore(url: string, options: StoreOptions): Promise<BlobStore> {
  const colon = url.indexOf(':');
  const open =
    colon === -1 ? undefined : Object.entries(stores).find(([scheme]) => scheme === url.slice(0, colon))?.[1];
  if (open === undefined) {
    // The part after the scheme may contain a password.
    const received = colon === -1 ? shorten(url) : `${url.slice(0, colon)}:…`;
    throw new Error(`Expected memory:, file:./folder or s3://bucket/prefix but received "${received}"`);
  }
  return open(url.slice(colon + 1), options);
}
