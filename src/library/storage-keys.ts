import type { Original } from './original.ts';

/**
 * Every name in the store. They carry what purges and listings ask, so a listing answers without opening anything.
 * `o/` originals · `v/` variants · `i/` markers of zero bytes · `u/` permits to upload · `epoch.json`.
 */

export const epochKey = 'epoch.json';

export const recordKey = (id: string) => `o/${id}/current.json`;

/** A name of its own for every upload, so that deleting one never takes the bytes of another that came meanwhile. */
export const originalKey = (id: string, version: string, upload: string) => `o/${id}/${version}.${upload}`;

/** By the time of its end, so that old ones stand first. `expires`: unix seconds. */
export const uploadTokenKey = (expires: number, digest: string) =>
  `u/${expires.toString(36).padStart(8, '0')}-${digest}`;

/** Where all variants lie. */
export const variantsFolder = 'v/';

export const epochPrefix = (epoch: number) => `${variantsFolder}${epoch}/`;

export const variantsPrefix = (epoch: number, id: string) => `${epochPrefix(epoch)}${id}/`;

/** Where variants of what is stored now lie: any purge or replacement moves on to another prefix. */
export function currentPrefix(epoch: number, { id, version, generation }: Original): string {
  return `${variantsPrefix(epoch, id)}${version.slice(0, 8)}.${generation.toString(36)}/`;
}

/** What was found out about the pictures that an id means now: formats that won, qualities that suffice. Written once. */
export const decisionPrefix = ({ id, version, generation }: Original): string =>
  `o/${id}/auto/${version.slice(0, 8)}.${generation.toString(36)}/`;

/** The original that something remembered is about, and where such things lie for what is stored now; null: none of ours. */
export const idOfDecision = (key: string): string | null => /^o\/([^/]+)\/auto\//.exec(key)?.[1] ?? null;

/** What a stored variant's name says; null where it is none of ours. */
export interface VariantName {
  readonly hash: string;
  readonly width: number;
  readonly height: number;
  readonly extension: string;
}

/** The original a variant was made from. */
export const idOfVariant = (key: string): string => key.split('/')[2] ?? '';

export const variantName = ({ hash, width, height, extension }: VariantName) =>
  `${hash}.${width}x${height}.${extension}`;

export function readVariantName(key: string): VariantName | null {
  const match = /\/([A-Za-z0-9_-]+)\.(\d+)x(\d+)\.([a-z0-9]+)$/.exec(key);
  const [, hash, width, height, extension] = match ?? [];
  if (hash === undefined || extension === undefined) return null;
  return { hash, width: Number(width), height: Number(height), extension };
}

export const timeIndex = 'i/t/';
export const nameIndex = 'i/n/';
export const tagIndex = (tag: string) => `i/g/${tag}/`;

const endOfTime = 9_999_999_999_999;

/**
 * A time that sorts newest first, cut so that no folder holds more than a hundred others: 28 hours, 17 minutes,
 * 10 seconds, milliseconds.
 */
function reverseTime(createdAt: string): string {
  const digits = String(endOfTime - Date.parse(createdAt)).padStart(13, '0');
  return [digits.slice(0, 5), digits.slice(5, 7), digits.slice(7, 9), digits.slice(9)].join('/');
}

/** The zero-byte entries under which an original is found again. */
export function indexEntriesOf({
  id,
  createdAt,
  tags,
}: Pick<Original, 'id' | 'createdAt' | 'tags'>): readonly string[] {
  const time = reverseTime(createdAt);
  return [`${timeIndex}${time}~${id}`, nameIndex + id, ...tags.map((tag) => `${tagIndex(tag)}${time}~${id}`)];
}

/** What a marker's name says; `time` in milliseconds since 1970, null in the index by name. Null: none of ours. */
export function readIndexEntry(key: string): { readonly id: string; readonly time: number | null } | null {
  const named = /^i\/n\/([^/]+)$/.exec(key)?.[1];
  if (named !== undefined) return { id: named, time: null };
  const [, a, b, c, d, id] = /^i\/(?:t|g\/[^/]+)\/(\d{5})\/(\d\d)\/(\d\d)\/(\d{4})~([^/]+)$/.exec(key) ?? [];
  return id === undefined ? null : { id, time: endOfTime - Number(`${a}${b}${c}${d}`) };
}

/** The original a key of `o/` belongs to, and what of it; null: none of ours. */
export function readOriginalKey(key: string): { readonly id: string; readonly isRecord: boolean } | null {
  const [, id, name] = /^o\/([^/]+)\/([^/]+)$/.exec(key) ?? [];
  return id === undefined ? null : { id, isRecord: name === 'current.json' };
}
