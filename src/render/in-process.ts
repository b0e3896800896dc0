import { Failure } from '../errors.ts';
import { render, renderAll } from './engine.ts';
import { look } from './look.ts';
import type { Renderer } from './renderer.ts';
import { search } from './search.ts';
import type { ChildOptions } from './workers/child.ts';

/**
 * Renders in the server itself, for tiny machines: what takes too long is answered with `deadline`, but nothing stops it.
 * The door stays with `door`, a renderer whose decoders can be killed.
 */
export function renderHere(door: Renderer, { deadline, environment }: ChildOptions): Renderer {
  // Fontconfig reads it when the first text is drawn, as it would in a child.
  const { FONTCONFIG_FILE: fonts } = environment;
  if (fonts !== undefined) process.env['FONTCONFIG_FILE'] = fonts;
  return {
    inspect: (arrival, policy) => door.inspect(arrival, policy),
    prepare: (arrival, preparation) => door.prepare(arrival, preparation),
    render: (job) => within(deadline, render(job).catch(asRefusal)),
    renderAll: (jobs) => within(deadline, renderAll(jobs).catch(asRefusal)),
    search: (job) => within(deadline, search(job).catch(asRefusal)),
    look: (job) => within(deadline, look(job).catch(asRefusal)),
    // Where a decoder must not take the server with it: nothing is gained that would be worth a signal from a mapped file.
    copy: () => Promise.resolve(false),
    countAlive: () => door.countAlive(),
    close: () => door.close(),
  };
}

async function within<T>(deadline: number, work: Promise<T>): Promise<T> {
  const failure = new Failure('deadline', `Expected a rendering within ${deadline} ms but it took longer`);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(failure), deadline);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** What libvips says may hold paths, so it is a cause and not a sentence. */
export function asRefusal(cause: unknown): never {
  if (cause instanceof Failure) throw cause;
  if (isFileTrouble(cause)) throw new Failure('store-unreachable', 'Expected the original to be readable', { cause });
  throw new Failure('refused-image', 'Expected an original that can be rendered but its decoder or encoder gave up', {
    cause,
  });
}

/** The file is gone or cannot be read: nothing is wrong with the picture. */
function isFileTrouble(cause: unknown): boolean {
  return cause instanceof Error && ('syscall' in cause || cause.message.startsWith('Input file is missing'));
}
