import { Failure } from '../errors.ts';
import { inspect } from './door.ts';
import { render } from './engine.ts';
import type { Renderer } from './renderer.ts';

/** Renders in this process: nothing stops a decoder that hangs, so it is for tiny machines and tests of pixels. */
export function inProcessRenderer(): Renderer {
  return {
    inspect,
    render: (job) => render(job).catch(asRefusal),
    close: async () => {},
  };
}

/** What libvips says may hold paths, so it is a cause and not a sentence. */
export function asRefusal(cause: unknown): never {
  if (cause instanceof Failure) throw cause;
  throw new Failure('refused-image', 'Expected an original that can be rendered but its decoder or encoder gave up', {
    cause,
  });
}
