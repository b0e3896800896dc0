import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, link, lstat, lutimes, mkdir, open, readFile, realpath, rm, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { inBatches } from '../../concurrency/batches.ts';
import { KeyedQueue } from '../../concurrency/keyed-queue.ts';
import type { Failure } from '../../errors.ts';
import type {
  Blob,
  BlobBody,
  BlobEntry,
  BlobPage,
  BlobStore,
  ByteRange,
  Durability,
  LocalFile,
} from '../blob-store.ts';
import { exactStream } from '../exact-stream.ts';
import { checkKey, checkPage, checkRange } from '../keys.ts';
import { AtomicWrites, linkIfAbsent, type Place, renameOver } from './atomic-write.ts';
import { diskFailure, errnoOf, onDisk } from './disk-failure.ts';
import { DurableFolders, isMissing } from './durable-folders.ts';
import { type FolderLock, lockFolder } from './folder-lock.ts';
import { FolderWalk } from './folder-walk.ts';
import { Staging } from './staging.ts';
import { TaggedBytes, tagOf } from './tagged-bytes.ts';

/**
 * Stores blobs as files of one folder, which one process locks. A key is the path below it.
 * `tmp/` and names that begin with a dot belong to the store.
 *
 * A write is a temp file, fsync, rename or link, then fsync of the folder and of new folders above it.
 * Symbolic links are not followed: a blob behind one is missing, and a `put` over a link replaces the link.
 */
export class FolderStore implements BlobStore {
  readonly name: string;
  readonly #root: string;
  readonly #lock: FolderLock;
  readonly #walk: FolderWalk;
  readonly #folders: DurableFolders;
  readonly #staging: Staging;
  readonly #placing: AtomicWrites;
  /** Serializes the changes of each key, so that a compared tag stays valid until the write. */
  readonly #changes = new KeyedQueue();

  private constructor(root: string, lock: FolderLock) {
    this.name = `file:${root}`;
    this.#root = root;
    this.#lock = lock;
    this.#walk = new FolderWalk(root);
    this.#folders = new DurableFolders(root);
    this.#staging = new Staging(join(root, 'tmp'), this.#folders);
    this.#placing = new AtomicWrites(this.#folders, this.#staging, this.#changes);
  }

