import type { Cluster } from '../cluster/cluster.ts';
import { queueOf } from '../config/derived.ts';
import type { Config } from '../config/index.ts';
import type { SweepClock } from '../library/maintenance/sweep-clock.ts';
import type { DiskQuota } from '../library/variants/disk-quota.ts';
import type { MemoryCache } from '../library/variants/memory-cache.ts';
import type { WorkingCopies } from '../library/variants/working-copies.ts';
import type { WriteBehind } from '../library/variants/write-behind.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { RenderQueue } from '../render/queue/render-queue.ts';
import type { Renderer } from '../render/workers/renderer.ts';

export interface GaugeSources {
  readonly config: Config;
  readonly queue: RenderQueue;
  readonly memory: MemoryCache;
  readonly copies: WorkingCopies;
  readonly renderer: Renderer;
  readonly writeBehind: WriteBehind;
  readonly quota: DiskQuota;
  readonly cluster: Cluster;
  readonly clock: SweepClock;
}

/** Registers the gauges that a scrape reads from the services, each beside its limit. */
export function registerGauges(metrics: Metrics, services: GaugeSources): void {
  const { config, queue, memory, copies, renderer, writeBehind, quota, cluster, clock } = services;
  metrics.gauge('renders_running', 'Renders under way.', () => queue.running);
  metrics.gauge('renders_limit', 'Maximum number of concurrent renders.', () => config.renders);
  metrics.gauge('renders_waiting', 'Renders that wait for their turn.', () => queue.waiting);
  metrics.gauge('renders_waiting_limit', 'Maximum number of waiting renders.', () => queueOf(config));
  metrics.gauge('decoding_bytes', 'Bytes of decoded pixels that renders are thought to hold.', () => queue.decoding);
  metrics.gauge('memory_bytes', 'Bytes of variants in memory.', () => memory.bytes);
  metrics.gauge('memory_limit_bytes', 'Maximum bytes of variants in memory.', () => config.memory);
  metrics.gauge('copies', 'Working copies of originals on this disk.', () => copies.stored.count);
  metrics.gauge('copies_bytes', 'Bytes of working copies of originals.', () => copies.stored.bytes);
  metrics.gauge('variants_bytes', 'Bytes of stored variants, as far as this node knows.', () => quota.used);
  metrics.gauge('saving_bytes', 'Bytes of variants that wait to be saved.', () => writeBehind.waiting);
  metrics.gauge('renderer_alive', '1 while a rendering process is there.', () => (renderer.countAlive() > 0 ? 1 : 0));
  metrics.gauge('nodes', 'Nodes there are, as far as this one knows.', () => cluster.nodes);
  metrics.gauge('cluster_disconnected', '1 while this node has no connection to Redis.', () =>
    cluster.state === 'disconnected' ? 1 : 0,
  );
  metrics.gauge(
    'clock_trusted',
    '1 while the clock is ok; 0 while it is skewed or jumped: nothing is deleted by age.',
    () => (clock.state === 'ok' ? 1 : 0),
  );
  metrics.gauge(
    'clock_skew_seconds',
    "Seconds by which this node's clock is ahead of the store's; 0 where the store has none.",
    () => clock.skew / 1000,
  );
}
