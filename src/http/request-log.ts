import type { HttpContext } from './route.ts';

/** One line per request, in the glossary's words. */
export interface RequestLine {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly bytes: number;
  readonly milliseconds: number;
  readonly id?: string;
  readonly tier?: string;
  readonly failure?: string;
}

/** Longest piece of a stranger's text in a log line. */
const longest = 200;

export function requestLine(context: HttpContext, path: string, status: number, begun: number): RequestLine {
  const { id, tier, bytes, failure } = context.var;
  return {
    method: context.req.method,
    path: path.slice(0, longest),
    status,
    bytes: bytes ?? 0,
    milliseconds: Math.round((performance.now() - begun) * 10) / 10,
    ...(id === undefined ? {} : { id }),
    ...(tier === undefined ? {} : { tier }),
    ...(failure === undefined ? {} : { failure }),
  };
}
