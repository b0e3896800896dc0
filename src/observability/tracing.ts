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
  /** Header of the caller's span (W3C Trace Context), as received. */
  readonly traceparent?: string | undefined;
}

/**
 * Records OpenTelemetry spans for a finished request: one for it and one for each stage, in order. The values equal
 * those of the log line and `Server-Timing`. Does nothing unless an SDK is registered (`node --import ./tracing.js`).
 */
export function recordTrace(seen: TracedRequest): void {
  if (!hasTracer()) return;
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
  // OpenTelemetry's HTTP conventions: only a server error sets the error status.
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

/** Whether an SDK is registered. Checked for each request, because an SDK may register late. */
function hasTracer(): boolean {
  const provider = trace.getTracerProvider();
  return !(provider instanceof ProxyTracerProvider) || provider.getDelegateTracer('tintype') !== undefined;
}
