import type { Readable } from 'node:stream';

/** A blob's bytes with the tag they had when they were read. */
export interface Blob {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Changes whenever the bytes do; good only for `replaceIf` on the same key of the same store. */
  readonly tag: string;
}

/** What a listing tells without opening anything. */
export interface BlobEntry {
  readonly key: string;
  readonly bytes: number;
  /** Milliseconds since 1970, by the store's clock. */
  readonly modified: number;
}

/** `next` is the key to go on after, or null at the end. */
export interface BlobPage {
  readonly entries: readonly BlobEntry[];
  readonly next: string | null;
}

/** Bytes in memory, or a finished local file that the store may take away (move) instead of copying. */
export type BlobBody = Uint8Array<ArrayBuffer> | { readonly path: string };

/** Whether a write has to outlive a power loss, or could be made again and may be found torn or gone after one. */
export type Durability = 'durable' | 'remakeable';

/** First and last byte, both included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** A file on this machine that holds a blob's bytes until `release` is called. Read it, never write it. */
export interface LocalFile {
  readonly path: string;
  release(): void;
}

/**
 * Keeps bytes under names. The promises, each of them one test of the contract suite:
 *
 * - A key is a `/`-joined path of 1 to 900 bytes of printable ASCII without empty, `.` or `..` segments; keys compare
 *   byte for byte. A segment has at most 255 bytes (a file's name), and the first is not `tmp` and does not begin with a dot
 *   (a folder's own matters). Anything else is our own bug: TypeError. One key is never another's folder: whether `a` can
 *   be written where `a/b` stands depends on the store.
 * - A reader sees the bytes of one whole write, old or new, never a part or a mixture.
 * - What `put`, `putIfAbsent` or `replaceIf` acknowledged is there after `kill -9`, and after power loss unless it was put as
 *   `remakeable`: whoever reads such a blob has to see for himself whether it is whole.
 * - `putIfAbsent` and `replaceIf` have exactly one winner among any number of racing writers.
 * - `list` goes in byte order of whole keys and misses nothing that stood before it began and still stands.
 * - `clock` is within a second or two of the times that `modified` shows for what is written now.
 * - `touch` makes `modified` now where a store can (a folder, memory) and changes nothing else; a missing key is no error.
 * - `delete` of a missing key is no error. Nothing but `delete` removes a blob.
 * - A missing blob is `null`, never an error; every other trouble is a `Failure`: `disk-full` where space ran out,
 *   `overloaded` where this process ran out of file descriptors, `store-unreachable` for everything else, with the cause.
 */
export interface BlobStore {
  /** What this store is, for people: `file:/srv/data`, `s3://bucket/prefix`, `memory:`. Never a secret. */
  readonly name: string;

  get(key: string): Promise<Blob | null>;

  /**
   * A stream of the blob or of a range of it. The caller consumes or destroys it; a short read is an error event, and so is
   * a range that reaches past the end (or it is refused at once).
   */
  read(key: string, range?: ByteRange): Promise<Readable | null>;

  /** Size and time without the bytes. */
  stat(key: string): Promise<BlobEntry | null>;

  /** Writes or overwrites; `durable` unless said otherwise. */
  put(key: string, body: BlobBody, lasting?: Durability): Promise<void>;

  /** Writes where nothing stands; false when something does. */
  putIfAbsent(key: string, body: BlobBody): Promise<boolean>;

  /** Compare-and-swap: writes if the blob still has `tag`, and answers the new tag; null when it has not. */
  replaceIf(key: string, body: Uint8Array<ArrayBuffer>, tag: string): Promise<string | null>;

  /** Says that these were used. */
  touch(keys: readonly string[]): Promise<void>;

  delete(keys: readonly string[]): Promise<void>;

  /** At most `limit` (1 to 1000) entries whose key begins with `prefix` and is greater than `after`. */
  list(prefix: string, page: { readonly after?: string; readonly limit: number }): Promise<BlobPage>;

  /** A local path for decoders, which must not get bytes over IPC. */
  localPath(key: string): Promise<LocalFile | null>;

  /**
   * Milliseconds since 1970 by the store's own clock, going on from its last answer; null where it has none that is
   * independent of this machine's. Asks nothing.
   */
  clock(): number | null;

  /** Writes, reads and deletes a probe; throws what stands in the way. For start and `/readyz`. */
  probe(): Promise<void>;

  close(): Promise<void>;
}
