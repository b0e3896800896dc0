import type { Config } from './index.ts';

/** Whether the page at `/` is there: unless it is said, only where nobody but this machine can reach it. */
export function hasPlayground({ playground, host }: Pick<Config, 'playground' | 'host'>): boolean {
  if (playground !== 'loopback') return playground !== 'false';
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}
