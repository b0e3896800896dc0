import { type PoolOptions, pooledRenderer, WorkerPool } from './pool.ts';
import type { Renderer } from './renderer.ts';

export interface RendererOptions extends PoolOptions {
  /** `none` renders in this process; uploads are still validated in a worker process. */
  readonly workers: 'process' | 'none';
}

/** Starts the renderer. sharp is loaded into this process only for `none`. */
export async function startRenderer(options: RendererOptions): Promise<Renderer> {
  if (options.workers === 'process') return pooledRenderer(await WorkerPool.start(options));
  const { inProcessRenderer: renderHere } = await import('./in-process.ts');
  return renderHere(pooledRenderer(await WorkerPool.start({ ...options, size: 1 })), options);
}
