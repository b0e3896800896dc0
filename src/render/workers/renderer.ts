import type { CopyJob } from '../pixels/make-working-copy.ts';
import type { RenderJob, RenderJobs } from '../pixels/render.ts';
import type { SearchJob, SearchResult } from '../pixels/search.ts';
import type { Placeholder } from '../placeholder-facts.ts';
import type { Preparation, Prepared } from '../sanitizing/sanitize.ts';
import type { SourceFacts } from '../source-facts.ts';
import type { UploadPolicy } from '../validation/upload-policy.ts';

/** A file somebody sent, and its SHA-256 in hex. */
export interface Arrival {
  readonly path: string;
  readonly version: string;
}

/** Whoever touches pixels: children that can be killed, or this process. */
export interface Renderer {
  /** The door: facts of a file that may come in. Throws `not-an-image` or `refused-image`. */
  inspect(arrival: Arrival, policy: UploadPolicy): Promise<SourceFacts>;
  /** Makes of a file what is to be stored, in another file. Throws as `inspect` does. */
  prepare(arrival: Arrival, preparation: Omit<Preparation, 'path'>): Promise<Prepared>;
  /** Throws `deadline` when it takes too long, `refused-image` when the original cannot be rendered. */
  render(job: RenderJob): Promise<Uint8Array<ArrayBuffer>>;
  /** Several renderings of one original, within one deadline; one decode makes all that differ in their encoding alone. */
  renderAll(jobs: RenderJobs): Promise<readonly Uint8Array<ArrayBuffer>[]>;
  /** The quality that suffices: see `search`. */
  search(job: SearchJob): Promise<SearchResult>;
  /** What can be shown before the picture is there; the plan brings it to at most `lookSide` a side. */
  computePlaceholder(job: RenderJob): Promise<Placeholder>;
  /** Makes a working copy; false where the original is not one to be copied. Throws as `render` does. */
  copy(job: CopyJob): Promise<boolean>;
  /** Processes that are there and could render. */
  countAlive(): number;
  close(): Promise<void>;
}
