import type { Cluster } from './cluster.ts';
import { LocalCluster } from './local.ts';
import type { RedisOptions } from './redis.ts';

/** Opens the Redis cluster at `url`, or a single-node cluster for null, which loads no Redis module. */
export async function openCluster(url: string | null, options: Omit<RedisOptions, 'url'>): Promise<Cluster> {
  if (url === null) return new LocalCluster();
  const { RedisCluster } = await import('./redis.ts');
  return new RedisCluster({ ...options, url });
}
