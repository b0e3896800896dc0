import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { newProject } from '../test/e2e/support/packed.ts';
import type { Bench } from './bench.ts';

/** The newest of each: what somebody would install today. */
const bare = ['hono', '@hono/node-server', 'sharp'];

/** What an installation takes on a disk. */
export const size: Bench = {
  name: 'size',
  measures:
    'Megabytes of node_modules after npm install of the packed package, against hono, its server for Node and sharp alone',
  async run() {
    const [ours, theirs] = await Promise.all([newProject(), newProject()]);
    try {
      await ours.install([ours.tarball]);
      await theirs.install(bare);
      const [tintype, reference] = [await megabytesIn(ours.folder), await megabytesIn(theirs.folder)];
      const ratio = tintype / reference;
      const kilobytes = Math.round((await lstat(ours.tarball)).size / 1000);
      const what = `tintype, a tarball of ${kilobytes} kB`;
      return [
        { what, unit: 'MB', tintype, reference, ratio, spread: [ratio, ratio], target: { bound: 'at most', ratio: 5 } },
      ];
    } finally {
      await Promise.all([ours.remove(), theirs.remove()]);
    }
  },
};

async function megabytesIn(project: string): Promise<number> {
  const folder = join(project, 'node_modules');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  let bytes = 0;
  for (const { parentPath, name } of files) bytes += (await lstat(join(parentPath, name))).size;
  return bytes / 1_000_000;
}
