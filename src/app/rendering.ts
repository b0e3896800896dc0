import { queueOf } from '../config/derived.ts';
import type { Config } from '../config/index.ts';
import type { Metrics } from '../observability/metrics.ts';
import { memoryAtHand } from '../platform/os-limits.ts';
import { openFonts } from '../render/pixels/fonts.ts';
import { RenderQueue } from '../render/queue/render-queue.ts';
import { startRenderer } from '../render/workers/start.ts';
import type { Environment } from './environment.ts';

/** Starts the rendering processes, and the queue in front of them. */
export async function openRendering(config: Config, environment: Environment, metrics: Metrics) {
  const { workers, deadline } = config;
  const fonts = await openFonts(config.fonts, environment.scratchFolder);
  const renderer = await startRenderer({
    workers,
    deadline,
    size: config.renders,
    memory: config.workerMemory,
    environment: { ...environment.rendererEnvironment, FONTCONFIG_FILE: fonts.configuration },
    ended: (end) => metrics.workerEnded(end),
    report: environment.report,
  });
  // The other half of the memory is for the server itself and the operating system.
  const queue = new RenderQueue({ ...config, queue: queueOf(config), decodeMemory: Math.floor(memoryAtHand() / 2) });
  return { renderer, queue, fonts };
}
