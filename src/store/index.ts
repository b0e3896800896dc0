import { resolve } from 'node:path';
import { shorten } from '../errors.ts';
import type { BlobStore } from './blob-store.ts';
import { FolderStore } from './folder/filesystem.ts';
import { MemoryStore } from './memory.ts';
import { checkEndpoint, parsePlace, type S3Options, usualS3 } from './s3/s3-place.ts';
import type { S3Reader } from './s3/s3-reader.ts';
import { Spool } from './s3/spool.ts';

export interface StoreOptions {
  /** Where stores without paths of their own keep local copies; may be shared, each store makes a folder in it. */
  readonly scratchFolder: string;
  /** Bytes all copies of one store may take together. */
  readonly scratchBytes: number;
  /** For `s3:` URLs; AWS with the usual patience where it is absent. */
  readonly s3?: Partial<S3Options>;
}

type Open = (location: string, options: StoreOptions) => Promise<BlobStore>;

/** The shelf: one entry per item, under its URL's scheme. */
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
    // Only those who use it pay for loading the SDK.
    const { S3Store } = await import('./s3/s3.ts');
    return S3Store.open(place, settings, await openSpool(options));
  },
};

/** Opens a bucket of others, of which nothing but reading is asked; `location` as behind `s3:` of a store. */
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

/** Opens what a URL names: `memory:`, `file:./data`, `file:/abs`, `s3://bucket/prefix`. A wrong one throws one sentence. */
export async function openStore(url: string, options: StoreOptions): Promise<BlobStore> {
  const colon = url.indexOf(':');
  const open =
    colon === -1 ? undefined : Object.entries(stores).find(([scheme]) => scheme === url.slice(0, colon))?.[1];
  if (open === undefined) {
    // What follows the scheme may hold a password.
    const received = colon === -1 ? shorten(url) : `${url.slice(0, colon)}:…`;
    throw new Error(`Expected memory:, file:./folder or s3://bucket/prefix but received "${received}"`);
  }
  return open(url.slice(colon + 1), options);
}
