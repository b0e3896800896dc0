import { BullQueue } from './bullmq.ts';
import { type EmbeddedOptions, EmbeddedQueue } from './embedded.ts';
import type { JobQueue } from './job-queue.ts';

/** Every kind of queue there is; the one inside the server needs nothing but its store. */
export function openQueue(options: EmbeddedOptions, redis: string | null = null): JobQueue {
  return redis === null ? new EmbeddedQueue(options) : new BullQueue({ ...options, redis });
}
