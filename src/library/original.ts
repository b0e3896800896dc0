import type { SourceFacts } from '../render/source-facts.ts';

/** What is known of a stored picture: the content of its pointer, replaced only by compare-and-swap. */
export interface Original {
  readonly id: string;
  /** SHA-256 of the bytes, hex. */
  readonly version: string;
  /** Counted up by every purge and replacement; only ever grows for an id. */
  readonly generation: number;
  /** Key of the bytes. */
  readonly blob: string;
  readonly bytes: number;
  readonly facts: SourceFacts;
  /** When this id was first stored, ISO 8601 UTC. */
  readonly createdAt: string;
  readonly tags: readonly string[];
  /** Share of the upright width and height, 0 to 1 each. */
  readonly focalPoint: readonly [x: number, y: number] | null;
}

/**
 * The next generation: a count that begins at the clock, so that an id which was deleted and comes again never meets
 * its old names.
 */
export function nextGeneration(previous: number | null, now: number): number {
  return previous === null ? now : Math.max(previous + 1, now);
}
