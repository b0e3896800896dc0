import type { Cluster } from '../cluster/cluster.ts';
import type { Config } from '../config/index.ts';
import { queueOf } from '../config/derived.ts';
import type { Meters } from '../observability/metrics.ts';
import type { MemoryTier } from '../library/variants/memory-cache.ts';
import type { Saver } from '../library/variants/write-behind.ts';
import type { SweepClock } from '../library/maintenance/sweep-clock.ts';
import type { VariantSpace } from '../library/variants/disk-quota.ts';
import type { WorkingCopies } from '../library/variants/working-copies.ts';
import type { Gate } from '../render/queue/render-queue.ts';
import type { Renderer } from '../render/workers/renderer.ts';

export interface Gauged {
  readonly config: Config;
  readonly gate: Gate;
  readonly memory: MemoryTier;
  readonly copies: WorkingCopies;
  readonly renderer: Renderer;
  readonly saver: Saver;
  readonly space: VariantSpace;
  readonly cluster: Cluster;
  readonly clock: SweepClock;
}

/** What stands in the rooms whenever somebody looks, beside the bounds it has. */
export function gaugeRooms(meters: Meters, rooms: Gauged): void {
  const { config, gate, memory, copies, renderer, saver, space, cluster, clock } = rooms;
  meters.gauge('renders_running', 'Renders under way.', () => gate.running);
  meters.gauge('renders_most', 'Renders at once, at most.', () => config.renders);
  meters.gauge('renders_waiting', 'Renders that wait for their turn.', () => gate.waiting);
  meters.gauge('renders_waiting_most', 'Renders that may wait.', () => queueOf(config));
  meters.gauge('decoding_bytes', 'Bytes of decoded pixels that renders are thought to hold.', () => gate.decoding);
  meters.gauge('memory_bytes', 'Bytes of variants in memory.', () => memory.bytes);
  meters.gauge('memory_bytes_most', 'Bytes of variants memory may take.', () => config.memory);
  meters.gauge('copies', 'Working copies of originals on this disk.', () => copies.shelves.count);
  meters.gauge('copies_bytes', 'Bytes of working copies of originals.', () => copies.shelves.bytes);
  meters.gauge('variants_bytes', 'Bytes of stored variants, as far as this node knows.', () => space.used);
  meters.gauge('saving_bytes', 'Bytes of variants that wait to be saved.', () => saver.waiting);
  meters.gauge('renderer_alive', '1 while a rendering process is there.', () => (renderer.countAlive() > 0 ? 1 : 0));
  meters.gauge('nodes', 'Nodes there are, as far as this one knows.', () => cluster.nodes);
  meters.gauge('nodes_apart', '1 while this node should hear others and does not.', () =>
    cluster.standing === 'apart' ? 1 : 0,
  );
  meters.gauge(
    'clock_trusted',
    '1 while the clock is ok; 0 while it is skewed or jumped: nothing is deleted by age.',
    () => (clock.state === 'ok' ? 1 : 0),
  );
  meters.gauge(
    'clock_skew_seconds',
    "Seconds by which this node's clock is ahead of the store's; 0 where the store has none.",
    () => clock.skew / 1000,
  );
}
