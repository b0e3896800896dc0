import type { Config } from './index.ts';

/** Whether to serve the playground at `/`. Default: only on a loopback host, which other machines cannot reach. */
export function hasPlayground({ playground, host }: Pick<Config, 'playground' | 'host'>): boolean {
  if (playground !== 'loopback') return playground !== 'false';
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}
