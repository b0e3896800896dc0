import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlobBody, Durability } from '../blob-store.ts';
import { errnoOf } from './disk-failure.ts';
import type { DurableFolders } from './durable-folders.ts';

/** Folder for temp files, on the store's own file system, so that a rename publishes a finished file. */
export class Staging {
  readonly #folder: string;
  readonly #folders: DurableFolders;

  constructor(folder: string, folders: DurableFolders) {
    this.#folder = folder;
    this.#folders = folders;
  }

  /** Creates the folder and removes temp files of a killed process. */
  async empty(): Promise<void> {
    await this.#folders.make(this.#folder);
    for (const name of await readdir(this.#folder)) {
      await rm(join(this.#folder, name), { recursive: true, force: true });
    }
  }

  /**
   * Returns the path of a temp file with the body's bytes, synced if the write must be durable.
   * A body that is a file is moved, or copied from another file system and removed. It is gone in either case.
   */
  async stage(body: BlobBody, lasting: Durability): Promise<string> {
    // The folder may have been removed, or replaced by a link.
    await this.#folders.make(this.#folder);
    return fill(join(this.#folder, randomUUID()), body, lasting);
  }
}

async function fill(path: string, body: BlobBody, lasting: Durability): Promise<string> {
  try {
    if (body instanceof Uint8Array) await write(path, body, lasting);
    else await take(body.path, path);
    return path;
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

async function write(path: string, bytes: Uint8Array, lasting: Durability): Promise<void> {
  const handle = await open(path, 'wx', 0o640);
  try {
    await handle.writeFile(bytes);
    if (lasting === 'durable') await handle.sync();
  } finally {
    await handle.close();
  }
}

async function take(from: string, to: string): Promise<void> {
  const moved = await move(from, to);
  const handle = await open(to, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    await handle.chmod(0o640);
    // A blob's age counts from its write, not from the creation of the file that was uploaded.
    const now = new Date();
    await handle.utimes(now, now);
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (!moved) await rm(from, { force: true });
}

/** Returns false if the file was copied, because it is on another file system. */
async function move(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (errnoOf(error) !== 'EXDEV') throw error;
    await copyFile(from, to, constants.COPYFILE_EXCL);
    return false;
  }
}
