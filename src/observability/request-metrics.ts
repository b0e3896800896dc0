import { Counter, type Registry } from 'prom-client';

/** A finished request. Absent fields are counted under the label `none`. */
export interface ObservedRequest {
  readonly method: string;
  readonly route?: string | undefined;
  readonly status: number;
  readonly tier?: string | undefined;
  readonly format?: string | undefined;
  readonly failure?: string | undefined;
  readonly bytes: number;
  readonly milliseconds: number;
  /** Milliseconds of each stage of a render or a read. */
  readonly stages?: Readonly<Record<string, number>> | undefined;
}

/** Histogram buckets in seconds, from a memory hit to a timeout. */
export const buckets: readonly number[] = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
];

const methods = new Set(['GET', 'HEAD', 'PUT', 'POST', 'PATCH', 'DELETE', 'PURGE', 'OPTIONS']);

/** Counters of requests with equal labels. */
interface Alike {
  readonly labels: Readonly<Record<'route' | 'method' | 'status' | 'tier' | 'format', string>>;
  readonly times: Times;
  requests: number;
  bytes: number;
}

/** Duration histogram of requests with equal route and tier. */
interface Times {
  readonly labels: string;
  /** Requests per bucket; the last element counts those above all buckets. */
  readonly counts: Float64Array;
  seconds: number;
}

/** Counts requests. It runs on every hit, so one key finds all counters of a request. */
export class RequestMetrics {
  readonly #alike = new Map<string, Alike>();
  readonly #times = new Map<string, Times>();

  constructor(registry: Registry) {
    const labelNames = ['route', 'method', 'status', 'tier', 'format'];
    const requests = new Counter({
      name: 'tintype_requests_total',
      help: 'Requests that were answered.',
      labelNames,
      registers: [registry],
      collect: () => {
        requests.reset();
        for (const { labels, requests: count } of this.#alike.values()) requests.inc(labels, count);
      },
    });
    const bytes = new Counter({
      name: 'tintype_response_bytes_total',
      help: 'Bytes of image responses.',
      labelNames: ['route', 'tier'],
      registers: [registry],
      collect: () => {
        bytes.reset();
        for (const { labels, bytes: sent } of this.#alike.values()) {
          if (sent > 0) bytes.inc({ route: labels.route, tier: labels.tier }, sent);
        }
      },
    });
  }

  count(seen: ObservedRequest): void {
    const { route = 'none', status, tier = 'none', format = 'none', bytes, milliseconds } = seen;
    const method = methods.has(seen.method) ? seen.method : 'other';
    const key = `${route} ${method} ${status} ${tier} ${format}`;
    let alike = this.#alike.get(key);
    if (alike === undefined) {
      const labels = { route, method, status: String(status), tier, format };
      alike = { labels, times: this.#timesOf(route, tier), requests: 0, bytes: 0 };
      this.#alike.set(key, alike);
    }
    alike.requests += 1;
    alike.bytes += bytes;
    observe(alike.times, milliseconds / 1000);
  }

  /** Returns `tintype_request_duration_seconds` in Prometheus' text format. */
  text(): string {
    const name = 'tintype_request_duration_seconds';
    const head = [`# HELP ${name} Time until a response was ready to be sent.`, `# TYPE ${name} histogram`];
    const series = [...this.#times.values()].flatMap(({ labels, counts, seconds }) => {
      let sum = 0;
      const rows = [...counts].map((count, index) => {
        sum += count;
        return `${name}_bucket{le="${buckets[index] ?? '+Inf'}",${labels}} ${sum}`;
      });
      return [...rows, `${name}_sum{${labels}} ${seconds}`, `${name}_count{${labels}} ${sum}`];
    });
    return [...head, ...series, ''].join('\n');
  }

  #timesOf(route: string, tier: string): Times {
    // JSON escapes label values as Prometheus requires.
    const labels = `route=${JSON.stringify(route)},tier=${JSON.stringify(tier)}`;
    const times = this.#times.get(labels) ?? { labels, counts: new Float64Array(buckets.length + 1), seconds: 0 };
    this.#times.set(labels, times);
    return times;
  }
}

function observe(times: Times, seconds: number): void {
  let bucket = 0;
  while (seconds > (buckets[bucket] ?? Number.POSITIVE_INFINITY)) bucket += 1;
  times.counts[bucket] = (times.counts[bucket] ?? 0) + 1;
  times.seconds += seconds;
}
