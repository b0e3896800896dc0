import type { Cluster } from '../cluster/cluster.ts';
import { openCluster } from '../cluster/index.ts';
import type { RedisOptions } from '../cluster/redis.ts';
import type { Config } from '../config/index.ts';
import type { IsInSync } from '../library/originals/coalesced-reads.ts';
import type { Originals } from '../library/originals/originals.ts';
import type { PurgeEpoch } from '../library/variants/epoch.ts';
import type { MemoryCache } from '../library/variants/memory-cache.ts';
import type { Variants } from '../library/variants/variants.ts';
import type { WorkingCopies } from '../library/variants/working-copies.ts';
import type { Report } from '../observability/report.ts';
import type { CdnPurger } from '../purge/edge.ts';
import type { BlobStore } from '../store/blob-store.ts';

/** Longest time in milliseconds that a node of many goes on with what it knew of a pointer. */
const recordMaxAge = 2000;

/** What a node is to others on the same store. */
export interface ClusterInvalidation {
  readonly cluster: Cluster;
  /** Whether others may work on the store too. */
  readonly isShared: boolean;
  /** Milliseconds for which what was read of the store is believed at most. */
  readonly maxAge: number;
  readonly isInSync: IsInSync;
  /** As in `EdgeOptions`. */
  readonly repeatAfter: number | null;
}

/** Opens the cluster. A locked folder has one writer; a bucket may be shared with other nodes. */
export async function openClusterInvalidation(
  config: Config,
  store: BlobStore,
  hooks: Pick<RedisOptions, 'report' | 'onUnreadable'>,
): Promise<ClusterInvalidation> {
  const isShared = config.store.startsWith('s3:');
  const trust = isShared ? recordMaxAge : Number.POSITIVE_INFINITY;
  const cluster = await openCluster(config.redis, { name: store.name, bound: isShared ? trust : 0, ...hooks });
  return {
    cluster,
    isShared,
    maxAge: trust,
    isInSync: (since) => !isShared || cluster.isInSync(since),
    // With Redis, no node uses outdated records after the CDNs are purged.
    repeatAfter: isShared && config.redis === null ? trust + 500 : null,
  };
}

/** Invalidates the id on other nodes first, then purges the CDNs: an edge must not refill from an outdated node. */
export async function invalidateEverywhere(
  { cluster }: ClusterInvalidation,
  cdnPurger: CdnPurger,
  id: string,
): Promise<void> {
  await cluster.publish({ ids: [id] });
  await cdnPurger.purge({ keys: [`img:${id}`], soft: false });
}

export interface InvalidationTargets {
  readonly originals: Originals;
  readonly variants: Variants;
  readonly memory: MemoryCache;
  readonly copies: WorkingCopies;
  readonly epoch: PurgeEpoch;
  readonly report: Report;
}

/** Drops what this node cached of originals and variants that other nodes changed. */
export function applyInvalidations({ cluster }: ClusterInvalidation, services: InvalidationTargets): void {
  const { originals, variants, memory, copies, epoch, report } = services;
  cluster.listen(({ ids, everything }) => {
    for (const id of ids) {
      originals.invalidate(id);
      variants.invalidate(id);
      copies.drop(id).catch((cause: unknown) => report('A working copy stays', cause));
    }
    if (!everything) return;
    epoch.invalidate();
    memory.clear();
    copies.dropAll().catch((cause: unknown) => report('Working copies stay', cause));
  });
}
