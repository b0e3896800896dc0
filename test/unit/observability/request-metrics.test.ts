import { Histogram, Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { buckets, RequestMetrics } from '../../../src/observability/request-metrics.ts';

const linesOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .toSorted();

it("The times of requests are told as prom-client's own histogram would tell them", async () => {
  const registry = new Registry();
  const tally = new RequestMetrics(new Registry());
  const theirs = new Histogram({
    name: 'tintype_request_duration_seconds',
    help: 'Time until a response was ready to be sent.',
    labelNames: ['route', 'tier'],
    buckets: [...buckets],
    registers: [registry],
  });
  // On a bound, between two, above all; and a prefix of an operator's own.
  for (const milliseconds of [0, 0.5, 0.75, 250, 31_000, 250]) {
    for (const [route, tier] of [
      ['/img/*', 'memory'],
      ['/a"b\\c/*', 'render'],
    ] as const) {
      tally.count({ method: 'GET', route, tier, status: 200, bytes: 1, milliseconds });
      theirs.labels(route, tier).observe(milliseconds / 1000);
    }
  }
  expect(linesOf(tally.text())).toEqual(linesOf(await registry.metrics()));
});
