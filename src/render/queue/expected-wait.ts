import type { Work } from './fair-queue.ts';

export interface QueueLine {
  /** Milliseconds until each place is free; 0 for one that is. */
  readonly places: readonly number[];
  /** What comes before. */
  readonly ahead: Work;
  /** Of the task that is to wait. */
  readonly isLarge: boolean;
}

/**
 * Milliseconds until a task at the end of the line would begin: at the earliest place that is free once the work ahead has
 * been handed out to whichever place is free next. Large renders leave the earliest place to small ones, where there are several.
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

/** When the earliest of these places, in ascending order, is free after so much work that can be divided among them. */
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
