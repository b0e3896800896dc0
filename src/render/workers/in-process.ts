import { withTimeout } from '../../concurrency/timeout.ts';
import { Failure } from '../../errors.ts';
import { computePlaceholder } from '../pixels/placeholder.ts';
import { render, renderAll } from '../pixels/render.ts';
import { search } from '../pixels/search.ts';
import { type ChildOptions, ExceededDeadline } from './child.ts';
import type { Renderer } from './renderer.ts';

/**
 * Renders in the server process, for tiny machines. After twice the deadline a render fails with `deadline`, but is not
 * stopped. Uploads are validated by `door`, in a process that can be killed.
 */
export function inProcessRenderer(validator: Renderer, { deadline, environment }: ChildOptions): Renderer {
  // Fontconfig reads this variable when the first text is drawn.
  const { FONTCONFIG_FILE: fonts } = environment;
  if (fonts !== undefined) process.env['FONTCONFIG_FILE'] = fonts;
  // CPU time of one render cannot be measured within this process, so only wall-clock time counts.
  const inTime = <T>(work: Promise<T>) => withTimeout(2 * deadline, work, () => new ExceededDeadline(deadline, 0));
  return {
    inspect: (arrival, policy) => validator.inspect(arrival, policy),
    prepare: (arrival, preparation) => validator.prepare(arrival, preparation),
    render: (job) => inTime(render(job).catch(asRefusal)),
    renderAll: (jobs) => inTime(renderAll(jobs).catch(asRefusal)),
    search: (job) => inTime(search(job).catch(asRefusal)),
    computePlaceholder: (job) => inTime(computePlaceholder(job).catch(asRefusal)),
    // No working copies: a mapped file that disappears would crash the server.
    copy: () => Promise.resolve(false),
    countAlive: () => validator.countAlive(),
    close: () => validator.close(),
  };
}

/** Converts an error of sharp to a Failure. Its text may contain paths, so it becomes the cause. */
export function asRefusal(cause: unknown): never {
  if (cause instanceof Failure) throw cause;
  if (isFileError(cause))
    throw new Failure('store-unreachable', 'The original could not be read; retry later', { cause });
  throw new Failure('refused-image', 'Expected an original that can be rendered but decoding or encoding it failed', {
    cause,
  });
}

/** Whether the file is missing or unreadable, so that the image is not to blame. */
function isFileError(cause: unknown): boolean {
  return cause instanceof Error && ('syscall' in cause || cause.message.startsWith('Input file is missing'));
}
