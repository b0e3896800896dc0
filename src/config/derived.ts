import type { BlobStore } from '../store/blob-store.ts';
import { builtInPresets } from '../transform/presets.ts';
import type { Config } from './index.ts';

/** Which bounds a bucket of variants has; one that cannot tell when they were served has rules of its own. */
export function limitsOf({ name }: BlobStore, { variantsMax, retainIdle }: Config) {
  return name.startsWith('s3:')
    ? { most: Number.POSITIVE_INFINITY, idle: null }
    : { most: variantsMax, idle: retainIdle };
}

/** Renders that may wait: what bounds the memory of those that wait, not how long they do. */
export function queueOf({ queue, renders }: Config): number {
  return queue ?? 500 * renders;
}

/** Milliseconds after which a request ends, whatever it has had rendered: the longest wait and the longest render. */
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
