import { Failure, type FailureKind, failures } from '../../errors.ts';
import { readableByAll } from './cors.ts';
import { securityHeaders } from './security-headers.ts';

/** Lifetimes that configuration may change. */
export interface ProblemOptions {
  /** Seconds a missing original may be remembered. */
  readonly negativeTtl: number;
}

/** The answer to a failure: problem+json (RFC 9457) with the status and lifetime of its kind. */
export function problem(
  failure: Failure,
  options: ProblemOptions,
  extra: Readonly<Record<string, string>> = {},
): Response {
  return new Response(problemText(failure), {
    status: failures[failure.kind].status,
    headers: {
      'Content-Type': 'application/problem+json',
      'Cache-Control': lifetimeOf(failure.kind, options),
      ...securityHeaders,
      ...readableByAll,
      'Cross-Origin-Resource-Policy': 'cross-origin',
      ...extra,
      ...failure.headers,
    },
  });
}

export function problemText({ kind, message, mistakes, more }: Failure): string {
  const { status, title } = failures[kind];
  return JSON.stringify({
    type: 'about:blank',
    title,
    status,
    code: kind,
    detail: message,
    ...(mistakes.length === 0 ? {} : { mistakes, more }),
  });
}

export function lifetimeOf(kind: FailureKind, { negativeTtl }: ProblemOptions): string {
  return kind === 'missing-original' ? `public, max-age=${negativeTtl}` : failures[kind].cacheControl;
}

/** Anything that is no Failure is our own fault: shown as such, told to nobody. */
export function asFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  return new Failure('internal', 'Something went wrong on our side; the log has the details', { cause: thrown });
}
