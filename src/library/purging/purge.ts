import * as v from 'valibot';
import type { Cluster, Invalidation } from '../../cluster/cluster.ts';
import { Failure } from '../../errors.ts';
import { formatNames } from '../../formats/names.ts';
import type { JobHandler, JobRun, Json, NewJob } from '../../jobs/job-queue.ts';
import type { CdnPurger, CdnReceipt } from '../../purge/edge.ts';
import type { RequestedTransform } from '../../transform/transform.ts';
import type { Listing } from '../originals/listing.ts';
import { type ForgottenVariants, nothingForgotten, type VariantLibrary } from '../variants/naming.ts';
import { addPurgeCounts, type LocalPurge, noPurgeCounts, type PurgeCounts, type PurgeOrder } from './purging.ts';

/** What a purge did, layer by layer. */
export type Receipt = ForgottenVariants & {
  readonly dryRun: boolean;
  /** The job that does what is not done yet, or null. */
  readonly scheduled: string | null;
  /** Nodes whose memory was cleared. */
  readonly nodes: number;
  readonly cdn: readonly CdnReceipt[];
  readonly errors: readonly string[];
  /** Ids that were named but have no original: what was left of them is purged all the same. */
  readonly unknown: readonly string[];
};

export interface PurgeOptions {
  readonly localPurge: LocalPurge;
  readonly library: VariantLibrary;
  readonly listing: Listing;
  readonly cdnPurger: CdnPurger;
  /** Notifies other nodes, before any CDN. */
  readonly cluster: Pick<Cluster, 'publish'>;
  /** Has a job done; answers its id. */
  readonly enqueue: (job: NewJob) => Promise<string>;
}

/** Most originals that one request purges; more are a job. */
const maxAtOnce = 100;

type Everything = { readonly all: true };
type Done = { readonly purged: PurgeCounts; readonly cdn: readonly CdnReceipt[]; readonly nodes: number };

/** Purges everywhere: here first, so that no edge refills from what is stale, then at the CDNs while the bytes go. */
export class Purge {
  readonly #parts: PurgeOptions;

  constructor(parts: PurgeOptions) {
    this.#parts = parts;
  }

  /** Throws `store-unreachable` where nothing could be done, now or later. */
  async purge(order: PurgeOrder): Promise<Receipt> {
    const few = order.presets.length > 0 ? null : await this.#purgeNow(order);
    if (few === null) return this.#schedule(order);
    const unknown = await this.#parts.localPurge.unknown(order.ids);
    const { purged, cdn, nodes } = await this.#purgePage(few, order, order.tags);
    const { failed } = purged;
    const scheduled = failed.length === 0 ? null : await this.#later({ ...order, ids: failed, prefix: null, tags: [] });
    return { ...receiptOf(purged, { cdn, scheduled, dryRun: order.dryRun, nodes }), unknown };
  }

  /** All variants of everything: at once by their names; their bytes go by a job. */
  async purgeAll({ soft, dryRun }: Pick<PurgeOrder, 'soft' | 'dryRun'>): Promise<Receipt> {
    const { library, cdnPurger } = this.#parts;
    const told = { keys: 'everything', soft } as const;
    if (dryRun)
      return receiptOf(await library.weighAll(), { cdn: cdnPurger.plan(told), scheduled: null, dryRun, nodes: 1 });
    const forgotten = await library.purgeAll();
    const nodes = await this.#purgeCdns({ everything: true });
    const [cdn, scheduled] = await Promise.all([cdnPurger.purge(told), this.#later({ all: true })]);
    return receiptOf(forgotten, { cdn, scheduled, dryRun, nodes });
  }

  /** One spelling in every format it can give; CDNs forget all of that id, since they know it under more URLs than one. */
  async purgeSpelling(id: string, transform: RequestedTransform): Promise<Receipt> {
    const forgotten = await this.#parts.localPurge.purgeSpelling(id, transform);
    const nodes = await this.#purgeCdns({ ids: [id] });
    const cdn = await this.#parts.cdnPurger.purge({ keys: [`img:${id}`], soft: false });
    return receiptOf(forgotten, { cdn, scheduled: null, dryRun: false, nodes });
  }

  /** The job of a purge that is too large to wait for; its result is a receipt. Interrupted, it begins anew. */
  readonly handler: JobHandler = async (run) => {
    const { input } = run.job;
    if (isEverything(input)) return this.#clearPast(run);
    const order = readOrder(input);
    const done = await this.#purgeLarge(order, run);
    const { purged } = done;
    const results = [showDone(done, order.dryRun)];
    if (purged.failed.length === 0) return results;
    await run.report(1, results);
    throw new Failure('store-unreachable', `Expected all to be forgotten but ${purged.failed.length} were not`);
  };

  /** Null where they are too many for one request. */
  async #purgeNow(order: PurgeOrder): Promise<readonly string[] | null> {
    const few: string[] = [];
    for await (const page of this.#parts.localPurge.ids(order)) {
      few.push(...page);
      if (few.length > maxAtOnce) return null;
    }
    return few;
  }

  /** What a preset makes is never stale here, so CDNs may forget it before it is gone here. */
  async #schedule(order: PurgeOrder): Promise<Receipt> {
    const told = { keys: order.presets.map((preset) => `t:${preset}`), soft: order.soft };
    const { cdnPurger } = this.#parts;
    const scheduled = await this.#later(order);
    const cdn = order.dryRun ? cdnPurger.plan(told) : await cdnPurger.purge(told);
    return receiptOf(nothingForgotten, { cdn, scheduled, dryRun: order.dryRun, nodes: 1 });
  }

