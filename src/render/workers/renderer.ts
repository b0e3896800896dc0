import type { CopyJob } from '../pixels/make-working-copy.ts';
import type { RenderJob, RenderJobs } from '../pixels/render.ts';
import type { SearchJob, SearchResult } from '../pixels/search.ts';
import type { Placeholder } from '../placeholder-facts.ts';
import type { Preparation, Prepared } from '../sanitizing/sanitize.ts';
import type { SourceFacts } from '../source-facts.ts';
import type { UploadPolicy } from '../validation/upload-policy.ts';

/** An uploaded file, and its SHA-256 in hex. */
export interface Arrival {
  readonly path: string;
  readonly version: string;
}

/** Runs everything that decodes or encodes images, in worker processes or in this one. */
export interface Renderer {
  /** Validates an upload and returns its facts. Throws `not-an-image` or `refused-image`. */
  inspect(arrival: Arrival, policy: UploadPolicy): Promise<SourceFacts>;
  /** Writes the file to store for an upload, to another path. Throws as `inspect` does. */
  prepare(arrival: Arrival, preparation: Omit<Preparation, 'path'>): Promise<Prepared>;
  /**
   * Renders one variant. Throws `deadline` if it takes too long, `refused-image` if the original cannot be rendered.
   */
  render(job: RenderJob): Promise<Uint8Array<ArrayBuffer>>;
  /**
   * Renders several variants of one original within one deadline. Plans that differ only in encoding share one decode.
   */
  renderAll(jobs: RenderJobs): Promise<readonly Uint8Array<ArrayBuffer>[]>;
  /** Finds the encoding quality that meets an aim (bytes or similarity); see `search`. */
  search(job: SearchJob): Promise<SearchResult>;
  /** Computes the placeholder of an image. The plan reduces it to at most `placeholderSide` per side. */
  computePlaceholder(job: RenderJob): Promise<Placeholder>;
  /** Makes a working copy; false if the original is not suitable. Throws as `render` does. */
  copy(job: CopyJob): Promise<boolean>;
  /** Number of worker processes that are ready. */
  countAlive(): number;
  close(): Promise<void>;
}
