import { SpanStatusCode } from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Running, solid, startTintype } from '../support/tintype.ts';

const exported = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exported)] });
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const caller = '00f067aa0ba902b7';

let server: Running;
beforeAll(async () => {
  provider.register();
  server = await startTintype({ TINTYPE_WORKERS: 'none' });
  await server.put('cat', await solid('#00ff00'));
});
beforeEach(() => exported.reset());
afterAll(async () => {
  await server.close();
  await provider.shutdown();
});

const spans = () => exported.getFinishedSpans();
const named = (name: string) => spans().find((span) => span.name === name);

describe("OpenTelemetry's SDK, once registered, hears", () => {
  it("of a request as a part of its caller's trace, with a span for each stage inside it", async () => {
    await server.get('/img/cat/w_9,f_webp', { traceparent: `00-${traceId}-${caller}-01` });
    const request = named('GET /img/*');
    expect(request?.spanContext().traceId).toBe(traceId);
    expect(request?.parentSpanContext?.spanId).toBe(caller);
    expect(request?.attributes).toMatchObject({
      'http.request.method': 'GET',
      'http.route': '/img/*',
      'http.response.status_code': 200,
      'tintype.tier': 'render',
      'tintype.format': 'webp',
    });
    for (const stage of ['store', 'queue', 'render']) {
      expect(named(stage)?.parentSpanContext?.spanId, stage).toBe(request?.spanContext().spanId);
    }
    expect(server.log.at(-1)).toMatchObject({ traceparent: `00-${traceId}-${caller}-01` });
  });

  it('of a hit as one span', async () => {
    await server.get('/img/cat/w_9,f_webp');
    expect(spans().map(({ name }) => name)).toEqual(['GET /img/*']);
  });

  it('of refusals by kind, as errors only where they are our own fault', async () => {
    await server.get('/img/nobody/w_9');
    expect(named('GET /img/*')?.attributes).toMatchObject({ 'error.type': 'missing-original' });
    expect(named('GET /img/*')?.status.code).toBe(SpanStatusCode.UNSET);
  });

  it('of what is our own fault as an error', async () => {
    await server.put('bad', await solid('#00ff00'));
    const { store } = server.tintype;
    const { entries } = await store.list('o/bad/', { limit: 10 });
    await store.delete(entries.map(({ key }) => key).filter((key) => !key.endsWith('current.json')));
    exported.reset();
    await server.get('/img/bad/w_9');
    expect(named('GET /img/*')?.attributes).toMatchObject({ 'error.type': 'damaged-original' });
    expect(named('GET /img/*')?.status.code).toBe(SpanStatusCode.ERROR);
  });

  it('nothing of a trace context that is none', async () => {
    await server.get('/img/cat/w_9,f_webp', { traceparent: 'DROP TABLE' });
    expect(named('GET /img/*')?.parentSpanContext).toBeUndefined();
    expect(JSON.parse(JSON.stringify(server.log.at(-1)))).not.toHaveProperty('traceparent');
  });
});
