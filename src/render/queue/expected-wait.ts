import type { Work } from './fair-queue.ts';

export interface QueueLine {
  /** Milliseconds until each slot is free; 0 for a free one. */
  readonly places: readonly number[];
  /** Work that comes first. */
  readonly ahead: Work;
  /** Whether the waiting task is large. */
  readonly isLarge: boolean;
}

/**
 * Milliseconds until a new task would start: the time when a slot is free after the work ahead was distributed over the
 * slots. Large renders leave the earliest slot to small ones if there are several slots.
 */
export function expectedWait({ places, ahead, isLarge }: QueueLine): number {
  const free = [...places].sort((a, b) => a - b);
  const [earliest = 0, ...others] = free;
  if (others.length === 0) return earliest + ahead.small + ahead.large;
  const afterLarge = pour(others, ahead.large);
  if (isLarge) return Math.max(afterLarge, pour(free, ahead.small + ahead.large));
  const left = ahead.large === 0 ? others : others.map((milliseconds) => Math.max(milliseconds, afterLarge));
  return pour([earliest, ...left], ahead.small);
}

/** Time when the first slot is free after divisible work was distributed over them. `places` in ascending order. */
function pour(places: readonly number[], work: number): number {
  let left = work;
  let level = places[0] ?? 0;
  for (let count = 1; count < places.length; count++) {
    const next = places[count] ?? level;
    const fits = (next - level) * count;
    if (left <= fits) return level + left / count;
    left -= fits;
    level = next;
  }
  return level + left / places.length;
}
