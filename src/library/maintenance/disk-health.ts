import { statfs } from 'node:fs/promises';

export type DiskHealth = 'ok' | 'low' | 'full';

/** Share of a disk that should stay free, and bytes without which nothing works. */
const reserve = 0.05;
const minFree = 1024 * 1024;

/** The worst of the disks under these folders: full without a megabyte, low with less than a twentieth or than `needed` bytes. */
export async function checkDisks(folders: readonly string[], needed: number): Promise<DiskHealth> {
  const states = await Promise.all(folders.map((folder) => checkDisk(folder, needed)));
  return (['full', 'low'] as const).find((state) => states.includes(state)) ?? 'ok';
}

async function checkDisk(folder: string, needed: number): Promise<DiskHealth> {
  // A folder that is gone is the store's trouble, or is made again by the next write.
  const disk = await statfs(folder).catch(() => null);
  if (disk === null) return 'ok';
  const free = disk.bavail * disk.bsize;
  if (free < minFree) return 'full';
  return free < needed || disk.bavail < disk.blocks * reserve ? 'low' : 'ok';
}
