import type { Placeholder } from '../render/placeholder-facts.ts';
import type { SourceFacts } from '../render/source-facts.ts';

/** Part of a picture: its corner and its sides, shares of the upright width and height from 0 to 1. */
export type Box = readonly [x: number, y: number, width: number, height: number];

/** What people say of a picture; its bytes know nothing of it. */
export interface Annotations {
  readonly tags: readonly string[];
  /** Share of the upright width and height, 0 to 1 each. */
  readonly focalPoint: readonly [x: number, y: number] | null;
  /** What is to be seen where: faces, things. */
  readonly boxes: readonly Box[];
  /** Whatever its owner wants to keep with it. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Seconds for which shared caches may keep an answer under a name that may mean another picture tomorrow; null: the usual. */
  readonly lifetime: number | null;
}

export const noAnnotations: Annotations = { tags: [], focalPoint: null, boxes: [], metadata: {}, lifetime: null };

/** What is known of a stored picture: the content of its pointer, replaced only by compare-and-swap. */
export interface Original extends Annotations {
  readonly id: string;
  /** SHA-256 of the bytes, hex. */
  readonly version: string;
  /** Counted up by every purge and replacement; only ever grows for an id. */
  readonly generation: number;
  /** Key of the bytes. */
  readonly blob: string;
  readonly bytes: number;
  readonly facts: SourceFacts;
  /** What can be shown before it is there; records of earlier versions of us have none. */
  readonly look?: Placeholder;
  /** When this id was first stored, ISO 8601 UTC. */
  readonly createdAt: string;
  /** What was taken out of the bytes that came: `exif`, `gps`, `xmp`, `iptc`, `comment`, `trailer`, `other`. */
  readonly removed: readonly string[];
  /** What its source said of it when it was looked at last; null where it was uploaded. */
  readonly source: string | null;
}

/**
 * The next generation: a count that begins at the clock, so that an id which was deleted and comes again never meets
 * its old names.
 */
export function nextGeneration(previous: number | null, now: number): number {
  return previous === null ? now : Math.max(previous + 1, now);
}
