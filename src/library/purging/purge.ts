import type { Cluster, News } from '../../cluster/cluster.ts';
import { Failure } from '../../errors.ts';
import type { JobHandler, Json, NewJob, Run } from '../../jobs/job-queue.ts';
import type { CdnReceipt, Edge } from '../../purge/edge.ts';
import type { RequestedTransform } from '../../transform/transform.ts';
import { type Forgotten, type Library, nothingForgotten } from '../variants/naming.ts';
import type { Listing } from '../originals/listing.ts';
import { addPurged, nothingPurged, type Purged, type PurgeOrder, type Purging } from './purging.ts';

/** What a purge did, layer by layer. */
export type Receipt = Forgotten & {
  readonly dryRun: boolean;
  /** The job that does what is not done yet, or null. */
  readonly scheduled: string | null;
  /** Nodes whose memory was cleared. */
  readonly nodes: number;
  readonly cdn: readonly CdnReceipt[];
  readonly errors: readonly string[];
};

export interface ForgettingParts {
  readonly purging: Purging;
  readonly library: Library;
  readonly listing: Listing;
  readonly edge: Edge;
  /** Other nodes hear of it before any CDN does. */
  readonly cluster: Pick<Cluster, 'tell'>;
  /** Has a job done; answers its id. */
  readonly later: (job: NewJob) => Promise<string>;
}

/** Originals that are purged while somebody waits; more are a job. */
const mostAtOnce = 100;

type Everything = { readonly all: true };
type Done = { readonly purged: Purged; readonly cdn: readonly CdnReceipt[]; readonly nodes: number };

/** Purges everywhere: here first, so that no edge refills from what is stale, then at the CDNs while the bytes go. */
export class Forgetting {
  readonly #parts: ForgettingParts;

  constructor(parts: ForgettingParts) {
    this.#parts = parts;
  }

  /** Throws `store-unreachable` where nothing could be done, now or later. */
  async purge(order: PurgeOrder): Promise<Receipt> {
    const few = order.presets.length > 0 ? null : await this.#few(order);
    if (few === null) return this.#schedule(order);
    const { purged, cdn, nodes } = await this.#purgePage(few, order, order.tags);
    const { failed } = purged;
    const scheduled = failed.length === 0 ? null : await this.#later({ ...order, ids: failed, prefix: null, tags: [] });
    return receiptOf(purged, { cdn, scheduled, dryRun: order.dryRun, nodes });
  }

  /** All variants of everything: at once by their names; their bytes go by a job. */
  async purgeAll({ soft, dryRun }: Pick<PurgeOrder, 'soft' | 'dryRun'>): Promise<Receipt> {
    const { library, edge } = this.#parts;
    const told = { keys: 'everything', soft } as const;
    if (dryRun) return receiptOf(await library.weighAll(), { cdn: edge.plan(told), scheduled: null, dryRun, nodes: 1 });
    const forgotten = await library.forgetAll();
    const nodes = await this.#tell({ everything: true });
    const [cdn, scheduled] = await Promise.all([edge.tell(told), this.#later({ all: true })]);
    return receiptOf(forgotten, { cdn, scheduled, dryRun, nodes });
  }

  /** One spelling in every format it can give; CDNs forget all of that id, since they know it under more URLs than one. */
  async purgeSpelling(id: string, transform: RequestedTransform): Promise<Receipt> {
    const forgotten = await this.#parts.purging.forgetSpelling(id, transform);
    const nodes = await this.#tell({ ids: [id] });
    const cdn = await this.#parts.edge.tell({ keys: [`img:${id}`], soft: false });
    return receiptOf(forgotten, { cdn, scheduled: null, dryRun: false, nodes });
  }

  /** The job of a purge that is too large to wait for; its result is a receipt. Interrupted, it begins anew. */
  readonly work: JobHandler = async (run) => {
    const { input } = run.job;
    if (isEverything(input)) return this.#clearPast(run);
    const order = readOrder(input);
    const done = await this.#purgeLarge(order, run);
    const { purged } = done;
    const results = [showDone(done, order.dryRun)];
    if (purged.failed.length === 0) return results;
    await run.tell(1, results);
    throw new Failure('store-unreachable', `Expected all to be forgotten but ${purged.failed.length} were not`);
  };

  /** Null where they are too many, so that nobody waits for them. */
  async #few(order: PurgeOrder): Promise<readonly string[] | null> {
    const few: string[] = [];
    for await (const page of this.#parts.purging.ids(order)) {
      few.push(...page);
      if (few.length > mostAtOnce) return null;
    }
    return few;
  }

  /** What a preset makes is never stale here, so CDNs may forget it before it is gone here. */
  async #schedule(order: PurgeOrder): Promise<Receipt> {
    const told = { keys: order.presets.map((preset) => `t:${preset}`), soft: order.soft };
    const { edge } = this.#parts;
    const scheduled = await this.#later(order);
    const cdn = order.dryRun ? edge.plan(told) : await edge.tell(told);
    return receiptOf(nothingForgotten, { cdn, scheduled, dryRun: order.dryRun, nodes: 1 });
  }

