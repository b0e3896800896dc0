import { withTimeout } from '../../concurrency/timeout.ts';
import { Failure } from '../../errors.ts';
import { computePlaceholder } from '../pixels/placeholder.ts';
import { render, renderAll } from '../pixels/render.ts';
import { search } from '../pixels/search.ts';
import { type ChildOptions, ExceededDeadline } from './child.ts';
import type { Renderer } from './renderer.ts';

/**
 * Renders in the server itself, for tiny machines: what takes twice the deadline is answered with `deadline`, but nothing stops it.
 * The door stays with `door`, a renderer whose decoders can be killed.
 */
export function inProcessRenderer(validator: Renderer, { deadline, environment }: ChildOptions): Renderer {
  // Fontconfig reads it when the first text is drawn, as it would in a child.
  const { FONTCONFIG_FILE: fonts } = environment;
  if (fonts !== undefined) process.env['FONTCONFIG_FILE'] = fonts;
  // The CPU of one render cannot be told from that of the rest of this process: the clock alone counts.
  const inTime = <T>(work: Promise<T>) => withTimeout(2 * deadline, work, () => new ExceededDeadline(deadline, 0));
  return {
    inspect: (arrival, policy) => validator.inspect(arrival, policy),
    prepare: (arrival, preparation) => validator.prepare(arrival, preparation),
    render: (job) => inTime(render(job).catch(asRefusal)),
    renderAll: (jobs) => inTime(renderAll(jobs).catch(asRefusal)),
    search: (job) => inTime(search(job).catch(asRefusal)),
    computePlaceholder: (job) => inTime(computePlaceholder(job).catch(asRefusal)),
    // Where a decoder must not take the server with it: nothing is gained that would be worth a signal from a mapped file.
    copy: () => Promise.resolve(false),
    countAlive: () => validator.countAlive(),
    close: () => validator.close(),
  };
}

/** What libvips says may hold paths, so it is a cause and not a sentence. */
export function asRefusal(cause: unknown): never {
  if (cause instanceof Failure) throw cause;
  if (isFileError(cause)) throw new Failure('store-unreachable', 'Expected the original to be readable', { cause });
  throw new Failure('refused-image', 'Expected an original that can be rendered but its decoder or encoder gave up', {
    cause,
  });
}

/** The file is gone or cannot be read: nothing is wrong with the picture. */
function isFileError(cause: unknown): boolean {
  return cause instanceof Error && ('syscall' in cause || cause.message.startsWith('Input file is missing'));
}
