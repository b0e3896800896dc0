import type { Auth, Handler, Operation, Route } from './route.ts';

/** On answers that scripts of every origin may read (Fetch standard, CORS protocol); never with credentials. */
export const readableByAll = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers':
    'ETag, Location, Link, Retry-After, Cache-Status, Server-Timing, X-Request-Id, Tintype-Error, Tintype-Quality, Tintype-Bytes, Tintype-Approximated',
} as const;

/** The same operation, with answers that scripts of every origin may read. Refusals are readable anyway. */
export function readable(operation: Operation): Operation {
  const handle: Handler = async (context) => {
    const answer = await operation.handle(context);
    for (const [name, value] of Object.entries(readableByAll)) answer.headers.set(name, value);
    return answer;
  };
  return { ...operation, handle };
}

const open: readonly Auth[] = ['public', 'signature', 'signature or read'];

/**
 * On answers to preflights of one path; nothing where every method needs a token. `*` stands for every request header but
 * `Authorization`. Browsers keep it for a day at most.
 */
export function preflightHeaders(routes: readonly Route[]): Readonly<Record<string, string>> {
  const methods = routes.flatMap((route) => (open.includes(route.auth) ? route.methods : []));
  if (methods.length === 0) return {};
  return {
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Allow-Methods': methods.join(', '),
    'Access-Control-Allow-Headers': '*',
    'Access-Control-Max-Age': '86400',
  };
}
