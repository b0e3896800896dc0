import type { Config } from '../config/index.ts';
import type { Meters } from '../observability/metrics.ts';
import type { Front } from './cdn-purging.ts';
import { showJob } from '../http/admin/jobs-routes.ts';
import { openQueue } from '../jobs/index.ts';
import type { Job, JobQueue } from '../jobs/job-queue.ts';
import { sendWebhook, tellingOf, type Webhook } from '../jobs/webhook.ts';
import type { Eager } from '../library/selection/eager.ts';
import type { Forgetting } from '../library/purging/purge.ts';
import type { Listing } from '../library/originals/listing.ts';
import type { Originals } from '../library/originals/originals.ts';
import type { Report } from '../observability/report.ts';
import type { Sweep } from '../library/maintenance/sweep.ts';
import type { SweepClock } from '../library/maintenance/sweep-clock.ts';
import { doSweep, sweepOfPeriod } from '../library/maintenance/sweep-job.ts';
import { makeVariants } from '../library/maintenance/variant-jobs.ts';
import { doWarmUp } from '../library/maintenance/warm-up.ts';
import type { BlobStore } from '../store/blob-store.ts';
import type { UploadFiles } from '../store/upload-files.ts';

/** Jobs under way at once; their renders are bounded by the gate. */
const jobsAtOnce = 8;

export interface BackgroundParts {
  readonly front: Front;
  readonly forgetting: Forgetting;
  readonly config: Config;
  readonly store: BlobStore;
  /** Whether other nodes work on the store too. */
  readonly isShared: boolean;
  readonly originals: Originals;
  readonly eager: Eager;
  readonly listing: Listing;
  readonly sweep: Sweep;
  readonly clock: SweepClock;
  readonly uploads: UploadFiles;
  readonly meters: Meters;
  readonly report: Report;
}

export interface Background {
  readonly jobs: JobQueue;
  close(): Promise<void>;
}

/** Everything that is done while nobody waits: the queue, a handler for every kind of job, and the sweep of every period. */
export async function startBackground(parts: BackgroundParts): Promise<Background> {
  const { config, store, isShared, originals, eager, listing, sweep, clock, uploads, meters, report } = parts;
  const webhook = webhookOf(config);
  const trustedNow = () => (clock.state === 'ok' ? clock.now : null);
  const jobs = await openQueue({ store, sole: !isShared, concurrency: jobsAtOnce, trustedNow, report }, config.redis);
  parts.front.connect((job) => jobs.add(job));
  jobs.start({
    handlers: {
      variants: makeVariants({ originals, eager }),
      'warm-up': doWarmUp({ listing, eager }),
      sweep: doSweep(sweep),
      purge: parts.forgetting.work,
      cdn: parts.front.work,
      ...(webhook === null ? {} : { webhook: sendWebhook(webhook) }),
    },
    ended: async (job) => {
      meters.jobEnded(job.kind, job.status);
      if (webhook !== null && isAskedFor(job)) await jobs.add(tellingOf(job, showJob(job)));
    },
  });
  const sweeping = everyPeriod(config.sweepEvery, (now) =>
    // The job runs on one node, and every node has temporary files of its own.
    Promise.all([jobs.add(sweepOfPeriod(now, config.sweepEvery)), uploads.sweep()]).catch((cause: unknown) =>
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
