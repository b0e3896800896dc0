import type { FailureKind } from '../../errors.ts';
import type { CopyJob } from '../pixels/make-working-copy.ts';
import type { RenderJob, RenderJobs } from '../pixels/render.ts';
import type { SearchJob, SearchResult } from '../pixels/search.ts';
import type { Placeholder } from '../placeholder-facts.ts';
import type { Preparation, Prepared } from '../sanitizing/sanitize.ts';
import type { SourceFacts } from '../source-facts.ts';
import type { UploadPolicy } from '../validation/upload-policy.ts';

/** Tasks of a worker process and their results. Files go in as paths; bytes of originals are never sent. */
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

/** `cause` is the text of a library, for logs only. */
export type TaskAnswer =
  | { readonly answer: Tasks[keyof Tasks]['answers'] }
  | { readonly failure: FailureKind; readonly sentence: string; readonly cause: string };

/** Sent when a task was received. A crash after it may be the task's fault. */
export interface Begun {
  readonly begun: true;
}

/** Sent once, when the decoders are ready. */
export interface Ready {
  readonly ready: true;
}

/** Sent instead of `Ready`, if the decoders fail their checks. */
export interface Unfit {
  readonly unfit: string;
}
