import type { Handler } from './route.ts';

export interface Readiness {
  /** A word for each thing that keeps this node from serving; empty = ready. */
  check(): Promise<readonly string[]>;
}

const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' } as const;

/** `GET /livez`: the process answers. */
export function livez(): Handler {
  return () => new Response('{"status":"ok"}', { headers });
}

/** `GET /readyz`: requests may be sent here. */
export function readyz(readiness: Readiness): Handler {
  return async () => {
    const reasons = await readiness.check();
    const body = JSON.stringify({ status: reasons.length === 0 ? 'ready' : 'not ready', reasons });
    return new Response(body, { status: reasons.length === 0 ? 200 : 503, headers });
  };
}
