import { LocalCluster } from '../../src/cluster/local.ts';
import { clusterContract } from './cluster.ts';

clusterContract('A node by itself', async () => {
  const cluster = new LocalCluster();
  return { node: async () => cluster, close: () => cluster.close() };
});
