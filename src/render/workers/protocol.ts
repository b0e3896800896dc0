import type { FailureKind } from '../../errors.ts';
import type { CopyJob } from '../pixels/make-working-copy.ts';
import type { RenderJob, RenderJobs } from '../pixels/render.ts';
import type { SearchJob, SearchResult } from '../pixels/search.ts';
import type { Placeholder } from '../placeholder-facts.ts';
import type { Preparation, Prepared } from '../sanitizing/sanitize.ts';
import type { SourceFacts } from '../source-facts.ts';
import type { UploadPolicy } from '../validation/upload-policy.ts';

/** What a child can be asked, and what it answers. Paths go in, results come out: bytes of originals never cross. */
export interface Tasks {
  readonly inspect: {
    readonly asks: { readonly path: string; readonly policy: UploadPolicy };
    readonly answers: SourceFacts;
  };
  readonly prepare: { readonly asks: Preparation; readonly answers: Prepared };
  readonly render: { readonly asks: RenderJobs; readonly answers: readonly Uint8Array<ArrayBuffer>[] };
  readonly search: { readonly asks: SearchJob; readonly answers: SearchResult };
  readonly copy: { readonly asks: CopyJob; readonly answers: boolean };
  readonly placeholder: { readonly asks: RenderJob; readonly answers: Placeholder };
}

export type TaskRequest = {
  readonly [K in keyof Tasks]: { readonly task: K; readonly asks: Tasks[K]['asks'] };
}[keyof Tasks];

/** `cause` is what a library said: for the log, never shown. */
export type TaskAnswer =
  | { readonly answer: Tasks[keyof Tasks]['answers'] }
  | { readonly failure: FailureKind; readonly sentence: string; readonly cause: string };

/** Said when a task was received: from now on a death may be its fault. */
export interface Begun {
  readonly begun: true;
}

/** Said once, when decoders are loaded and warm. */
export interface Ready {
  readonly ready: true;
}

/** Said instead, when this machine's decoders are not what we trust. */
export interface Unfit {
  readonly unfit: string;
}
