import type { BlobStore } from '../store/blob-store.ts';
import { builtInPresets } from '../transform/presets.ts';
import type { Config } from './index.ts';

/**
 * Limits of the variant store. S3 has none here, because it does not report when objects were read; a lifecycle rule
 * does it there.
 */
export function limitsOf({ name }: BlobStore, { variantsMax, retainIdle }: Config) {
  return name.startsWith('s3:')
    ? { most: Number.POSITIVE_INFINITY, idle: null }
    : { most: variantsMax, idle: retainIdle };
}

/** Maximum number of waiting renders. It limits their memory, not their waiting time. */
export function queueOf({ queue, renders }: Config): number {
  return queue ?? 500 * renders;
}

/** Milliseconds after which a request times out: the longest wait plus the longest render. */
export function requestLimitOf({ queueWait, deadline }: Config): number {
  return queueWait + 2 * deadline;
}

export function presetsOf({ presets }: Config): Readonly<Record<string, string>> {
  const all = Object.entries({ ...builtInPresets, ...presets });
  return Object.fromEntries(all.flatMap(([name, components]) => (components === null ? [] : [[name, components]])));
}

export function uploadPolicyOf({ formats, maxPixels, maxFrames, maxSide, svg, heic }: Config) {
  const side = maxSide === null ? {} : { maxSide };
  return { formats, maxPixels, maxTotalPixels: 2 * maxPixels, maxFrames, ...side, svg, heic };
}
