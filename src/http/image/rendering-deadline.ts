import { withTimeout } from '../../concurrency/timeout.ts';
import { Failure } from '../../errors.ts';
import type { Requester } from '../../library/variants/variants.ts';
import type { ClientAddress } from '../auth/client-address.ts';
import type { HttpContext } from '../message/route.ts';

export interface RenderingOptions {
  readonly clientAddress: ClientAddress;
  /** Milliseconds that all renders of one request may take together, their waits included. */
  readonly requestLimit: number;
}

/** Does what takes renders, for this request; several pieces of work share its time. */
export type RunWithinRequest = <T>(work: (asker: Requester) => Promise<T>) => Promise<T>;

/**
 * The time of a request starts with its first render. Once it is over, the request ends with `deadline`, and leaves whatever
 * it waits for.
 */
export function renderingFor(
  context: HttpContext,
  { clientAddress, requestLimit }: RenderingOptions,
): RunWithinRequest {
  const over = new AbortController();
  const tooLong = () =>
    new Failure('deadline', `The renders of this request took more than ${requestLimit} ms together`);
  let end: number | null = null;
  return async (work) => {
    const now = performance.now();
    end ??= now + requestLimit;
    if (now >= end) throw tooLong();
    const asker = { client: clientAddress.of(context), signal: AbortSignal.any([context.req.raw.signal, over.signal]) };
    return withTimeout(end - now, work(asker), () => {
      over.abort();
      return tooLong();
    });
  };
}
