import { Failure } from '../errors.ts';
import { json } from './message/json.ts';
import { problem } from './message/problem.ts';
import { parseTarget } from './message/route.ts';
import type { Fetch } from './router.ts';

/** What a server answers before its rooms are open: that it lives, that it is not ready, and when to come back. */
export const answerWhileStarting: Fetch = (request, bindings) => {
  const { path } = parseTarget(bindings?.incoming?.url ?? request.url);
  const later = { 'Retry-After': '1' };
  if (path === '/livez') return json({ status: 'ok' });
  if (path === '/readyz') return json({ status: 'not ready', reasons: ['starting'] }, 503, later);
  const failure = new Failure('overloaded', 'Expected a server that has started but this one is about to', {
    headers: later,
  });
  return problem(failure, { negativeTtl: 0 });
};
