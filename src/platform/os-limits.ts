import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';

/** What the server holds open whatever comes: its socket, its children's pipes, what Node itself needs. */
const own = 40;

/** How many files this process may have open: the soft limit; Infinity where the system does not tell. */
export function maxOpenFiles(): number {
  try {
    const limit = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return limit === undefined ? Number.POSITIVE_INFINITY : Number(limit);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** As many connections as leave each a file beside its socket, so that whoever is let in is answered. */
export function connectionsFor(openFiles: number): number {
  return Math.max(8, Math.floor((openFiles - own) / 2));
}

/** What a container may have and has, in bytes. */
export interface MemoryUse {
  readonly limit: number;
  /** Without what the kernel can take back: files it keeps in memory. */
  readonly used: number;
}

/** Where Linux tells what a container may have: of its own group, of the second kind. */
const controlGroup = '/sys/fs/cgroup';

/** Of the container this process is in (cgroup v2); null where it has no limit, or there is none to be read. */
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

/** Bytes that this server and its children can have together. */
export function memoryAtHand(): number {
  return containerMemory()?.limit ?? totalmem();
}
