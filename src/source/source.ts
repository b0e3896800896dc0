import type { Readable } from 'node:stream';
import { Failure } from '../errors.ts';
import type { ByteRange, LocalFile } from '../store/blob-store.ts';

/** Brings pictures that a client names by their URL. */
export interface Fetcher {
  /** The picture's bytes as they come. Throws `forbidden` or `source-unreachable`, each with one sentence for all its reasons. */
  bring(url: string): AsyncIterable<Uint8Array>;
}

/** What stood at a path when it was looked at: it changes when the picture does. */
export type Validator = string;

interface Place {
  /** For people: `file:/srv/pictures`, `s3://bucket/prefix`, `https://old.example/`. Never a secret. */
  readonly name: string;
  close(): Promise<void>;
}

/**
 * Pictures that stay where they are: what is kept here is how to find them. Paths are `/`-joined names. Promises:
 *
 * - What is not there, or lies outside (behind `..`, an empty or hidden name, a link that leads out), is `null`.
 * - `read` and `localPath` answer the bytes that had this validator, or null where others stand there by now.
 * - Every other trouble is `source-unreachable` (or `disk-full`, where a local copy finds no room).
 */
export interface ReferencedSource extends Place {
  readonly kind: 'reference';
  peek(path: string): Promise<Validator | null>;
  read(path: string, validator: Validator, range?: ByteRange): Promise<Readable | null>;
  localPath(path: string, validator: Validator): Promise<LocalFile | null>;
}

/** Pictures that are copied when they are first asked for. */
export interface CopiedSource extends Place {
  readonly kind: 'copy';
  /** What stands there: its bytes, `same` where it still has the validator, null where nothing does. Throws `source-unreachable`. */
  get(
    path: string,
    known: Validator | null,
  ): Promise<{ readonly validator: Validator; readonly body: AsyncIterable<Uint8Array> } | 'same' | null>;
}

export type Source = ReferencedSource | CopiedSource;

/** Whether a path can lead to anything: no empty names, no hidden ones, none that lead upwards, nothing unprintable. */
export function isPath(path: string): boolean {
  if (/[\u0000-\u001f\u007f\\]/.test(path)) return false;
  return path.split('/').every((name) => name !== '' && !name.startsWith('.'));
}

export function sourceUnreachable(cause: unknown): Failure {
  if (cause instanceof Failure && (cause.kind === 'source-unreachable' || cause.kind === 'disk-full')) return cause;
  return new Failure('source-unreachable', 'Expected the source of pictures to answer but it does not', { cause });
}

/** A URL that nobody here may ask; which, and why, is told to nobody. */
export function notAllowed(): Failure {
  return new Failure('forbidden', 'Expected a URL that this server may fetch from', {
    headers: { 'Cache-Control': 'no-store' },
  });
}
