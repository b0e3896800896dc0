import type { Context } from 'hono';
import type { OperationDoc } from './operation-docs.ts';

export type Scope = 'read' | 'write' | 'purge';
/** `signature`: everyone while no keys are set, else who has a signed URL · `signature or read`: or a token. */
export type Auth = 'public' | 'signature' | 'signature or read' | Scope;

/** The little of node's request that hono does not hand on: the target as it was sent, and who sent it. */
export interface Bindings {
  readonly incoming?: {
    readonly url?: string | undefined;
    readonly socket?:
      | {
          readonly remoteAddress?: string | undefined;
          /** Where it was asked. */
          readonly localAddress?: string | undefined;
          readonly localPort?: number | undefined;
        }
      | undefined;
  };
  /** Closed once its answer was handed on, or its connection is gone. */
  readonly outgoing?: { once(event: 'close', listener: () => void): unknown };
}

/** What a request leaves for its log line. */
export interface Variables {
  id?: string;
  /** The pattern of the route that answers. */
  route?: string;
  tier?: string;
  format?: string;
  /** Milliseconds by what they were spent on. */
  stages?: Readonly<Record<string, number>>;
  /** Whether the answer depends on Accept; not known before the URL was read. */
  varies?: boolean;
  bytes?: number;
  /** Whether the URL carries a signature of ours; not set where none is needed. */
  signed?: boolean;
  /** Unix seconds until which the URL is answered. */
  expires?: number;
  failure?: string;
}

export interface Env {
  Bindings: Bindings;
  Variables: Variables;
}

export type HttpContext = Context<Env>;
export type Handler = (context: HttpContext) => Response | Promise<Response>;

/** What a route does, and what its callers are told of it. */
export interface Operation {
  readonly doc: OperationDoc;
  readonly handle: Handler;
}

export type Method = 'GET' | 'HEAD' | 'PUT' | 'POST' | 'PATCH' | 'DELETE' | 'PURGE';

/** One line of the interface: the router, the 405s, access and the OpenAPI document are made from it. */
export interface Route extends Operation {
  readonly methods: readonly Method[];
  /** hono's spelling. */
  readonly path: string;
  readonly auth: Auth;
}

export function route(methods: Route['methods'], path: string, who: Auth, operation: Operation): Route {
  return { methods, path, auth: who, ...operation };
}

export interface Target {
  /** Raw, as it was sent, without the query. */
  readonly path: string;
  /** Without the question mark; empty when there is none. */
  readonly query: string;
}

/** The request target as it was sent: never decoded, never normalised, without the authority of an absolute form. */
export function requestTarget(context: HttpContext): Target {
  return parseTarget(context.env?.incoming?.url ?? context.req.url);
}

export function parseTarget(sent: string): Target {
  const target = sent.startsWith('/') ? sent : sent.replace(/^[a-z]+:\/\/[^/?#]*/i, '');
  const mark = target.indexOf('?');
  const path = mark === -1 ? target : target.slice(0, mark);
  // RFC 9112 §3.2.1: an absolute form may leave the path out.
  return { path: path === '' ? '/' : path, query: mark === -1 ? '' : target.slice(mark + 1) };
}
