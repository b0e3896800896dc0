import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { withOldNames } from './deprecated-metrics.ts';
import { buckets, type ObservedRequest, RequestMetrics } from './request-metrics.ts';

/** Every series of `/metrics`, named here and in the tally of requests. Labels come from tables of ours, never from a stranger. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests = new RequestMetrics(this.#registry);
  readonly #refusals = this.#counter('refusals_total', 'Requests refused, by the kind of refusal.', ['failure']);
  readonly #stages = this.#histogram('stage_duration_seconds', 'Time a picture spent in each stage.', ['stage']);
  readonly #stores = this.#histogram('store_duration_seconds', 'Time calls of a store took.', ['store', 'operation']);
  readonly #storeFailures = this.#counter('store_failures_total', 'Calls of a store that failed.', [
    'store',
    'operation',
  ]);
  readonly #workerEnds = this.#counter('worker_ends_total', 'Rendering processes that ended in a task.', ['end']);
  readonly #copies = this.#counter('copy_events_total', 'What became of working copies of originals.', ['event']);
  readonly #jobs = this.#counter('jobs_total', 'Jobs that ended.', ['kind', 'status']);
  readonly #damaged = this.#counter(
    'damaged_reads_total',
    'Records and messages that were read and are damaged or of an unknown shape, by kind.',
    ['kind'],
  );
  readonly #deprecated = this.#counter('deprecated_total', 'Uses of deprecated names.', ['name']);

  /** Of this process itself: CPU, memory, file descriptors, event loop, garbage. Once for a process. */
  watchProcess(): void {
    collectDefaultMetrics({ register: this.#registry });
  }

  /** Lines of the log that a slow reader, or a full disk, has cost since the start. */
  watchLog(log: { readonly dropped: number }): void {
    const collect = (): void => {
      lines.reset();
      lines.inc(log.dropped);
    };
    const help = 'Lines of the log that were dropped: the reader of stdout was slow, or the disk full.';
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

  /** Registers a gauge that `read` answers at each scrape. */
  gauge(name: string, help: string, read: () => number): void {
    const collect = (): void => gauge.set(read());
    const gauge = new Gauge({ name: `tintype_${name}`, help, registers: [], collect });
    this.#registry.registerMetric(gauge);
  }

  /** Prometheus' text format, and its media type. */
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
