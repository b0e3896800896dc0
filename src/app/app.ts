import type { Config } from '../config/index.ts';
import type { Fetch } from '../http/router.ts';
import type { JobQueue } from '../jobs/job-queue.ts';
import type { Ingest } from '../library/intake/ingest.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { BlobStore } from '../store/blob-store.ts';
import type { Environment } from './environment.ts';
import { createFetch, createMetricsFetch } from './routes.ts';
import { openServices } from './services.ts';

export type { Environment as Surroundings } from './environment.ts';
export { storeOptions } from './open-stores.ts';

export interface Tintype {
  readonly fetch: Fetch;
  /** For a port of its own. */
  readonly fetchMetrics: Fetch;
  readonly metrics: Metrics;
  readonly store: BlobStore;
  /** Stores the originals that this process adds itself. */
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

/** Builds the whole server except its socket: `services.ts` builds the services, `routes.ts` lists the routes. */
export async function createTintype(config: Config, environment: Environment): Promise<Tintype> {
  const services = await openServices(config, environment);
  const { store, ingest, jobs, qualitySearch, readiness, metrics, close } = services;
  const settled = () => qualitySearch.settled();
  const fetches = { fetch: createFetch(services), fetchMetrics: createMetricsFetch(services) };
  return { ...fetches, metrics, store, ingest, jobs, settled, drain: () => readiness.drain(), close };
}
