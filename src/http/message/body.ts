import { Failure } from '../../errors.ts';
import type { HttpContext } from './route.ts';

/** The strong validator of stored bytes. */
export const etagOf = (version: string) => `"${version}"`;

/** The body as it comes. A client that leaves half-way is a short body, not our fault. */
export async function* bodyOf(context: HttpContext): AsyncGenerator<Uint8Array> {
  const body = context.req.raw.body;
  if (body === null) return;
  try {
    yield* body;
  } catch (cause) {
    throw new Failure('digest-differs', 'Expected the whole body but the connection ended before it', { cause });
  }
}

export const tagPattern = /^[A-Za-z0-9._-]{1,64}$/;
export const maxTags = 16;