  async #purgePage(ids: readonly string[], order: PurgeOrder, tags: readonly string[]): Promise<Done> {
    const { purging, edge } = this.#parts;
    const hidden = await purging.hide(ids, order);
    const nodes = order.dryRun ? 1 : await this.#tell({ ids });
    const done = ids.filter((id) => !hidden.failed.includes(id));
    const told = { keys: [...done.map((id) => `img:${id}`), ...tags], soft: order.soft };
    const telling = order.dryRun ? edge.plan(told) : edge.tell(told);
    const [cdn, cleared] = await Promise.all([telling, purging.clear(done, order)]);
    return { purged: addPurged(hidden, cleared), cdn, nodes };
  }

  async #purgeLarge(order: PurgeOrder, { signal, tell }: Run): Promise<Done> {
    const { purging, listing, edge } = this.#parts;
    let sum: Done = { purged: nothingPurged, cdn: [], nodes: 1 };
    const total = await this.#count(order);
    let seen = 0;
    const page = async (ids: readonly string[], work: (some: readonly string[]) => Promise<Done>) => {
      for (let first = 0; first < ids.length; first += mostAtOnce) {
        signal.throwIfAborted();
        const some = ids.slice(first, first + mostAtOnce);
        const { purged, cdn, nodes } = await work(some);
        sum = { purged: addPurged(sum.purged, purged), cdn: merged(sum.cdn, cdn), nodes };
        seen += some.length;
        await tell(Math.min(1, seen / Math.max(1, total)), [showDone(sum, order.dryRun)]);
      }
    };
    const selection = { ...order, presets: [] };
    for await (const ids of purging.ids(order)) await page(ids, (some) => this.#purgePage(some, selection, []));
    if (order.presets.length > 0) {
      const ofPresets = async (some: readonly string[]) => {
        const purged = await purging.hide(some, order);
        return { purged, cdn: [], nodes: order.dryRun ? 1 : await this.#tell({ ids: some }) };
      };
      for await (const ids of listing.ids({ by: 'time', since: null })) await page(ids, ofPresets);
    }
    const told = { keys: [...order.tags, ...order.presets.map((preset) => `t:${preset}`)], soft: order.soft };
    return { ...sum, cdn: merged(sum.cdn, order.dryRun ? edge.plan(told) : await edge.tell(told)) };
  }

  async #count({ ids, prefix, tags, presets }: PurgeOrder): Promise<number> {
    const { listing } = this.#parts;
    let count = ids.length;
    if (prefix !== null) count += await listing.count({ by: 'prefix', prefix });
    for (const tag of tags) count += await listing.count({ by: 'tag', tag });
    return presets.length === 0 ? count : count + (await listing.count({ by: 'time', since: null }));
  }

  async #clearPast({ signal, tell }: Run): Promise<readonly Json[]> {
    const gone = await this.#parts.library.dropPast(async (sum) => {
      signal.throwIfAborted();
      await tell(0, [sum]);
    });
    return [gone];
  }

  /** Answers how many nodes have forgotten, this one among them. */
  async #tell(news: Partial<News>): Promise<number> {
    return 1 + (await this.#parts.cluster.tell(news));
  }

  async #later(input: PurgeOrder | Everything): Promise<string> {
    return `/jobs/${await this.#parts.later({ kind: 'purge', input })}`;
  }
}

function receiptOf(
  { originals, memory, bucket, inFlight, errors = [] }: Forgotten & { readonly errors?: readonly string[] },
  rest: Pick<Receipt, 'cdn' | 'scheduled' | 'dryRun' | 'nodes'>,
): Receipt {
  const { dryRun, scheduled, cdn, nodes } = rest;
  return { dryRun, originals, memory, bucket, inFlight, scheduled, nodes, cdn, errors };
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
    return { ...worse, keys: [...one.keys, ...next.keys].slice(0, mostAtOnce) };
  });
}

function isEverything(input: Json): boolean {
  return Object(input).all === true;
}

/** We wrote it ourselves, but perhaps another version of us. */
function readOrder(input: Json): PurgeOrder {
  const order = Object(input);
  if (Array.isArray(order.ids) && Array.isArray(order.tags) && Array.isArray(order.presets)) return order;
  throw new Failure('bad-request', 'Expected ids, tags and presets of a purge');
}
