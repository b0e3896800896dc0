import { createHash } from 'node:crypto';
import type { Blob } from '../blob-store.ts';

/** A blob whose tag is the hash of its bytes, computed on demand, because most readers need only the bytes. */
export class TaggedBytes implements Blob {
  readonly bytes: Uint8Array<ArrayBuffer>;

  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.bytes = bytes;
  }

  get tag(): string {
    return tagOf(this.bytes);
  }
}

export function tagOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64url');
}
