import { link, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { KeyedQueue } from '../../concurrency/keyed-queue.ts';
import type { BlobBody, Durability } from '../blob-store.ts';
import { errnoOf } from './disk-failure.ts';
import type { DurableFolders } from './durable-folders.ts';
import type { Staging } from './staging.ts';

/** How often a write recreates its folder if concurrent deletes remove it. */
const maxTries = 10;

/** Moves a staged file to its target. Returns false if the target must stay as it is. */
export type Place = (staged: string, target: string) => Promise<boolean>;

export async function renameOver(staged: string, target: string): Promise<boolean> {
  await rename(staged, target);
  return true;
}

/** Fails if the target exists: link(2) returns EEXIST, so exactly one of several writers wins. */
export async function linkIfAbsent(staged: string, target: string): Promise<boolean> {
  try {
    await link(staged, target);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Writes files atomically: stage, rename or link, then sync the folder if the write must be durable. */
export class AtomicWrites {
  readonly #folders: DurableFolders;
  readonly #staging: Staging;
  readonly #changes: KeyedQueue;

  constructor(folders: DurableFolders, staging: Staging, changes: KeyedQueue) {
    this.#folders = folders;
    this.#staging = staging;
    this.#changes = changes;
  }

  /** Returns the result of `place`. Writes to one target run one after another, so `place` may check before it acts. */
  async write(target: string, body: BlobBody, place: Place, lasting: Durability = 'durable'): Promise<boolean> {
    const staged = await this.#staging.stage(body, lasting);
    try {
      return await this.#changes.run(target, async () => {
        const placed = await this.#place(staged, target, place);
        if (placed && lasting === 'durable') await this.#folders.sync(dirname(target));
        // A renamed file leaves nothing to remove.
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
        // A concurrent delete has removed the empty folder.
        if (errnoOf(error) !== 'ENOENT' || tries === maxTries) throw error;
      }
    }
  }
}
