import type { Cluster } from './cluster.ts';
import { LocalCluster } from './local.ts';
import { RedisCluster, type RedisOptions } from './redis.ts';

/** Every way for nodes to be one; without a Redis each is its own. */
export function openCluster(url: string | null, options: Omit<RedisOptions, 'url'>): Cluster {
  return url === null ? new LocalCluster() : new RedisCluster({ ...options, url });
}
