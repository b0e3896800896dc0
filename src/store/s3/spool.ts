import { randomUUID } from 'node:crypto';
import { access, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../errors.ts';
import type { LocalFile } from '../blob-store.ts';
import { onDisk } from '../folder/disk-failure.ts';
import { ownFolder } from '../folder/own-folder.ts';

/**
 * Brings a blob's bytes to a new file at `path`, false where the store has none. As soon as it knows how many there are, and
 * before it writes, it must `reserve` them; it may begin again, after a cut, with another length.
 */
export type Download = (path: string, reserve: (bytes: number) => Promise<void>) => Promise<boolean>;

interface Copy {
  readonly path: string;
  /** True when the bytes are there, false when the store had none. */
  readonly arrived: Promise<boolean>;
  /** Reserved in the spool's sum; 0 until the download knows its length. */
  bytes: number;
  users: number;
  forgotten: boolean;
}

/**
 * A bounded folder of local copies, for stores whose blobs have no path. Promises:
 *
 * - Copies never take more than `limit` bytes: the unused one that was asked for longest ago goes first, and where all are
 *   in use the caller gets `disk-full`.
 * - Any number of callers asking for one key at a time cost one download.
 * - A copy stands until its last user has released it, even if its key was forgotten meanwhile.
 * - The folder is this process's own; what dead processes left beside it is removed when it is opened.
 */
export class Spool {
  readonly #folder: string;
  readonly #limit: number;
  /** In the order of use, oldest first. */
  readonly #copies = new Map<string, Copy>();
  #bytes = 0;

  private constructor(folder: string, limit: number) {
    this.#folder = folder;
    this.#limit = limit;
  }

  static async open(scratchFolder: string, limit: number): Promise<Spool> {
    return new Spool(await ownFolder(scratchFolder, 'spool'), limit);
  }

  /** The local copy of `key`, or null where `bring` finds nothing. */
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
    // Nothing in the store, or a cleaner of temporary folders has been here and the copy must be made again.
    this.#drop(key, copy);
    await this.#leave(copy);
    return arrived ? this.obtain(key, bring) : null;
  }

  /** For a blob that was written or deleted: whoever asks next downloads again. */
  async forget(key: string): Promise<void> {
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
        throw new Failure('disk-full', `Expected room for ${bytes} bytes of scratch but received ${free}`);
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
