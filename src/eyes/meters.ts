import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What a request was and came to; `none` stands for what it did not come to. */
export interface SeenRequest {
  readonly method: string;
  readonly route?: string;
  readonly status: number;
  readonly tier?: string;
  readonly format?: string;
  readonly failure?: string;
  readonly bytes: number;
  readonly milliseconds: number;
  /** Milliseconds of each stage of a render or a read. */
  readonly stages?: Readonly<Record<string, number>>;
}

/** From a hit in memory to a deadline, in seconds. */
const buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

const methods = new Set(['GET', 'HEAD', 'PUT', 'POST', 'PATCH', 'DELETE', 'PURGE', 'OPTIONS']);

/** Every series of `/metrics`, named here and nowhere else. Labels come from tables of ours, never from a stranger. */
export class Meters {
  readonly #registry = new Registry();
  readonly #requests = this.#counter('requests_total', 'Requests answered.', [
    'route',
    'method',
    'status',
    'tier',
    'format',
  ]);
  readonly #seconds = this.#histogram('request_seconds', 'Time until an answer was ready to be sent.', [
    'route',
    'tier',
  ]);
  readonly #bytes = this.#counter('response_bytes_total', 'Bytes of pictures answered.', ['route', 'tier']);
  readonly #refusals = this.#counter('refusals_total', 'Requests refused, by the kind of refusal.', ['failure']);
  readonly #stages = this.#histogram('stage_seconds', 'Time a picture spent in each stage.', ['stage']);
  readonly #stores = this.#histogram('store_seconds', 'Time calls of a store took.', ['store', 'operation']);
  readonly #storeFailures = this.#counter('store_failures_total', 'Calls of a store that failed.', [
    'store',
    'operation',
  ]);
  readonly #workerEnds = this.#counter('worker_ends_total', 'Rendering processes that ended in a task.', ['end']);
  readonly #copies = this.#counter('copy_events_total', 'What became of working copies of originals.', ['event']);
  readonly #jobs = this.#counter('jobs_total', 'Jobs that ended.', ['kind', 'status']);

  /** Of this process itself: CPU, memory, file descriptors, event loop, garbage. Once for a process. */
  watchProcess(): void {
    collectDefaultMetrics({ register: this.#registry });
  }

  request(seen: SeenRequest): void {
    const { route = 'none', status, tier = 'none', format = 'none', failure, stages } = seen;
    const method = methods.has(seen.method) ? seen.method : 'other';
    this.#requests.labels(route, method, String(status), tier, format).inc();
    this.#seconds.labels(route, tier).observe(seen.milliseconds / 1000);
    if (seen.bytes > 0) this.#bytes.labels(route, tier).inc(seen.bytes);
    if (failure !== undefined) this.#refusals.labels(failure).inc();
    for (const [stage, milliseconds] of Object.entries(stages ?? {})) {
      this.#stages.labels(stage).observe(milliseconds / 1000);
    }
  }

  /** To be told of the calls of a store that goes by this name. */
  ofStore(store: string) {
    return (operation: string, seconds: number, failed: boolean): void => {
      this.#stores.labels(store, operation).observe(seconds);
      if (failed) this.#storeFailures.labels(store, operation).inc();
    };
  }

  workerEnded(end: string): void {
    this.#workerEnds.labels(end).inc();
  }

  /** Of a working copy: made, used, lost (damaged or gone, so that the original was read), evicted. */
  copySeen(event: string): void {
    this.#copies.labels(event).inc();
  }

  jobEnded(kind: string, status: string): void {
    this.#jobs.labels(kind, status).inc();
  }

  /** A number that is read whenever somebody looks. */
  gauge(name: string, help: string, read: () => number): void {
    const collect = (): void => gauge.set(read());
    const gauge = new Gauge({ name: `tintype_${name}`, help, registers: [], collect });
    this.#registry.registerMetric(gauge);
  }

  /** Prometheus' text format, and its media type. */
  async read(): Promise<{ readonly mediaType: string; readonly text: string }> {
    return { mediaType: this.#registry.contentType, text: await this.#registry.metrics() };
  }

  #counter<T extends string>(name: string, help: string, labelNames: T[]): Counter<T> {
    return new Counter({ name: `tintype_${name}`, help, labelNames, registers: [this.#registry] });
  }

  #histogram<T extends string>(name: string, help: string, labelNames: T[]): Histogram<T> {
    return new Histogram({ name: `tintype_${name}`, help, labelNames, buckets, registers: [this.#registry] });
  }
}
