import { readFileSync } from 'node:fs';

/** What the server holds open whatever comes: its socket, its children's pipes, what Node itself needs. */
const own = 40;

/** How many files this process may have open: the soft limit; Infinity where the system does not tell. */
export function mostOpenFiles(): number {
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
