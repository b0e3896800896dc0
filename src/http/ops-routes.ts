import { Failure } from '../errors.ts';
import type { Sweep } from '../library/sweep.ts';
import { json, queryOf } from './json.ts';
import type { Handler } from './route.ts';

export interface Readiness {
  /** A word for each thing that keeps this node from serving; empty = ready. */
  check(): Promise<readonly string[]>;
}

/** `GET /livez`: the process answers. */
export function livez(): Handler {
  return () => json({ status: 'ok' });
}

/** `GET /readyz`: requests may be sent here. */
export function readyz(readiness: Readiness): Handler {
  return async () => {
    const reasons = await readiness.check();
    const ready = reasons.length === 0;
    const headers: Readonly<Record<string, string>> = ready ? {} : { 'Retry-After': '1' };
    return json({ status: ready ? 'ready' : 'not ready', reasons }, ready ? 200 : 503, headers);
  };
}

/** `POST /sweep?dryRun`: the receipt of what went, or would go. */
export function postSweep(sweep: Sweep): Handler {
  return async (context) => {
    const dryRun = queryOf(context, ['dryRun']).get('dryRun');
    if (dryRun !== undefined && dryRun !== '' && dryRun !== 'true' && dryRun !== 'false') {
      throw new Failure('bad-request', 'Expected dryRun alone, or as true or false');
    }
    return json(await sweep.run({ dryRun: dryRun === '' || dryRun === 'true', now: Date.now() }));
  };
}
