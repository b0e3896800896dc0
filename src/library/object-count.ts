/** What somebody wants of a sweep. */
export interface SweepRequest {
  /** Only counts. */
  readonly dryRun: boolean;
  /** Aborted once it is to stop, after the page it is at. */
  readonly signal?: AbortSignal;
}

/** So many objects with so many bytes. */
export type ObjectCount = { readonly objects: number; readonly bytes: number };

/** The same while it is being added up. */
export class ObjectCounter {
  objects = 0;
  bytes = 0;

  add(bytes: number): void {
    this.objects += 1;
    this.bytes += bytes;
  }
}
