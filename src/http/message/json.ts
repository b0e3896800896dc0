import { createHash } from 'node:crypto';
import { Failure, shorten } from '../../errors.ts';
import { isFresh } from './conditional.ts';
import { type HttpContext, requestTarget } from './route.ts';

/** A JSON answer that must not be cached. */
export function json(body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      'Content-Type': 'application/json',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      ...headers,
    },
  });
}

/** JSON with an ETag of its text; 304 where the client has it. `headers` say how long it may be kept. */
export function cacheableJson(
  context: HttpContext,
  body: unknown,
  headers: Readonly<Record<string, string>>,
): Response {
  const etag = `"${createHash('sha256').update(JSON.stringify(body)).digest('base64url').slice(0, 22)}"`;
  const all = { ...headers, ETag: etag };
  return isFresh(context.req.header('if-none-match'), etag)
    ? new Response(null, { status: 304, headers: all })
    : json(body, 200, all);
}

/** The query of a request that knows these words and no others, each at most once. Throws `bad-request`. */
export function readQuery(context: HttpContext, known: readonly string[]): ReadonlyMap<string, string> {
  const query = [...new URLSearchParams(requestTarget(context).query)];
  const unknown = query.find(([key]) => !known.includes(key));
  if (unknown !== undefined) {
    throw new Failure(
      'bad-request',
      `Unknown query word "${shorten(unknown[0])}", expected one of ${known.join(', ')}`,
    );
  }
  if (new Set(query.map(([key]) => key)).size < query.length) {
    throw new Failure('bad-request', 'Expected each query word only once');
  }
  return new Map(query);
}
