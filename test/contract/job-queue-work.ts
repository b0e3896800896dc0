import type { Job, JobHandler, JobQueue, JobWork } from '../../src/jobs/job-queue.ts';

/** Starts a node and answers jobs as they end, in order. */
export function startOn(queue: JobQueue, handlers: JobWork['handlers']) {
  const ended: Job[] = [];
  const waiting = new Set<() => void>();
  queue.start({
    handlers,
    ended: async (job) => {
      ended.push(job);
      for (const look of waiting) look();
    },
  });
  const until = (isIt: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!isIt()) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  const end = async (id: string) => {
    const of = () => ended.find((job) => job.id === id);
    await until(() => of() !== undefined);
    return of();
  };
  return { ended, until, end };
}

/** A promise and what resolves it. */
export function signal() {
  let ring: () => void = () => {};
  const rung = new Promise<void>((resolve) => {
    ring = resolve;
  });
  return { rung, ring: () => ring() };
}

/** A handler that works until it is told to stop. */
export const endless: (begun: () => void) => JobHandler = (begun) => (run) =>
  new Promise((_resolve, reject) => {
    run.signal.addEventListener('abort', () => reject(new Error('stopped')));
    begun();
  });
