import { type HttpContext, requestTarget } from './route.ts';

/** One line per request, in the glossary's words. */
export interface RequestLine {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly bytes: number;
  readonly milliseconds: number;
  readonly id?: string | undefined;
  readonly route?: string | undefined;
  readonly tier?: string | undefined;
  readonly format?: string | undefined;
  readonly stages?: Readonly<Record<string, number>> | undefined;
  /** Of whoever asked (W3C Trace Context): finds the line in a trace. */
  readonly traceparent?: string | undefined;
  readonly failure?: string | undefined;
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

/** What is not known stands in it as undefined, and is not written: one shape for all is cheaper than many. */
export function requestLine(context: HttpContext, status: number, begun: number): RequestLine {
  return {
    method: context.req.method,
    path: shown(requestTarget(context).path),
    status,
    bytes: context.get('bytes') ?? 0,
    milliseconds: Math.round((performance.now() - begun) * 10) / 10,
    id: context.get('id'),
    route: context.get('route'),
    tier: context.get('tier'),
    format: context.get('format'),
    stages: context.get('stages'),
    failure: context.get('failure'),
    traceparent: traceparentOf(context),
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
