import type { JobHandler } from '../jobs/job-queue.ts';
import type { Sweep } from './sweep.ts';
import type { UploadPermits } from './upload-permits.ts';

/** Sweeps once, and forgets what was permitted once; its result is the receipt. */
export function doSweep(sweep: Sweep, permits: UploadPermits): JobHandler {
  return async ({ signal }) => {
    const now = Date.now();
    await permits.sweep(Math.floor(now / 1000));
    return [await sweep.run({ dryRun: false, now, signal })];
  };
}

/** One name for each period, however many nodes say it: whoever is first does it. */
export function sweepOfPeriod(now: number, every: number) {
  return { kind: 'sweep', id: `sweep-${every}-${Math.floor(now / every)}`, input: null };
}
