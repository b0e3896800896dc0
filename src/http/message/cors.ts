import type { Auth, Handler, HttpContext, Operation, Route } from './route.ts';

/** On answers that scripts of every origin may read (Fetch standard, CORS protocol); never with credentials. */
export const readableByAll = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers':
    'ETag, Location, Link, Retry-After, Cache-Status, Server-Timing, X-Request-Id, Tintype-Error, Tintype-Quality, Tintype-Bytes, Tintype-Approximated',
} as const;

/** Lets scripts of every origin read the answers of an operation. Its refusals are readable anyway. */
export function readable(operation: Operation): Operation {
  const handle: Handler = async (context) => {
    const answer = await operation.handle(context);
    for (const [name, value] of Object.entries(readableByAll)) answer.headers.set(name, value);
    return answer;
  };
  return { ...operation, handle };
}

const open: readonly Auth[] = ['public', 'signature', 'signature or read'];
const isOpen = (route: Route) => open.includes(route.auth);

/**
 * Headers of answers to preflights of one path. `*` stands for every request header but `Authorization`. Browsers keep the
 * answer for a day at most. Pages of `origins` (`TINTYPE_CORS`) may use all methods, with a token; others those without one.
 */
export function preflightHeaders(routes: readonly Route[], origins: ReadonlySet<string>) {
  const headersFor = (origin: string, usable: readonly Route[], fields: string) => ({
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Methods': usable.flatMap(({ methods }) => methods).join(', '),
    'Access-Control-Allow-Headers': fields,
    'Access-Control-Max-Age': '86400',
  });
  const openRoutes = routes.filter(isOpen);
  const vary = origins.size === 0 ? {} : { Vary: 'Origin' };
  const others = openRoutes.length === 0 ? vary : { ...headersFor('*', openRoutes, '*'), ...vary };
  return (origin: string | undefined): Readonly<Record<string, string>> =>
    origin !== undefined && origins.has(origin)
      ? { ...headersFor(origin, routes, '*, Authorization'), ...vary }
      : others;
}

/**
 * Answers of token routes to pages of `origins` (`TINTYPE_CORS`): the origin is echoed, never with credentials. `Vary: Origin`
 * stands on all of them, refusals included. Other routes and other methods are left as they are.
 */
export function shareWith(origins: ReadonlySet<string>, routes: readonly Route[], handle: Handler): Handler {
  const methods = new Set<string>(routes.filter((route) => !isOpen(route)).flatMap((route) => route.methods));
  if (origins.size === 0 || methods.size === 0) return handle;
  return (context) => (methods.has(context.req.method) ? shared(origins, handle, context) : handle(context));
}

async function shared(origins: ReadonlySet<string>, handle: Handler, context: HttpContext): Promise<Response> {
  const answer = await handle(context);
  const origin = context.req.header('origin');
  answer.headers.append('Vary', 'Origin');
  if (origin === undefined || !origins.has(origin)) return answer;
  for (const [name, value] of Object.entries(readableByAll)) answer.headers.set(name, value);
  answer.headers.set('Access-Control-Allow-Origin', origin);
  return answer;
}
