import type { Cluster } from '../cluster/cluster.ts';
import { openCluster } from '../cluster/index.ts';
import type { Config } from '../config/index.ts';
import type { Epoch } from '../library/variants/epoch.ts';
import type { MemoryTier } from '../library/variants/memory-cache.ts';
import type { Originals } from '../library/originals/originals.ts';
import type { Hears } from '../library/originals/coalesced-reads.ts';
import type { Report } from '../observability/report.ts';
import type { Variants } from '../library/variants/variants.ts';
import type { WorkingCopies } from '../library/variants/working-copies.ts';
import type { Edge } from '../purge/edge.ts';
import type { BlobStore } from '../store/blob-store.ts';

/** Longest time in milliseconds that a node of many goes on with what it knew of a pointer. */
const pointerTrust = 2000;

/** What a node is to others on the same store. */
export interface Nodes {
  readonly cluster: Cluster;
  /** Whether others may work on the store too. */
  readonly isShared: boolean;
  /** Milliseconds for which what was read of the store is believed at most. */
  readonly trust: number;
  readonly hears: Hears;
  /** As in `EdgeOptions`. */
  readonly echo: number | null;
}

/** Nobody else writes to a folder that is locked; a bucket may have other nodes on it. */
export async function openNodes(config: Config, store: BlobStore, report: Report): Promise<Nodes> {
  const isShared = config.store.startsWith('s3:');
  const trust = isShared ? pointerTrust : Number.POSITIVE_INFINITY;
  const cluster = await openCluster(config.redis, { name: store.name, bound: isShared ? trust : 0, report });
  return {
    cluster,
    isShared,
    trust,
    hears: (since) => !isShared || cluster.hears(since),
    // With a Redis nobody goes on with what he knew once CDNs are told.
    echo: isShared && config.redis === null ? trust + 500 : null,
  };
}

/** Other nodes hear first, or an edge would refill from what they knew; then the CDNs. */
export async function tellAll({ cluster }: Nodes, edge: Edge, id: string): Promise<void> {
  await cluster.tell({ ids: [id] });
  await edge.tell({ keys: [`img:${id}`], soft: false });
}

export interface Forgetful {
  readonly originals: Originals;
  readonly variants: Variants;
  readonly memory: MemoryTier;
  readonly copies: WorkingCopies;
  readonly epoch: Epoch;
  readonly report: Report;
}

/** Forgets here what changed elsewhere. */
export function hearNews({ cluster }: Nodes, rooms: Forgetful): void {
  const { originals, variants, memory, copies, epoch, report } = rooms;
  cluster.listen(({ ids, everything }) => {
    for (const id of ids) {
      originals.forget(id);
      variants.disown(id);
      copies.drop(id).catch((cause: unknown) => report('A working copy stays', cause));
    }
    if (!everything) return;
    epoch.forget();
    memory.clear();
    copies.dropAll().catch((cause: unknown) => report('Working copies stay', cause));
  });
}
