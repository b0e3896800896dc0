import type { Config } from '../config/index.ts';
import type { Meters } from '../observability/metrics.ts';
import type { Fetch } from '../http/router.ts';
import type { JobQueue } from '../jobs/job-queue.ts';
import type { Ingest } from '../library/intake/ingest.ts';
import { openRooms } from './services.ts';
import { serve, serveMetrics } from './routes.ts';
import type { BlobStore } from '../store/blob-store.ts';
import type { Surroundings } from './environment.ts';

export { storeOptions } from './open-stores.ts';
export type { Surroundings } from './environment.ts';

export interface Tintype {
  readonly fetch: Fetch;
  /** For a port of its own. */
  readonly fetchMetrics: Fetch;
  readonly meters: Meters;
  readonly store: BlobStore;
  /** The door, for what this process itself brings in. */
  readonly ingest: Ingest;
  /** For what this process itself wants done without waiting for it. */
  readonly jobs: JobQueue;
  /** Resolves once nothing is being found out beside requests. */
  settled(): Promise<void>;
  /** From now on `/readyz` says no. */
  drain(): void;
  /** Finishes what is being rendered and saved, then lets go of the stores. */
  close(): Promise<void>;
}

/** The whole server but its socket: `rooms.ts` builds every room, `routes.ts` has a line for every route. */
export async function createTintype(config: Config, surroundings: Surroundings): Promise<Tintype> {
  const rooms = await openRooms(config, surroundings);
  const { store, ingest, jobs, tuning, readiness, meters, close } = rooms;
  const settled = () => tuning.settled();
  const fetches = { fetch: serve(rooms), fetchMetrics: serveMetrics(rooms) };
  return { ...fetches, meters, store, ingest, jobs, settled, drain: () => readiness.drain(), close };
}
