import type { DoorPolicy } from './door-policy.ts';
import type { RenderJob } from './engine.ts';
import type { SourceFacts } from './source-facts.ts';

/** Whoever touches pixels: this process, or children that can be killed. */
export interface Renderer {
  /** The door: facts of a file that may come in. Throws `not-an-image` or `refused-image`. */
  inspect(path: string, policy: DoorPolicy): Promise<SourceFacts>;
  /** Throws `deadline` when it takes too long, `refused-image` when the original cannot be rendered. */
  render(job: RenderJob): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}
