import { readFileSync } from 'node:fs';

/** Milliseconds between two looks. */
const lookEvery = 100;

/** Megabytes of a process and all below it: what they share counts once (PSS). */
export function memoryOf(pid: number): number {
  return withChildren(pid).reduce((sum, each) => sum + proportional(each), 0) / 1024;
}

/** A process and all below it. */
export function withChildren(pid: number): readonly number[] {
  const text = read(`/proc/${pid}/task/${pid}/children`);
  const children = text.split(' ').filter((each) => each !== '');
  return [pid, ...children.flatMap((child) => withChildren(Number(child)))];
}

/** Kilobytes. */
function proportional(pid: number): number {
  return Number(/^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0);
}

/** Of a process that has just ended, nothing. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** What work came to, and the most that was seen while it went on. */
export async function mostOf<T>(
  look: () => number,
  work: () => Promise<T>,
): Promise<{ readonly most: number; readonly done: T }> {
  let most = look();
  const looking = setInterval(() => {
    most = Math.max(most, look());
  }, lookEvery);
  try {
    return { done: await work(), most: Math.max(most, look()) };
  } finally {
    clearInterval(looking);
  }
}
