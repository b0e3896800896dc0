import { type PoolOptions, pooledRenderer, WorkerPool } from './pool.ts';
import type { Renderer } from './renderer.ts';

export interface RendererOptions extends PoolOptions {
  /** `none`: renders in this process; the door still has a child that can be killed. */
  readonly workers: 'process' | 'none';
}

/** Starts what touches pixels. sharp is loaded into this process only where it renders here. */
export async function startRenderer(options: RendererOptions): Promise<Renderer> {
  if (options.workers === 'process') return pooledRenderer(await WorkerPool.start(options));
  const { inProcessRenderer: renderHere } = await import('./in-process.ts');
  return renderHere(pooledRenderer(await WorkerPool.start({ ...options, size: 1 })), options);
}
