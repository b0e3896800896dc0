import type { Readable } from 'node:stream';

/** Bytes of a blob, with their tag. */
export interface Blob {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Changes whenever the bytes do. Valid only for `replaceIf` on this key of this store. */
  readonly tag: string;
}

/** Entry of a listing. */
export interface BlobEntry {
  readonly key: string;
  readonly bytes: number;
  /** Milliseconds since 1970, by the store's clock. */
  readonly modified: number;
}

/** Page of a listing. Pass `next` as `after` to continue; null at the end. */
export interface BlobPage {
  readonly entries: readonly BlobEntry[];
  readonly next: string | null;
}

/** Bytes in memory, or a local file that the store may move instead of copying. */
export type BlobBody = Uint8Array<ArrayBuffer> | { readonly path: string };

/** `durable`: survives power loss · `remakeable`: may be lost or truncated by one, because it can be rendered again. */
export type Durability = 'durable' | 'remakeable';

/** Inclusive byte range. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Local file with a blob's bytes, valid until `release`. Do not write to it. */
export interface LocalFile {
  readonly path: string;
  release(): void;
}

/**
 * Stores bytes under keys. Each promise below is one test of the contract suite.
 *
 * - A key has 1 to 900 bytes of printable ASCII: path segments joined by `/`, none empty, `.` or `..`. Keys compare
 *   byte for byte.
 * - A segment has at most 255 bytes. The first one is not `tmp` and does not begin with a dot. An invalid key throws
 *   TypeError.
 * - No key should be the folder of another: whether `a` can be written beside `a/b` depends on the store.
 * - A reader gets the bytes of one complete write, never a mixture.
 * - An acknowledged `put`, `putIfAbsent` or `replaceIf` survives `kill -9`. It also survives power loss unless it is
 *   `remakeable`; readers of such blobs must verify them.
 * - Of any number of concurrent `putIfAbsent` or `replaceIf`, exactly one wins.
 * - `list` returns keys in byte order and includes every blob that exists throughout the listing.
 * - `clock` differs from `modified` of a blob written now by at most two seconds.
 * - `touch` sets `modified` to now if the store can (folder, memory) and changes nothing else. It ignores missing keys.
 * - `delete` ignores missing keys. Only `delete` removes blobs.
 * - A missing blob is null, never an error. Other errors are a `Failure`: `disk-full` without space, `overloaded`
 *   without free file descriptors, else `store-unreachable` with the cause.
 */
export interface BlobStore {
  /** For logs and errors: `file:/srv/data`, `s3://bucket/prefix`, `memory:`. Contains no secret. */
  readonly name: string;

  get(key: string): Promise<Blob | null>;

  /**
   * Streams a blob or a range of it. The caller consumes or destroys the stream.
   * A short read is an error event. A range past the end is an error too, either at once or as an event.
   */
  read(key: string, range?: ByteRange): Promise<Readable | null>;

  /** Size and modification time without the bytes. */
  stat(key: string): Promise<BlobEntry | null>;

  /** Writes or overwrites a blob; `durable` by default. */
  put(key: string, body: BlobBody, lasting?: Durability): Promise<void>;

  /** Writes a blob if the key is free. Returns false if it is taken. */
  putIfAbsent(key: string, body: BlobBody): Promise<boolean>;

  /** Compare-and-swap: writes if the blob still has `tag`. Returns the new tag, or null if it has not. */
  replaceIf(key: string, body: Uint8Array<ArrayBuffer>, tag: string): Promise<string | null>;

  /** Marks blobs as used now. */
  touch(keys: readonly string[]): Promise<void>;

  delete(keys: readonly string[]): Promise<void>;

  /** At most `limit` (1 to 1000) entries whose key begins with `prefix` and is greater than `after`. */
  list(prefix: string, page: { readonly after?: string; readonly limit: number }): Promise<BlobPage>;

  /** Local file for decoders, so that bytes do not cross IPC. */
  localPath(key: string): Promise<LocalFile | null>;

  /**
   * Milliseconds since 1970 by the store's clock, extrapolated from its last response, without a request.
   * Returns null if the store uses this machine's clock.
   */
  clock(): number | null;

  /** Writes, reads and deletes a probe; throws on failure. For start and `/readyz`. */
  probe(): Promise<void>;

  close(): Promise<void>;
}
