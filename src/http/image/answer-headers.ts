import type { Obtained } from '../../library/variants/obtained.ts';
import type { AnswerHeaders, Decision } from './decision.ts';

/** Here and elsewhere the common headers stand last: V8 takes 0.4 µs to copy behind others, 5 µs to add behind a copy. */
export function describeTransform({ presentation, headers }: Decision): AnswerHeaders {
  return {
    'Content-Type': presentation.mediaType,
    'Content-Disposition': presentation.disposition,
    'Accept-Ranges': 'none',
    ...headers,
  };
}

/** Of a picture that was found or made; a hit in memory says the same each time, so that is put together once. */
export function imageAnswerHeaders(decision: Decision, found: Obtained, length: number): AnswerHeaders {
  if (found.tier === 'memory' && decision.ready?.length === length) return decision.ready.headers;
  const headers = {
    'Content-Length': String(length),
    'Cache-Status': cacheStatus(found),
    'Server-Timing': serverTiming(found),
    ...describeTransform(decision),
  };
  if (found.tier === 'memory') decision.ready = { length, headers };
  return headers;
}

function cacheStatus({ tier, collapsed, stored }: Obtained): string {
  if (tier !== 'render') return `tintype; hit; detail=${tier}`;
  return `tintype; fwd=miss${collapsed ? '; collapsed' : ''}${stored ? '; stored; detail=render' : '; detail=unsaved'}`;
}

/** To a tenth of a millisecond. */
export function rounded(stages: Obtained['stages']): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(stages).map(([stage, spent]) => [stage, Math.round(spent * 10) / 10]));
}

function serverTiming({ stages }: Obtained): string {
  const parts = Object.entries(stages).map(([stage, milliseconds]) => `${stage};dur=${milliseconds.toFixed(1)}`);
  return parts.length === 0 ? 'memory;dur=0' : parts.join(', ');
}
