import type { Cluster } from './cluster.ts';
import { LocalCluster } from './local.ts';
import type { RedisOptions } from './redis.ts';

/** Every way for nodes to be one; without a Redis each is its own, and loads none of its hundreds of modules. */
export async function openCluster(url: string | null, options: Omit<RedisOptions, 'url'>): Promise<Cluster> {
  if (url === null) return new LocalCluster();
  const { RedisCluster } = await import('./redis.ts');
  return new RedisCluster({ ...options, url });
}
