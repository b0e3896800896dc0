import type { Config } from '../config/index.ts';
import { showJob } from '../http/admin/jobs-routes.ts';
import { openQueue } from '../jobs/index.ts';
import type { Job, JobQueue } from '../jobs/job-queue.ts';
import { sendWebhook, type Webhook, webhookFor } from '../jobs/webhook.ts';
import type { Sweep } from '../library/maintenance/sweep.ts';
import type { SweepClock } from '../library/maintenance/sweep-clock.ts';
import { runSweepJob, sweepJobOfPeriod } from '../library/maintenance/sweep-job.ts';
import { runVariantsJob } from '../library/maintenance/variant-jobs.ts';
import { runWarmUpJob, type WarmUpOptions } from '../library/maintenance/warm-up.ts';
import type { Listing } from '../library/originals/listing.ts';
import type { Originals } from '../library/originals/originals.ts';
import type { Purge } from '../library/purging/purge.ts';
import type { EagerVariants } from '../library/selection/eager.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { Report } from '../observability/report.ts';
import type { BlobStore } from '../store/blob-store.ts';
import type { UploadFiles } from '../store/upload-files.ts';
import type { CdnPurging } from './cdn-purging.ts';

/** Jobs under way at once; their renders are bounded by the gate. */
const jobsAtOnce = 8;

export interface BackgroundOptions {
  readonly cdnPurging: CdnPurging;
  readonly purge: Purge;
  readonly config: Config;
  readonly store: BlobStore;
  /** Whether other nodes work on the store too. */
  readonly isShared: boolean;
  readonly originals: Originals;
  readonly eager: EagerVariants;
  readonly listing: Listing;
  readonly pictures: WarmUpOptions['pictures'];
  readonly sourceListing: WarmUpOptions['source'];
  readonly sweep: Sweep;
  readonly clock: SweepClock;
  readonly uploads: UploadFiles;
  readonly metrics: Metrics;
  readonly report: Report;
}

export interface BackgroundWork {
  readonly jobs: JobQueue;
  close(): Promise<void>;
}

/** Starts background work: the job queue, a handler for each kind of job, and the periodic sweep. */
export async function startBackground(parts: BackgroundOptions): Promise<BackgroundWork> {
  const { config, store, isShared, originals, eager, listing, sweep, clock, uploads, metrics, report } = parts;
  const webhook = webhookOf(config);
  const trustedNow = () => (clock.state === 'ok' ? clock.now : null);
  const onDamaged = () => metrics.damagedRead('job');
  const kept = { store, sole: !isShared, concurrency: jobsAtOnce, trustedNow, report, onDamaged };
  const jobs = await openQueue(kept, config.redis);
  parts.cdnPurging.connect((job) => jobs.add(job));
  jobs.start({
    handlers: {
      variants: runVariantsJob({ originals, eager }),
      'warm-up': runWarmUpJob({ listing, eager, pictures: parts.pictures, source: parts.sourceListing }),
      sweep: runSweepJob(sweep),
      purge: parts.purge.handler,
      cdn: parts.cdnPurging.handler,
      ...(webhook === null ? {} : { webhook: sendWebhook(webhook) }),
    },
    ended: async (job) => {
      metrics.jobEnded(job.kind, job.status);
      if (webhook !== null && isAskedFor(job)) await jobs.add(webhookFor(job, showJob(job)));
    },
  });
  const sweeping = everyPeriod(config.sweepEvery, (now) =>
    // The job runs on one node, and every node has temporary files of its own.
    Promise.all([jobs.add(sweepJobOfPeriod(now, config.sweepEvery)), uploads.sweep()]).catch((cause: unknown) =>
      report('The sweep could not be begun', cause),
    ),
  );
  const close = async () => {
    sweeping.stop();
    await jobs.close();
  };
  return { jobs, close };
}

/** Throws one sentence where there is nothing to sign with. */
function webhookOf({ webhook: url, webhookSecret: secret }: Config): Webhook | null {
  if (url !== null && secret === null) throw new Error('Expected TINTYPE_WEBHOOK_SECRET beside TINTYPE_WEBHOOK');
  return url === null || secret === null ? null : { url, secret };
}

/** Jobs that some client waits for. */
const isAskedFor = ({ kind }: Job) => kind === 'variants' || kind === 'warm-up';

/** Does something at the end of every period, at the same time on all nodes, without keeping the process alive; 0 ms: never. */
function everyPeriod(period: number, work: (now: number) => Promise<unknown>) {
  let timer: NodeJS.Timeout | undefined;
  const again = () => {
    next();
    void work(Date.now());
  };
  const next = () => {
    timer = setTimeout(again, period - (Date.now() % period)).unref();
  };
  if (period > 0) next();
  return { stop: () => clearTimeout(timer) };
}