  async #purgePage(ids: readonly string[], order: PurgeOrder, tags: readonly string[]): Promise<Done> {
    const { localPurge, cdnPurger } = this.#parts;
    const hidden = await localPurge.hide(ids, order);
    const nodes = order.dryRun ? 1 : await this.#purgeCdns({ ids });
    const done = ids.filter((id) => !hidden.failed.includes(id));
    const told = { keys: [...done.map((id) => `img:${id}`), ...tags], soft: order.soft };
    const telling = order.dryRun ? cdnPurger.plan(told) : cdnPurger.purge(told);
    const [cdn, cleared] = await Promise.all([telling, localPurge.clear(done, order)]);
    return { purged: addPurgeCounts(hidden, cleared), cdn, nodes };
  }

  async #purgeLarge(order: PurgeOrder, { signal, report }: JobRun): Promise<Done> {
    const { localPurge, listing, cdnPurger } = this.#parts;
    let sum: Done = { purged: noPurgeCounts, cdn: [], nodes: 1 };
    const total = await this.#count(order);
    let seen = 0;
    const page = async (ids: readonly string[], work: (some: readonly string[]) => Promise<Done>) => {
      for (let first = 0; first < ids.length; first += maxAtOnce) {
        signal.throwIfAborted();
        const some = ids.slice(first, first + maxAtOnce);
        const { purged, cdn, nodes } = await work(some);
        sum = { purged: addPurgeCounts(sum.purged, purged), cdn: merged(sum.cdn, cdn), nodes };
        seen += some.length;
        await report(Math.min(1, seen / Math.max(1, total)), [showDone(sum, order.dryRun)]);
      }
    };
    const selection = { ...order, presets: [] };
    for await (const ids of localPurge.ids(order)) await page(ids, (some) => this.#purgePage(some, selection, []));
    if (order.presets.length > 0) {
      const ofPresets = async (some: readonly string[]) => {
        const purged = await localPurge.hide(some, order);
        return { purged, cdn: [], nodes: order.dryRun ? 1 : await this.#purgeCdns({ ids: some }) };
      };
      for await (const ids of listing.ids({ by: 'time', since: null })) await page(ids, ofPresets);
    }
    const told = { keys: [...order.tags, ...order.presets.map((preset) => `t:${preset}`)], soft: order.soft };
    return { ...sum, cdn: merged(sum.cdn, order.dryRun ? cdnPurger.plan(told) : await cdnPurger.purge(told)) };
  }

  async #count({ ids, prefix, tags, presets }: PurgeOrder): Promise<number> {
    const { listing } = this.#parts;
    let count = ids.length;
    if (prefix !== null) count += await listing.count({ by: 'prefix', prefix });
    for (const tag of tags) count += await listing.count({ by: 'tag', tag });
    return presets.length === 0 ? count : count + (await listing.count({ by: 'time', since: null }));
  }

  async #clearPast({ signal, report }: JobRun): Promise<readonly Json[]> {
    const gone = await this.#parts.library.dropPast(async (sum) => {
      signal.throwIfAborted();
      await report(0, [sum]);
    });
    return [gone];
  }

  /** Answers how many nodes have forgotten, this one among them. */
  async #purgeCdns(news: Partial<Invalidation>): Promise<number> {
    return 1 + (await this.#parts.cluster.publish(news));
  }

  async #later(input: PurgeOrder | Everything): Promise<string> {
    return `/jobs/${await this.#parts.enqueue({ kind: 'purge', input })}`;
  }
}

function receiptOf(
  { originals, memory, bucket, inFlight, errors = [] }: ForgottenVariants & { readonly errors?: readonly string[] },
  rest: Pick<Receipt, 'cdn' | 'scheduled' | 'dryRun' | 'nodes'>,
): Receipt {
  const { dryRun, scheduled, cdn, nodes } = rest;
  return { dryRun, originals, memory, bucket, inFlight, scheduled, nodes, cdn, errors, unknown: [] };
}

function showDone({ purged, cdn, nodes }: Done, dryRun: boolean): Receipt {
  return receiptOf(purged, { cdn, scheduled: null, dryRun, nodes });
}

/** One line for each CDN: the worst that happened, and how much was told. */
function merged(before: readonly CdnReceipt[], now: readonly CdnReceipt[]): readonly CdnReceipt[] {
  if (before.length === 0) return now;
  return before.map((one) => {
    const next = now.find(({ name }) => name === one.name);
    if (next === undefined) return one;
    const worse = next.status === 'ok' || one.status === 'failed' ? one : next;
    return { ...worse, keys: [...one.keys, ...next.keys].slice(0, maxAtOnce) };
  });
}

function isEverything(input: Json): boolean {
  return Object(input).all === true;
}

const texts = v.array(v.string());
const orderSchema = v.object({
  ids: texts,
  prefix: v.nullable(v.string()),
  tags: texts,
  presets: texts,
  variants: v.nullable(texts),
  where: v.nullable(
    v.object({
      format: v.nullable(v.picklist(formatNames)),
      widerThan: v.nullable(v.number()),
      olderThan: v.nullable(v.number()),
    }),
  ),
  soft: v.boolean(),
  dryRun: v.boolean(),
});

/** The order was written by this release or by another one. */
function readOrder(input: Json): PurgeOrder {
  const read = v.safeParse(orderSchema, input);
  if (read.success) return read.output;
  throw new Failure('bad-request', 'Expected ids, tags and presets of a purge');
}
