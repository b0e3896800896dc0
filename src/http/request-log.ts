import type { HttpContext } from './route.ts';

/** One line per request, in the glossary's words. */
export interface RequestLine {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly bytes: number;
  readonly milliseconds: number;
  readonly id?: string;
  readonly route?: string;
  readonly tier?: string;
  readonly format?: string;
  readonly stages?: Readonly<Record<string, number>>;
  /** Of whoever asked (W3C Trace Context): finds the line in a trace. */
  readonly traceparent?: string;
  readonly failure?: string;
  /** Lines of this kind that were left out before it. */
  readonly skipped?: number;
}

/** Longest piece of a stranger's text in a log line. */
const longest = 200;

/** A path without its query, its signature, its upload token and most of its length. */
function shown(path: string): string {
  return path
    .slice(0, longest)
    .replace(/\/s--[^/]*/, '/s--…')
    .replace(/^\/uploads\/.+/, '/uploads/…')
    .replaceAll(/[^ -~…]/g, visible);
}

/** Control characters of a terminal among them. */
const visible = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

export function requestLine(context: HttpContext, path: string, status: number, begun: number): RequestLine {
  const traceparent = traceparentOf(context);
  const { id, route, tier, format, stages, bytes, failure } = context.var;
  return {
    method: context.req.method,
    path: shown(path),
    status,
    bytes: bytes ?? 0,
    milliseconds: Math.round((performance.now() - begun) * 10) / 10,
    ...(id === undefined ? {} : { id }),
    ...(route === undefined ? {} : { route }),
    ...(tier === undefined ? {} : { tier }),
    ...(format === undefined ? {} : { format }),
    ...(stages === undefined ? {} : { stages }),
    ...(failure === undefined ? {} : { failure }),
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}

/** Version, trace, span and flags; anything else is no trace context. */
function traceparentOf(context: HttpContext): string | undefined {
  const sent = context.req.header('traceparent');
  return sent !== undefined && /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(sent) ? sent : undefined;
}

/** Of a request that was refused before it had a route; what could not be read is empty. */
export function refusedLine(
  { method = '', url = '' }: { readonly method?: string | undefined; readonly url?: string | undefined },
  status: number,
  failure: string,
): RequestLine {
  return { method, path: shown(url.split('?', 1)[0] ?? ''), status, bytes: 0, milliseconds: 0, failure };
}
