import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { withOldNames } from './deprecated-metrics.ts';
import { buckets, type ObservedRequest, RequestMetrics } from './request-metrics.ts';

/** Metrics of `/metrics`, with those of `RequestMetrics`. Labels come from our own tables, never from client input. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests = new RequestMetrics(this.#registry);
  readonly #refusals = this.#counter('refusals_total', 'Requests that failed, by the kind of failure.', ['failure']);
  readonly #stages = this.#histogram('stage_duration_seconds', 'Time an image spent in each stage.', ['stage']);
  readonly #stores = this.#histogram('store_duration_seconds', 'Duration of store calls.', ['store', 'operation']);
  readonly #storeFailures = this.#counter('store_failures_total', 'Store calls that failed.', ['store', 'operation']);
  readonly #workerEnds = this.#counter('worker_ends_total', 'Worker processes that ended during a task.', ['end']);
  readonly #copies = this.#counter('copy_events_total', 'Events of working copies of originals.', ['event']);
  readonly #jobs = this.#counter('jobs_total', 'Jobs that ended.', ['kind', 'status']);
  readonly #damaged = this.#counter(
    'damaged_reads_total',
    'Records and messages that were read and are damaged or of an unknown shape, by kind.',
    ['kind'],
  );
  readonly #deprecated = this.#counter('deprecated_total', 'Uses of deprecated names.', ['name']);

  /**
   * Adds the metrics of this process: CPU, memory, file descriptors, event loop, garbage collection. Call it once per
   * process.
   */
  watchProcess(): void {
    collectDefaultMetrics({ register: this.#registry });
  }

  /** Adds the number of dropped log lines. */
  watchLog(log: { readonly dropped: number }): void {
    const collect = (): void => {
      lines.reset();
      lines.inc(log.dropped);
    };
    const help = 'Log lines dropped because the reader of stdout was slow or the disk full.';
    const lines = new Counter({ name: 'tintype_log_lines_dropped_total', help, registers: [this.#registry], collect });
  }

  request(seen: ObservedRequest): void {
    const { failure, stages } = seen;
    this.#requests.count(seen);
    if (failure !== undefined) this.#refusals.labels(failure).inc();
    if (stages === undefined) return;
    for (const [stage, milliseconds] of Object.entries(stages)) {
      this.#stages.labels(stage).observe(milliseconds / 1000);
    }
  }

  /** Returns a function that records each call of the store with this name. */
  ofStore(store: string) {
    return (operation: string, seconds: number, failed: boolean): void => {
      this.#stores.labels(store, operation).observe(seconds);
      if (failed) this.#storeFailures.labels(store, operation).inc();
    };
  }

  workerEnded(end: string): void {
    this.#workerEnds.labels(end).inc();
  }

  /** Counts an event of a working copy: made, used, lost (damaged or missing, so the original was read), evicted. */
  copySeen(event: string): void {
    this.#copies.labels(event).inc();
  }

  jobEnded(kind: string, status: string): void {
    this.#jobs.labels(kind, status).inc();
  }

  damagedRead(kind: 'original' | 'job' | 'decision' | 'upload-token' | 'message'): void {
    this.#damaged.labels(kind).inc();
  }

  deprecatedNameUsed(name: string): void {
    this.#deprecated.labels(name).inc();
  }

  /** Registers a gauge whose value `read` returns at each scrape. */
  gauge(name: string, help: string, read: () => number): void {
    const collect = (): void => gauge.set(read());
    const gauge = new Gauge({ name: `tintype_${name}`, help, registers: [], collect });
    this.#registry.registerMetric(gauge);
  }

  /** Returns all metrics in Prometheus' text format, and its media type. */
  async read(): Promise<{ readonly mediaType: string; readonly text: string }> {
    return {
      mediaType: this.#registry.contentType,
      text: withOldNames((await this.#registry.metrics()) + this.#requests.text()),
    };
  }

  #counter<T extends string>(name: string, help: string, labelNames: T[]): Counter<T> {
    return new Counter({ name: `tintype_${name}`, help, labelNames, registers: [this.#registry] });
  }

  #histogram<T extends string>(name: string, help: string, labelNames: T[]): Histogram<T> {
    return new Histogram({
      name: `tintype_${name}`,
      help,
      labelNames,
      buckets: [...buckets],
      registers: [this.#registry],
    });
  }
}
