import { link, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { KeyedQueue } from '../../concurrency/keyed-queue.ts';
import type { BlobBody, Durability } from '../blob-store.ts';
import { errnoOf } from './disk-failure.ts';
import type { DurableFolders } from './durable-folders.ts';
import type { Staging } from './staging.ts';

/** How often a write makes its folder again when deletes of its neighbours keep removing it. */
const maxTries = 10;

/** Gives a staged file its name; false when it declines. */
export type Place = (staged: string, target: string) => Promise<boolean>;

export async function renameOver(staged: string, target: string): Promise<boolean> {
  await rename(staged, target);
  return true;
}

/** link(2) fails with EEXIST where anything stands, whoever else is writing: exactly one wins. */
export async function linkIfAbsent(staged: string, target: string): Promise<boolean> {
  try {
    await link(staged, target);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** The one way a file comes into the store: staged, named at once, and, where it has to last, on disk with its name before the answer. */
export class AtomicWrites {
  readonly #folders: DurableFolders;
  readonly #staging: Staging;
  readonly #changes: KeyedQueue;

  constructor(folders: DurableFolders, staging: Staging, changes: KeyedQueue) {
    this.#folders = folders;
    this.#staging = staging;
    this.#changes = changes;
  }

  /** Answers what `place` did. Changes of one target wait for each other, so `place` may look before it acts. */
  async write(target: string, body: BlobBody, place: Place, lasting: Durability = 'durable'): Promise<boolean> {
    const staged = await this.#staging.stage(body, lasting);
    try {
      return await this.#changes.run(target, async () => {
        const placed = await this.#place(staged, target, place);
        if (placed && lasting === 'durable') await this.#folders.sync(dirname(target));
        // Renamed, there is nothing left to remove.
        if (!placed || place !== renameOver) await rm(staged, { force: true });
        return placed;
      });
    } catch (error) {
      await rm(staged, { force: true });
      throw error;
    }
  }

  async #place(staged: string, target: string, place: Place): Promise<boolean> {
    for (let tries = 1; ; tries += 1) {
      try {
        await this.#folders.make(dirname(target));
        return await place(staged, target);
      } catch (error) {
        // A delete next door has just removed the folder as empty.
        if (errnoOf(error) !== 'ENOENT' || tries === maxTries) throw error;
      }
    }
  }
}
