import { Failure, type FailureKind, failures } from '../../errors.ts';
import { readableByAll } from './cors.ts';
import { securityHeaders } from './security-headers.ts';

/** Lifetimes that configuration may change. */
export interface ProblemOptions {
  /** Seconds a missing original may be remembered. */
  readonly negativeTtl: number;
}

/** What an answer to a failure has beside its sentence. */
export interface ProblemExtras {
  readonly headers?: Readonly<Record<string, string>>;
  /** The path that is right instead. */
  readonly suggestion?: string | null;
  /** Sent instead of JSON. */
  readonly page?: { readonly html: string; readonly policy: string };
}

/** The answer to a failure: problem+json (RFC 9457) or a page, with the status and lifetime of its kind. */
export function problem(
  failure: Failure,
  options: ProblemOptions,
  { headers = {}, suggestion = null, page }: ProblemExtras = {},
): Response {
  return new Response(page?.html ?? problemText(failure, suggestion), {
    status: failures[failure.kind].status,
    headers: {
      'Content-Type': page === undefined ? 'application/problem+json' : 'text/html; charset=utf-8',
      'Cache-Control': lifetimeOf(failure.kind, options),
      ...securityHeaders,
      ...readableByAll,
      'Cross-Origin-Resource-Policy': 'cross-origin',
      ...(page === undefined ? {} : { 'Content-Security-Policy': page.policy }),
      ...headers,
      ...failure.headers,
    },
  });
}

export function problemText({ kind, message, mistakes, more }: Failure, suggestion: string | null = null): string {
  const { status, title } = failures[kind];
  return JSON.stringify({
    type: 'about:blank',
    title,
    status,
    code: kind,
    detail: message,
    ...(mistakes.length === 0 ? {} : { mistakes, more }),
    ...(suggestion === null ? {} : { suggestion }),
  });
}

export function lifetimeOf(kind: FailureKind, { negativeTtl }: ProblemOptions): string {
  return kind === 'missing-original' ? `public, max-age=${negativeTtl}` : failures[kind].cacheControl;
}

/** Turns any other error into an `internal` failure, whose cause stays out of the answer. */
export function asFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  return new Failure('internal', 'Something went wrong on our side; the log has the details', { cause: thrown });
}
