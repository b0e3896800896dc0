import { vi } from 'vitest';

const day = 86_400_000;

/** Lets so many milliseconds pass; `wall`: sets the clock of the day alone on by as much. */
export type PassTime = (milliseconds: number, clocks?: 'both' | 'wall') => void;

/** Moves the clocks of this process from now on. `vi.restoreAllMocks` sets them right again. */
export function movableTime(): PassTime {
  const [now, monotonic] = [Date.now.bind(Date), performance.now.bind(performance)];
  let [wall, passed] = [0, 0];
  vi.spyOn(Date, 'now').mockImplementation(() => now() + wall);
  vi.spyOn(performance, 'now').mockImplementation(() => monotonic() + passed);
  return (milliseconds, clocks = 'both') => {
    wall += milliseconds;
    if (clocks === 'both') passed += milliseconds;
  };
}

/** Sweeps twice, a day apart, so that all that is waste by now is marked and deleted; answers what the second one does. */
export async function markAndSweep<T>(pass: PassTime, run: () => Promise<T>): Promise<T> {
  pass(day);
  await run();
  pass(day);
  return run();
}
