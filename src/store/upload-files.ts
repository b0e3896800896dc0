import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf, onDisk } from './folder/disk-failure.ts';

const prefix = 'upload-';

/** Path of the file that holds the processed form of an upload. */
export const preparedBeside = (path: string) => `${path}.prepared`;

/** Temporary files of uploads, in a folder that only this process writes to. */
export class UploadFiles {
  readonly #folder: string;
  /** Names of the uploads in progress. */
  readonly #inProgress = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Calls `use` with the path of a new file. Removes it and its prepared file afterwards. */
  async withFile<T>(use: (path: string) => Promise<T>): Promise<T> {
    const name = `${prefix}${randomUUID()}`;
    const path = join(this.#folder, name);
    this.#inProgress.add(name);
    try {
      await onDisk('keep an upload', () => mkdir(this.#folder, { recursive: true, mode: 0o750 }));
      return await use(path);
    } finally {
      await Promise.all([path, preparedBeside(path)].map((file) => rm(file, { force: true })));
      this.#inProgress.delete(name);
    }
  }

  /** Removes files that belong to no upload in progress, whatever their age. */
  async sweep(): Promise<void> {
    for (const file of await this.#files()) {
      const [name = file] = file.split('.', 1);
      if (!this.#inProgress.has(name)) await rm(join(this.#folder, file), { force: true });
    }
  }

  /** Returns an empty list while the folder does not exist. */
  async #files(): Promise<readonly string[]> {
    try {
      return (await readdir(this.#folder)).filter((file) => file.startsWith(prefix));
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return [];
      throw error;
    }
  }
}
