import { randomUUID } from 'node:crypto';
import { access, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../errors.ts';
import type { LocalFile } from '../blob-store.ts';
import { onDisk } from '../folder/disk-failure.ts';
import { ownFolder } from '../folder/own-folder.ts';

/**
 * Downloads a blob to a new file at `path`; false if it does not exist.
 * It must `reserve` the size before it writes. After a broken transfer it may start again with another size.
 */
export type Download = (path: string, reserve: (bytes: number) => Promise<void>) => Promise<boolean>;

interface Copy {
  readonly path: string;
  /** True if the bytes are complete, false if the blob does not exist. */
  readonly arrived: Promise<boolean>;
  /** Reserved bytes; 0 until the size is known. */
  bytes: number;
  users: number;
  forgotten: boolean;
}

/**
 * Bounded folder of local copies, for stores that have no files. Guarantees:
 *
 * - Copies take at most `limit` bytes. The least recently used free copy is evicted first. If all are in use, the
 *   caller gets `disk-full`.
 * - Concurrent requests for one key share one download.
 * - A copy exists until its last user releases it, even if its key was forgotten meanwhile.
 * - The folder belongs to this process. Folders of dead processes are removed on open.
 */
export class Spool {
  readonly #folder: string;
  readonly #limit: number;
  /** Least recently used first. */
  readonly #copies = new Map<string, Copy>();
  #bytes = 0;

  private constructor(folder: string, limit: number) {
    this.#folder = folder;
    this.#limit = limit;
  }

  static async open(scratchFolder: string, limit: number): Promise<Spool> {
    return new Spool(await ownFolder(scratchFolder, 'spool'), limit);
  }

  /** Local copy of `key`; null if `bring` finds nothing. */
  async obtain(key: string, bring: Download): Promise<LocalFile | null> {
    const copy = this.#copies.get(key) ?? this.#begin(key, bring);
    this.#copies.delete(key);
    this.#copies.set(key, copy);
    copy.users += 1;
    const arrived = await copy.arrived.catch(async (error: unknown) => {
      await this.#leave(copy);
      throw error;
    });
    if (arrived && (await stands(copy.path))) return this.#lend(copy);
    // The blob does not exist, or a cleaner of temporary folders has removed the copy, which is then downloaded again.
    this.#drop(key, copy);
    await this.#leave(copy);
    return arrived ? this.obtain(key, bring) : null;
  }

  /** Drops the copy of a blob that was written or deleted. The next request downloads it again. */
  async invalidate(key: string): Promise<void> {
    const copy = this.#copies.get(key);
    if (copy === undefined) return;
    this.#drop(key, copy);
    if (copy.users === 0) await this.#remove(copy);
  }

  async close(): Promise<void> {
    this.#copies.clear();
    await rm(this.#folder, { recursive: true, force: true });
  }

  #begin(key: string, bring: Download): Copy {
    const path = join(this.#folder, randomUUID());
    const arrived = Promise.resolve().then(() => this.#download(copy, bring));
    const copy: Copy = { path, arrived, bytes: 0, users: 0, forgotten: false };
    arrived.catch(() => this.#drop(key, copy));
    return copy;
  }

  async #download(copy: Copy, bring: Download): Promise<boolean> {
    return onDisk('keep a local copy', async () => {
      await mkdir(this.#folder, { recursive: true, mode: 0o750 });
      return bring(copy.path, (bytes) => this.#reserve(copy, bytes));
    });
  }

  async #reserve(copy: Copy, bytes: number): Promise<void> {
    this.#account(copy, 0);
    while (this.#bytes + bytes > this.#limit) {
      const [key, unused] = [...this.#copies].find(([, other]) => other.users === 0) ?? [];
      if (key === undefined || unused === undefined) {
        const free = this.#limit - this.#bytes;
        throw new Failure(
          'disk-full',
          `No room for a local copy of ${bytes} bytes: ${free} bytes are free; raise TINTYPE_SCRATCH`,
        );
      }
      this.#drop(key, unused);
      await this.#remove(unused);
    }
    this.#account(copy, bytes);
  }

  #account(copy: Copy, bytes: number): void {
    this.#bytes += bytes - copy.bytes;
    copy.bytes = bytes;
  }

  #lend(copy: Copy): LocalFile {
    let held = true;
    const release = (): void => {
      if (held) void this.#leave(copy).catch(() => undefined);
      held = false;
    };
    return { path: copy.path, release };
  }

  async #leave(copy: Copy): Promise<void> {
    copy.users -= 1;
    if (copy.users === 0 && copy.forgotten) await this.#remove(copy);
  }

  #drop(key: string, copy: Copy): void {
    copy.forgotten = true;
    if (this.#copies.get(key) === copy) this.#copies.delete(key);
  }

  async #remove(copy: Copy): Promise<void> {
    await rm(copy.path, { force: true });
    this.#account(copy, 0);
  }
}

async function stands(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
