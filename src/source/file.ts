import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { Readable } from 'node:stream';
import type { ByteRange, LocalFile } from '../store/blob-store.ts';
import { exactStream } from '../store/exact-stream.ts';
import { errnoOf } from '../store/folder/disk-failure.ts';
import { listFolder } from './folder-list.ts';
import { isPath, type ReferencedSource, type SourcePage, sourceUnreachable } from './source.ts';

/** Error codes of files that do not exist or are not accessible. */
const missing = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG']);

/** Serves files of a folder. Symbolic links are followed only inside it. Validator: mtime, size and inode. */
export class FolderSource implements ReferencedSource {
  readonly kind = 'reference';
  readonly name: string;
  readonly #root: string;

  private constructor(root: string) {
    this.#root = root;
    this.name = `file:${root}`;
  }

  /** Throws if the folder does not exist. */
  static async open(folder: string): Promise<FolderSource> {
    const root = await realpath(folder).catch((cause: unknown) => {
      throw new Error(`The folder ${folder} of TINTYPE_SOURCE cannot be read: ${errnoOf(cause)}`, { cause });
    });
    return new FolderSource(root);
  }

  async peek(path: string): Promise<string | null> {
    return (await this.#find(path))?.validator ?? null;
  }

  async list(prefix: string, after: string, limit: number): Promise<SourcePage> {
    return listFolder(this.#root, { prefix, after }, limit).catch((cause: unknown) => {
      throw sourceUnreachable(cause);
    });
  }

  async read(path: string, validator: string, range?: ByteRange): Promise<Readable | null> {
    const found = await this.#find(path);
    if (found?.validator !== validator) return null;
    const bytes = range === undefined ? found.bytes : range.end - range.start + 1;
    return exactStream(createReadStream(found.path, range), { bytes, explain: sourceUnreachable });
  }

  async localPath(path: string, validator: string): Promise<LocalFile | null> {
    const found = await this.#find(path);
    return found?.validator === validator ? { path: found.path, release: () => undefined } : null;
  }

  async close(): Promise<void> {}

  async #find(path: string) {
    if (!isPath(path)) return null;
    try {
      const found = await realpath(join(this.#root, path));
      if (!found.startsWith(this.#root.endsWith(sep) ? this.#root : this.#root + sep)) return null;
      const stats = await stat(found, { bigint: true });
      if (!stats.isFile()) return null;
      return { path: found, bytes: Number(stats.size), validator: `${stats.mtimeNs}-${stats.size}-${stats.ino}` };
    } catch (cause) {
      if (missing.has(errnoOf(cause))) return null;
      throw sourceUnreachable(cause);
    }
  }
}