  /** Throws if the folder cannot be used or another process has locked it. */
  static async open(folder: string): Promise<FolderStore> {
    const root = await makeRoot(folder);
    const lock = await lockFolder(root);
    try {
      const store = new FolderStore(root, lock);
      await store.#staging.empty();
      return store;
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  async get(key: string): Promise<Blob | null> {
    checkKey(key);
    return onDisk('read a blob', async () => {
      const file = await this.#openBlob(key);
      if (file === null) return null;
      try {
        return new TaggedBytes(await file.handle.readFile());
      } finally {
        await file.handle.close();
      }
    });
  }

  async read(key: string, range?: ByteRange): Promise<Readable | null> {
    checkKey(key);
    checkRange(range);
    return onDisk('read a blob', async () => {
      const file = await this.#openBlob(key);
      if (file === null) return null;
      const bytes = range === undefined ? file.bytes : range.end - range.start + 1;
      const explain = (cause: unknown): Failure => diskFailure('read a blob', cause);
      return exactStream(file.handle.createReadStream(range), { bytes, explain });
    });
  }

  async stat(key: string): Promise<BlobEntry | null> {
    checkKey(key);
    return onDisk('look up a blob', () => this.#stat(key));
  }

  async put(key: string, body: BlobBody, lasting: Durability = 'durable'): Promise<void> {
    checkKey(key);
    await onDisk('write a blob', () => this.#placing.write(this.#path(key), body, renameOver, lasting));
  }

  async putIfAbsent(key: string, body: BlobBody): Promise<boolean> {
    checkKey(key);
    return onDisk('write a blob', async () => {
      if ((await this.#stat(key)) !== null) return false;
      return this.#placing.write(this.#path(key), body, linkIfAbsent);
    });
  }

  async replaceIf(key: string, body: Uint8Array<ArrayBuffer>, tag: string): Promise<string | null> {
    checkKey(key);
    return onDisk('replace a blob', async () => {
      const holds = async (): Promise<boolean> => (await this.get(key))?.tag === tag;
      // Checked before staging, to save a write, and again in the queue, where it is binding.
      if (!(await holds())) return null;
      const replaceHeld: Place = async (from, to) => (await holds()) && renameOver(from, to);
      return (await this.#placing.write(this.#path(key), body, replaceHeld)) ? tagOf(body) : null;
    });
  }

  async touch(keys: readonly string[]): Promise<void> {
    keys.forEach(checkKey);
    const now = new Date();
    await onDisk('touch blobs', () => inBatches(keys, (key) => this.#touch(key, now)));
  }

  async delete(keys: readonly string[]): Promise<void> {
    keys.forEach(checkKey);
    await onDisk('delete blobs', async () => {
      const emptier = new Set<string>();
      await inBatches(keys, async (key) => {
        if (await this.#changes.run(this.#path(key), () => this.#unlink(key))) emptier.add(dirname(this.#path(key)));
      });
      await inBatches([...emptier], (folder) => this.#folders.prune(folder));
    });
  }

  async list(prefix: string, page: { readonly after?: string; readonly limit: number }): Promise<BlobPage> {
    checkPage(prefix, page.limit);
    return onDisk('list blobs', async () => {
      const keys: string[] = [];
      if (!(await this.#folders.exists(dirname(this.#path(`${prefix}x`))))) return { entries: [], next: null };
      for await (const key of this.#walk.keys({ prefix, after: page.after ?? '' })) {
        if (keys.push(key) > page.limit) break;
      }
      const shown = keys.slice(0, page.limit);
      const found = await inBatches(shown, (key) => this.#entryOf(key));
      const next = keys.length > page.limit ? (shown.at(-1) ?? null) : null;
      return { entries: found.filter((entry) => entry !== null), next };
    });
  }

  async localPath(key: string): Promise<LocalFile | null> {
    if ((await this.stat(key)) === null) return null;
    return { path: this.#path(key), release: () => undefined };
  }

  clock(): number | null {
    return null;
  }

  async probe(): Promise<void> {
    await onDisk('write, read and delete a probe', async () => {
      const staged = await this.#staging.stage(Buffer.from(randomUUID()), 'durable');
      const linked = `${staged}.probe`;
      try {
        await link(staged, linked);
        await readFile(linked);
      } finally {
        await rm(linked, { force: true });
        await rm(staged, { force: true });
      }
    });
  }

  async close(): Promise<void> {
    await this.#lock.release();
  }

  #path(key: string): string {
    return join(this.#root, key);
  }

  async #openBlob(key: string): Promise<{ readonly handle: FileHandle; readonly bytes: number } | null> {
    const path = this.#path(key);
    // Opened before the folder is checked, so that a missing file, the most common case, costs one call.
    const handle = await openExisting(path);
    if (handle === null) return null;
    let isOurs = false;
    try {
      const [stats, stands] = await Promise.all([handle.stat(), this.#folders.exists(dirname(path))]);
      // `open` succeeds on folders too.
      isOurs = stands && stats.isFile();
      return isOurs ? { handle, bytes: stats.size } : null;
    } finally {
      if (!isOurs) await handle.close();
    }
  }

  async #stat(key: string): Promise<BlobEntry | null> {
    return (await this.#folders.exists(dirname(this.#path(key)))) ? this.#entryOf(key) : null;
  }

  /** Entry of a key whose folder was checked before. */
  async #entryOf(key: string): Promise<BlobEntry | null> {
    try {
      const stats = await lstat(this.#path(key));
      return stats.isFile() ? { key, bytes: stats.size, modified: Math.floor(stats.mtimeMs) } : null;
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  async #touch(key: string, now: Date): Promise<void> {
    if ((await this.#stat(key)) !== null) await lutimes(this.#path(key), now, now).catch(unlessMissing);
  }

  async #unlink(key: string): Promise<boolean> {
    if ((await this.#stat(key)) === null) return false;
    await unlink(this.#path(key));
    return true;
  }
}

function unlessMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}

async function openExisting(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

async function makeRoot(folder: string): Promise<string> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o750 });
    return await realpath(folder);
  } catch (cause) {
    throw new Error(`The folder ${folder} of the store cannot be created or read: ${errnoOf(cause)}`, { cause });
  }
}
