import {
  ProxyTracerProvider,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type TimeInput,
  trace,
} from '@opentelemetry/api';
import type { ObservedRequest } from './request-metrics.ts';

export interface TracedRequest extends ObservedRequest {
  readonly path: string;
  /** Of the caller's span (W3C Trace Context), as it was sent. */
  readonly traceparent?: string | undefined;
}

/**
 * Tells OpenTelemetry of a request that has just ended: a span for it and one for each stage, in their order. They are what
 * the log line and `Server-Timing` say, so nothing has to be carried along meanwhile. Does nothing until whoever runs the
 * server has registered an SDK (`node --import ./tracing.js`).
 */
export function recordTrace(seen: TracedRequest): void {
  if (!isHeard()) return;
  const { method, route, path, status, tier, format, failure, bytes, milliseconds, stages = {}, traceparent } = seen;
  const tracer = trace.getTracer('tintype');
  const end = Date.now();
  const begun = end - milliseconds;
  const caller = traceparent === undefined ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, { traceparent });
  const attributes = {
    'http.request.method': method,
    'url.path': path,
    'http.response.status_code': status,
    'http.response.body.size': bytes,
    ...(route === undefined ? {} : { 'http.route': route }),
    ...(tier === undefined ? {} : { 'tintype.tier': tier }),
    ...(format === undefined ? {} : { 'tintype.format': format }),
    ...(failure === undefined ? {} : { 'error.type': failure }),
  };
  const name = route === undefined ? method : `${method} ${route}`;
  const span = tracer.startSpan(name, { kind: SpanKind.SERVER, startTime: begun, attributes }, caller);
  // OpenTelemetry's HTTP conventions: only what is the server's own fault is an error.
  if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  const inside = trace.setSpan(caller, span);
  let at: TimeInput & number = begun;
  for (const [stage, spent] of Object.entries(stages)) {
    const child = tracer.startSpan(stage, { startTime: at }, inside);
    at += spent;
    child.end(at);
  }
  span.end(end);
}

/** Whether an SDK is registered; asked each time, since it may come late, and before anything that costs. */
function isHeard(): boolean {
  const provider = trace.getTracerProvider();
  return !(provider instanceof ProxyTracerProvider) || provider.getDelegateTracer('tintype') !== undefined;
}
