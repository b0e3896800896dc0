import { type EmbeddedOptions, EmbeddedQueue } from './embedded.ts';
import type { JobQueue } from './job-queue.ts';

/** Opens the queue inside the server, or a BullMQ queue if `redis` is a URL. BullMQ is loaded only then. */
export async function openQueue(options: EmbeddedOptions, redis: string | null): Promise<JobQueue> {
  if (redis === null) return new EmbeddedQueue(options);
  const { BullQueue } = await import('./bullmq.ts');
  return new BullQueue({ ...options, redis });
}
