import * as v from 'valibot';
import type { Config } from '../config/index.ts';
import { Failure } from '../errors.ts';
import type { JobHandler, Json, NewJob } from '../jobs/job-queue.ts';
import type { Report } from '../observability/report.ts';
import { CdnPurger, type RemainingPurge } from '../purge/edge.ts';
import { openPurgers } from '../purge/index.ts';

/** Longest time in milliseconds that one try of a job spends on a CDN. */
const maxAttemptTime = 60_000;

export interface CdnPurging {
  readonly cdnPurger: CdnPurger;
  /** Has a job done later; answers its id. */
  readonly enqueue: (job: NewJob) => Promise<string>;
  /** Jobs of kind `cdn`: what a CDN was not told at once. */
  readonly handler: JobHandler;
  /** To be called before anything is told. */
  connect(add: (job: NewJob) => Promise<{ readonly id: string }>): void;
}

/** What stands in front of us, and who goes on where it does not answer. `echo` as in `EdgeOptions`. */
export async function openCdnPurging(
  config: Config,
  { echo, report }: { echo: number | null; report: Report },
): Promise<CdnPurging> {
  let add: ((job: NewJob) => Promise<{ readonly id: string }>) | null = null;
  const later = async (job: NewJob) => {
    if (add === null) throw new TypeError('Expected a queue to be connected');
    return (await add(job)).id;
  };
  const tellLater = async (left: RemainingPurge) => `/jobs/${await later({ kind: 'cdn', input: left })}`;
  const cdnPurger = new CdnPurger({
    purgers: await openPurgers(config.purgers, config),
    repeatAfter: echo,
    enqueue: tellLater,
    report,
  });
  const connect: CdnPurging['connect'] = (adding) => {
    add = adding;
  };
  return { cdnPurger, enqueue: later, handler: retryRemaining(cdnPurger), connect };
}

/** One result: what is left. The next try goes on with that. */
function retryRemaining(cdnPurger: CdnPurger): JobHandler {
  return async ({ job, signal, report }) => {
    const order = readRemaining(job.results[0] ?? job.input);
    const result = await cdnPurger.finish(order, AbortSignal.any([signal, AbortSignal.timeout(maxAttemptTime)]));
    if (result === null) throw new Failure('bad-request', `Expected ${order.purger} among TINTYPE_PURGERS`);
    signal.throwIfAborted();
    const left = { ...order, keys: result.left };
    if (result.left.length === 0) return [left];
    await report(0, [left]);
    throw new Failure('deadline', `${order.purger}: ${result.error ?? 'Expected it to forget'}`);
  };
}

const remainingSchema = v.object({
  purger: v.string(),
  keys: v.union([v.literal('everything'), v.array(v.string())]),
  soft: v.boolean(),
});

/** The input was written by this release or by another one. */
function readRemaining(input: Json): RemainingPurge {
  const read = v.safeParse(remainingSchema, input);
  if (read.success) return read.output;
  throw new Failure('bad-request', 'Expected a purger, keys and soft');
}
