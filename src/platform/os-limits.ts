import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';

/** File descriptors that the server needs itself: its socket, pipes to children, Node's own. */
const own = 40;

/** Soft limit of open files of this process; Infinity if unknown. */
export function maxOpenFiles(): number {
  try {
    const limit = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return limit === undefined ? Number.POSITIVE_INFINITY : Number(limit);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/**
 * Maximum number of connections for a limit of open files: each needs a descriptor for its socket and one for a file.
 */
export function connectionsFor(openFiles: number): number {
  return Math.max(8, Math.floor((openFiles - own) / 2));
}

/** Memory limit and use of a container, in bytes. */
export interface MemoryUse {
  readonly limit: number;
  /** Excludes the page cache, which the kernel can reclaim. */
  readonly used: number;
}

/** Path of this process's control group (cgroup v2) on Linux. */
const controlGroup = '/sys/fs/cgroup';

/** Memory of the container of this process; null without cgroup v2 or without a limit. */
export function containerMemory(folder = controlGroup): MemoryUse | null {
  try {
    const read = (name: string) => readFileSync(join(folder, name), 'utf8');
    const limit = Number(read('memory.max'));
    if (!Number.isFinite(limit)) return null;
    const files = Number(/^inactive_file (\d+)/m.exec(read('memory.stat'))?.[1] ?? 0);
    return { limit, used: Number(read('memory.current')) - files };
  } catch {
    return null;
  }
}

/** Memory limit of the container, or the memory of the machine, in bytes. */
export function memoryAtHand(): number {
  return containerMemory()?.limit ?? totalmem();
}
