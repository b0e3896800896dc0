import { readFileSync } from 'node:fs';

/** Milliseconds of a tick in `/proc`: USER_HZ is 100 on every Linux that Node.js supports. */
const tick = 10;

/** Milliseconds of CPU used by all threads of a process; 0 if unknown. */
export function cpuOf(pid: number | undefined): number {
  // The name in parentheses may contain spaces. User and system time are the 12th and 13th field after it
  // (proc_pid_stat(5)).
  const fields = read(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * tick;
}

/** Bytes of anonymous memory of a process; 0 if unknown. */
export function anonymousMemoryOf(pid: number | undefined): number {
  return Number(/^RssAnon:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) * 1024;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
