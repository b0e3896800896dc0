import { presetsOf } from './derived.ts';
import type { Config } from './index.ts';

/** What `/` answers. By default the playground is there only where no other machine can reach it. */
export function frontPageOf({
  playground,
  host,
}: Pick<Config, 'playground' | 'host'>): 'playground' | 'landing' | 'off' {
  if (playground === 'false') return 'off';
  if (playground !== 'loopback') return 'playground';
  const isLoopback = host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
  return isLoopback ? 'playground' : 'landing';
}

/** Samples are for folders of uploads; a source has pictures of its own. */
export function hasSamples({ store, source }: Pick<Config, 'store' | 'source'>): boolean {
  return store.startsWith('file:') && source === null;
}

/** A picture of the sample that these settings allow, unsigned; null where none can be named. */
export function samplePathOf(config: Config): string | null {
  if (!config.presetsOnly && config.widths.kind === 'free') return '/img/sample/w_800,f_webp/sample.webp';
  const presets = presetsOf(config);
  return Object.hasOwn(presets, 'medium') ? '/img/sample/medium' : null;
}
