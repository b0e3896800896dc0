import type { Config } from '../config/index.ts';
import { Failure } from '../errors.ts';
import type { JobHandler, Json, NewJob } from '../jobs/job-queue.ts';
import type { Report } from '../observability/report.ts';
import { Edge, type Leftover } from '../purge/edge.ts';
import { openPurgers } from '../purge/index.ts';

/** Longest time in milliseconds that one try of a job spends on a CDN. */
const patience = 60_000;

export interface Front {
  readonly edge: Edge;
  /** Has a job done later; answers its id. */
  readonly later: (job: NewJob) => Promise<string>;
  /** Jobs of kind `cdn`: what a CDN was not told at once. */
  readonly work: JobHandler;
  /** To be called before anything is told. */
  connect(add: (job: NewJob) => Promise<{ readonly id: string }>): void;
}

/** What stands in front of us, and who goes on where it does not answer. `echo` as in `EdgeOptions`. */
export async function openFront(
  config: Config,
  { echo, report }: { echo: number | null; report: Report },
): Promise<Front> {
  let add: ((job: NewJob) => Promise<{ readonly id: string }>) | null = null;
  const later = async (job: NewJob) => {
    if (add === null) throw new TypeError('Expected a queue to be connected');
    return (await add(job)).id;
  };
  const tellLater = async (left: Leftover) => `/jobs/${await later({ kind: 'cdn', input: left })}`;
  const edge = new Edge({ purgers: await openPurgers(config.purgers, config), echo, later: tellLater, report });
  const connect: Front['connect'] = (adding) => {
    add = adding;
  };
  return { edge, later, work: tellRest(edge), connect };
}

/** One result: what is left. The next try goes on with that. */
function tellRest(edge: Edge): JobHandler {
  return async ({ job, signal, tell }) => {
    const order = readLeftover(job.results[0] ?? job.input);
    const told = await edge.finish(order, AbortSignal.any([signal, AbortSignal.timeout(patience)]));
    if (told === null) throw new Failure('bad-request', `Expected ${order.purger} among TINTYPE_PURGERS`);
    signal.throwIfAborted();
    const left = { ...order, keys: told.left };
    if (told.left.length === 0) return [left];
    await tell(0, [left]);
    throw new Failure('deadline', `${order.purger}: ${told.error ?? 'Expected it to forget'}`);
  };
}

/** We wrote it ourselves, but perhaps another version of us. */
function readLeftover(input: Json): Leftover {
  const { purger, keys, soft } = Object(input);
  const isKeys = keys === 'everything' || Array.isArray(keys);
  if (typeof purger === 'string' && isKeys && typeof soft === 'boolean') return { purger, keys, soft };
  throw new Failure('bad-request', 'Expected a purger, keys and soft');
}
