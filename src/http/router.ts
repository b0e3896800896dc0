import { Hono } from 'hono';
import { Failure, failures } from '../errors.ts';
import type { Access } from './auth/access.ts';
import { withinExpiry } from './auth/expiry.ts';
import { preflightHeaders, shareWith } from './message/cors.ts';
import { sampler } from './message/log-sampler.ts';
import { asFailure } from './message/problem.ts';
import { type RequestLine, requestLine } from './message/request-log.ts';
import {
  type Bindings,
  type Env,
  type Handler,
  type HttpContext,
  parseTarget,
  type Route,
  requestTarget,
} from './message/route.ts';
import { type RefusalOptions, refusal } from './refusal.ts';

export interface RouterOptions extends RefusalOptions {
  readonly access: Access;
  /** Origins whose pages may use token routes (`TINTYPE_CORS`). */
  readonly origins: ReadonlySet<string>;
  /** What we call ourselves in Via; a request that says it has been with us is refused. */
  readonly pseudonym: string;
  readonly log: (line: RequestLine) => void;
  /** Called with what no one foresaw, or with what is worth an operator's eye. */
  readonly report: (sentence: string, cause: unknown) => void;
}

/** What the router itself adds: see `sampler`. */
interface Answering extends RouterOptions {
  readonly sample: (kind: string) => number | null;
}

export type Fetch = (request: Request, bindings?: Bindings) => Response | Promise<Response>;

/** Answers every request by the route table: access first, 405 with Allow for other methods, problem+json for failures. */
export function router(routes: readonly Route[], given: RouterOptions): Fetch {
  const options: Answering = { ...given, sample: sampler() };
  const app = new Hono<Env>({ getPath: rawPath });
  // One handler for a path: hono runs several in a chain of promises, and a hit has no time for it.
  const handlers = [...byPath(routes)].map(
    ([path, some]) => [path, shareWith(options.origins, some, answered(byMethod(some, options), options))] as const,
  );
  for (const [path, handle] of handlers) app.all(path, handle);
  app.notFound(withSlashes(handlers, answered(noRoute, options)));
  app.onError((thrown, context) => failed(asFailure(thrown), context, options));
  return (request, bindings) => app.fetch(request, bindings);
}

/** Routes are found by the path as it was sent: what a URL parser makes of `/./`, `%2e%2e` or `//` opens nothing. */
function rawPath(request: Request, found?: { readonly env?: Bindings }): string {
  return parseTarget(found?.env?.incoming?.url ?? request.url).path;
}

/** Tokens and signatures are looked at inside the handler's own chain, so no spelling of a path goes around it. */
function guarded({ path, auth, handle }: Route, { access, pseudonym }: RouterOptions): Handler {
  return (context) => {
    context.set('route', path);
    if (context.req.header('via')?.includes(pseudonym) === true) {
      throw new Failure('loop', 'Expected a request of somebody else but received one of our own');
    }
    if (auth !== 'public') access.check(context, auth);
    return handle(context);
  };
}

/** A failure becomes its answer, and every answer one line of the log. */
function answered(handle: Handler, options: Answering): Handler {
  return (context) => {
    const begun = performance.now();
    const finish = (response: Response) => {
      const expires = context.get('expires');
      const finished = expires === undefined ? response : withinExpiry(response, expires);
      options.log(requestLine(context, finished.status, begun));
      return finished;
    };
    const fail = (thrown: unknown) => finish(failed(asFailure(thrown), context, options));
    let answer: Response | Promise<Response>;
    try {
      answer = handle(context);
    } catch (thrown) {
      return fail(thrown);
    }
    // What is at hand is answered in this turn of the event loop.
    return answer instanceof Promise ? answer.then(finish, fail) : finish(answer);
  };
}

function failed(failure: Failure, context: HttpContext, options: Answering): Response {
  context.set('failure', failure.kind);
  if (failures[failure.kind].status >= 500) reportSampled(failure, options);
  return refusal(failure, context, options);
}

/** An error that comes with every request must not fill the disk. */
function reportSampled(failure: Failure, { report, sample }: Answering): void {
  const skipped = sample(failure.kind);
  if (skipped === null) return;
  const others = skipped === 0 ? '' : ` (${skipped} such reports were left out)`;
  report(failure.message + others, failure.cause ?? failure);
}

/** What answers where no route has as many segments: an id of `/originals/` may be spelled with slashes. */
function withSlashes(handlers: readonly (readonly [path: string, handle: Handler])[], otherwise: Handler): Handler {
  const open = handlers
    .filter(([path]) => path.startsWith('/originals/:id'))
    .sort(([a], [b]) => b.length - a.length)
    .map(([path, handle]) => [new RegExp(`^${path.replace(':id', '.+').replace(/:\w+$/, '[^/]+')}$`), handle] as const);
  return (context) => {
    const { path } = requestTarget(context);
    const found = open.find(([pattern]) => pattern.test(path));
    return (found?.[1] ?? otherwise)(context);
  };
}

function noRoute(): never {
  throw new Failure('no-route', 'No such route; /openapi.json lists all there are');
}

function byPath(routes: readonly Route[]): ReadonlyMap<string, readonly Route[]> {
  const found = new Map<string, Route[]>();
  for (const route of routes) found.set(route.path, [...(found.get(route.path) ?? []), route]);
  return found;
}

/** 405 with Allow, or 204 to OPTIONS, for methods that no route of a path has. */
function byMethod(routes: readonly Route[], options: RouterOptions): Handler {
  const handlers = new Map<string, Handler>();
  for (const route of routes) for (const method of route.methods) handlers.set(method, guarded(route, options));
  const allow = [...handlers.keys(), 'OPTIONS'].join(', ');
  const preflight = preflightHeaders(routes, options.origins);
  return (context) => {
    const { method } = context.req;
    const handle = handlers.get(method);
    if (handle !== undefined) return handle(context);
    if (method !== 'OPTIONS') {
      throw new Failure('wrong-method', `Expected one of ${allow}`, { headers: { Allow: allow } });
    }
    // An OPTIONS request without this field is no preflight (Fetch standard), and its answer has no CORS headers.
    const isPreflight = context.req.header('access-control-request-method') !== undefined;
    const cors = isPreflight ? preflight(context.req.header('origin')) : {};
    const headers = { Allow: allow, 'Cache-Control': 'no-store', ...cors };
    return new Response(null, { status: 204, headers });
  };
}
