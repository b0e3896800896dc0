import type { JobHandler } from '../../jobs/job-queue.ts';
import type { Sweep } from './sweep.ts';

/** Sweeps once; its result is the receipt. */
export function runSweepJob(sweep: Sweep): JobHandler {
  return async ({ signal }) => [await sweep.run({ dryRun: false, signal })];
}

/** One name for each period, however many nodes say it: whoever is first does it. */
export function sweepJobOfPeriod(now: number, every: number) {
  return { kind: 'sweep', id: `sweep-${every}-${Math.floor(now / every)}`, input: null };
}
