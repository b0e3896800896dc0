import type { Readable } from 'node:stream';
import { Failure } from '../errors.ts';
import { formatOfExtension } from '../formats/index.ts';
import type { ByteRange, LocalFile } from '../store/blob-store.ts';

/** Fetches images that a client names by URL. */
export interface Fetcher {
  /** Streams the image's bytes. Throws `forbidden` or `source-unreachable`, each with one generic sentence. */
  bring(url: string): AsyncIterable<Uint8Array>;
}

/** A picture in a source, by its name alone. */
export interface SourceEntry {
  readonly path: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

export interface SourcePage {
  readonly entries: readonly SourceEntry[];
  /** The path to go on behind, or null at the end. */
  readonly next: string | null;
}

/** Identifies the content at a path; it changes when the content changes. */
export type Validator = string;

interface Place {
  /** For logs and errors: `file:/srv/pictures`, `s3://bucket/prefix`, `https://old.example/`. Contains no secret. */
  readonly name: string;
  close(): Promise<void>;
}

/**
 * External originals that are read in place. Paths are names joined by `/`. Guarantees:
 *
 * - A path that does not exist or leads outside (`..`, empty or hidden names, links out of the folder) gives null.
 * - `read` and `localPath` return the content with this validator, or null if it has changed.
 * - All other errors are `source-unreachable` (or `disk-full` if a local copy does not fit).
 */
export interface ReferencedSource extends Place {
  readonly kind: 'reference';
  peek(path: string): Promise<Validator | null>;
  /** Files with an extension of a picture, in a fixed order, whose paths begin with `prefix` and stand behind `after`. */
  list(prefix: string, after: string, limit: number): Promise<SourcePage>;
  read(path: string, validator: Validator, range?: ByteRange): Promise<Readable | null>;
  localPath(path: string, validator: Validator): Promise<LocalFile | null>;
}

/** External originals that are copied into the store on first request. */
export interface CopiedSource extends Place {
  readonly kind: 'copy';
  /**
   * Returns the content, `same` if it still has the validator `known`, or null if there is none. Throws
   * `source-unreachable`.
   */
  get(
    path: string,
    known: Validator | null,
  ): Promise<{ readonly validator: Validator; readonly body: AsyncIterable<Uint8Array> } | 'same' | null>;
}

export type Source = ReferencedSource | CopiedSource;

/** Whether a path is valid: no empty names, no names that begin with a dot, no control characters, no backslash. */
export function isPath(path: string): boolean {
  if (/[\u0000-\u001f\u007f\\]/.test(path)) return false;
  return path.split('/').every((name) => name !== '' && !name.startsWith('.'));
}

/** Whether a name promises a picture; whether it is one, its bytes say. */
export function isPicturePath(path: string): boolean {
  const extension = path.slice(path.lastIndexOf('.') + 1);
  return formatOfExtension(extension) !== null || /^(?:svg|heic|heif)$/i.test(extension);
}

export function sourceUnreachable(cause: unknown): Failure {
  if (cause instanceof Failure && (cause.kind === 'source-unreachable' || cause.kind === 'disk-full')) return cause;
  return new Failure('source-unreachable', 'The source of originals does not respond; retry later', { cause });
}

/**
 * Failure for a URL that must not be fetched. It gives no reason, so that a client cannot probe the internal network.
 */
export function notAllowed(): Failure {
  return new Failure('forbidden', 'This server may not fetch from this URL; TINTYPE_FETCH lists the allowed hosts', {
    headers: { 'Cache-Control': 'no-store' },
  });
}
