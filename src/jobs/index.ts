import { type EmbeddedOptions, EmbeddedQueue } from './embedded.ts';
import type { JobQueue } from './job-queue.ts';

/** Every kind of queue there is; the one inside the server needs nothing but its store, and loads nothing else. */
export async function openQueue(options: EmbeddedOptions, redis: string | null): Promise<JobQueue> {
  if (redis === null) return new EmbeddedQueue(options);
  const { BullQueue } = await import('./bullmq.ts');
  return new BullQueue({ ...options, redis });
}
