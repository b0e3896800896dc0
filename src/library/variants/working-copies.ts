import { randomUUID } from 'node:crypto';
import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { LRUCache } from 'lru-cache';
import { Failure, type FailureKind } from '../../errors.ts';
import type { Report } from '../../observability/report.ts';
import type { Decodable } from '../../render/planning/cost.ts';
import {
  type CopyPlan,
  copyFor,
  copySides,
  isWorthMaking,
  type Requirement,
} from '../../render/planning/working-copy.ts';
import type { RenderQueue } from '../../render/queue/render-queue.ts';
import type { Renderer } from '../../render/workers/renderer.ts';
import type { Original } from '../original.ts';
import { type Copy, copyStateOf, type KeptCopy, stampOf, WorkingCopyCache } from './working-copy-cache.ts';

export type { Copy } from './working-copy-cache.ts';

/** What became of a copy: it was made, rendered from, found damaged or gone, or gave way to others. */
export type CopyEvent = 'made' | 'used' | 'lost' | 'evicted';

/** Renderings of one original that one copy would serve. */
export interface CopyRequest {
  readonly original: Original;
  /** What serves all of them; null where no copy may be used. */
  readonly need: Requirement | null;
  /** How often the original would be decoded for them. */
  readonly decodes: number;
  /** Lends the original's own bytes. */
  readonly borrow: (work: (path: string) => Promise<boolean>) => Promise<boolean>;
}

export interface WorkingCopiesOptions {
  /** Of this process alone; null: no copies. */
  readonly folder: string | null;
  /** Bytes. */
  readonly most: number;
  /** What an id means now. */
  readonly find: (id: string) => Promise<Original | null>;
  readonly renderer: Pick<Renderer, 'copy'>;
  readonly queue: Pick<RenderQueue, 'run' | 'runInBackground'>;
  readonly seen: (event: CopyEvent) => void;
  readonly report: Report;
}

/** Milliseconds after which renders that had no copy are forgotten: a burst is shorter. */
const burst = 60_000;
/** Originals that are held in mind, and milliseconds for which one is not tried again. */
const maxKnown = 10_000;
const unfitFor = 600_000;
/** Copies that wait for an idle moment. */
const maxWaiting = 32;
/** Once renders without a copy have cost this share of making one, it is made: their number will not end just now. */
const share = 0.75;
/** Of a pixel of a copy, at most. */
const bytesPerPixel = 4;

/** What a copy may have to do with. */
const suspicious: ReadonlySet<FailureKind> = new Set(['refused-image', 'store-unreachable', 'internal']);

/**
 * Working copies of originals that are worth having, on this node and while it lives. Promises:
 *
 * - The smallest is made in an idle moment after the first rendering that it would have served; any other, and that one
 *   where no moment is idle, once rendering without it has cost nearly as much as making it.
 * - One that is damaged or gone is never the end of a request: it is rendered from the original, and counted.
 * - A copy is of one version and generation of an original; `drop` takes it away at once, also one that is being made.
 */
export class WorkingCopies {
  readonly #options: WorkingCopiesOptions;
  readonly #cache: WorkingCopyCache;
  /** Estimated milliseconds that renders have cost for want of a copy. */
  readonly #spent = new LRUCache<string, number>({ max: maxKnown, ttl: burst });
  readonly #unfit = new LRUCache<string, true>({ max: maxKnown, ttl: unfitFor });
  /** What is being made, by what it is of; who is purged or replaced meanwhile is taken out. */
  readonly #making = new Map<string, { readonly id: string; readonly done: Promise<void> }>();
  readonly #quiet = new Set<Promise<void>>();

  constructor(options: WorkingCopiesOptions) {
    this.#options = options;
    this.#cache = new WorkingCopyCache({ most: options.most, evicted: () => options.seen('evicted') });
  }

  get stored(): Pick<WorkingCopyCache, 'bytes' | 'count' | 'dropIdle'> {
    return this.#cache;
  }

  /** What will be decoded, as far as anybody knows now. */
  sourceFor(original: Original, need: Requirement | null): Decodable {
    const copy = need === null ? null : this.#cache.find(original, need);
    return copy === null ? original.facts : { width: copy.width, height: copy.height, format: 'copy' };
  }

  /** Works with the smallest copy that suffices, or with none; with none again where the work fails with one. */
  async withCopy<T>(request: CopyRequest, work: (copy: Copy | null) => Promise<T>): Promise<T> {
    const copy = await this.#copyFor(request);
    if (copy === null) {
      const done = await work(null);
      this.#missed(request);
      return done;
    }
    copy.users += 1;
    this.#cache.use(copy);
    try {
      const done = await work(copy);
      this.#options.seen('used');
      return done;
    } catch (cause) {
      if (cause instanceof Failure && !suspicious.has(cause.kind)) throw cause;
      await this.#lose(copy, cause);
      return await work(null);
    } finally {
      copy.users -= 1;
    }
  }

  /** Of whatever this id meant so far. */
  async drop(id: string): Promise<void> {
    for (const [key, making] of this.#making) if (making.id === id) this.#making.delete(key);
    await this.#cache.drop(id);
  }

  async dropAll(): Promise<void> {
    this.#making.clear();
    await this.#cache.dropAll();
  }

  /** Resolves once nothing is being copied in idle moments. */
  async settled(): Promise<void> {
    await Promise.all(this.#quiet);
  }

  async close(): Promise<void> {
    await this.settled();
    await this.#cache.close();
  }

  /** One that is there and whole, or that is due by now. */
  async #copyFor(request: CopyRequest): Promise<KeptCopy | null> {
    const { original, need, decodes } = request;
    if (need === null) return null;
    const found = this.#cache.find(original, need);
    if (found !== null) {
      if (this.#cache.isIntact(found)) return found;
      await this.#lose(found, found.path);
    }
    const plan = this.#planFor(original, need);
    if (plan === null) return null;
    const spent = this.#spent.get(keyOf(original, plan)) ?? 0;
    if (spent + (decodes - 1) * plan.saves < share * plan.takes) return null;
    await this.#make(request, plan);
    return this.#cache.find(original, need);
  }

  #planFor(original: Original, need: Requirement | null): CopyPlan | null {
    if (need === null || this.#options.folder === null || this.#unfit.has(copyStateOf(original))) return null;
    const plan = copyFor(original.facts, need);
    return plan === null ||
      !isWorthMaking(plan) ||
      !this.#cache.takes(bytesPerPixel * plan.scaling.width * plan.scaling.height)
      ? null
      : plan;
  }

  /** Something was rendered without a copy. */
  #missed(request: CopyRequest): void {
    const { original, need, decodes } = request;
    const plan = this.#planFor(original, need);
    if (plan === null) return;
    const key = keyOf(original, plan);
    this.#spent.set(key, (this.#spent.get(key) ?? 0) + decodes * plan.saves);
    if (plan.side !== copySides[0] || this.#making.has(key) || this.#quiet.size >= maxWaiting) return;
    const { queue } = this.#options;
    const memory = bytesPerPixel * original.facts.width * original.facts.height;
    const cost = { fixed: 0, milliseconds: plan.takes, memory };
    const pass = () => queue.run(() => this.#make(request, plan), { client: '', signal: null, cost });
    // Too busy, or about to end: whoever asks next has it made.
    const making = queue.runInBackground(pass).catch(() => undefined);
    this.#quiet.add(making);
    void making.finally(() => this.#quiet.delete(making));
  }

  /** Once, however many want it. Never rejects. */
  #make(request: CopyRequest, plan: CopyPlan): Promise<void> {
    const { original, need } = request;
    const key = keyOf(original, plan);
    const running = this.#making.get(key);
    if (running !== undefined) return running.done;
    if (need !== null && this.#cache.find(original, need)?.side === plan.side) return Promise.resolve();
    const isWanted = () => this.#making.get(key) === making;
    const done = this.#bring(request, plan, isWanted)
      .catch((cause: unknown) => {
        this.#unfit.set(copyStateOf(original), true);
        this.#options.report('A working copy could not be made', cause);
      })
      .finally(() => {
        if (isWanted()) this.#making.delete(key);
      });
    const making = { id: original.id, done };
    this.#making.set(key, making);
    return done;
  }

  async #bring({ original, borrow }: CopyRequest, plan: CopyPlan, isWanted: () => boolean): Promise<void> {
    const { folder, find, renderer, seen } = this.#options;
    const { scaling, side, saves } = plan;
    const { version } = original;
    const { width, height } = scaling;
    const name = randomUUID();
    const to = join(folder ?? '', `${name}.v`);
    const isMade = await borrow((path) => renderer.copy({ path, version, scaling, to }));
    if (!isMade) {
      this.#unfit.set(copyStateOf(original), true);
      return;
    }
    seen('made');
    this.#spent.delete(keyOf(original, plan));
    // Purged or replaced before it was begun, or meanwhile.
    const current = await find(original.id);
    const isCurrent = current !== null && copyStateOf(current) === copyStateOf(original);
    const file = stampOf(to);
    if (!isCurrent || !isWanted() || file === null) await unlink(to).catch(() => undefined);
    else await this.#cache.put(original, { ...file, name, path: to, width, height, side, saves });
  }

  async #lose(copy: KeptCopy, cause: unknown): Promise<void> {
    this.#options.seen('lost');
    this.#options.report('A working copy is damaged or gone; the original is read instead', cause);
    await this.#cache.remove(copy);
  }
}

const keyOf = (original: Original, { side }: CopyPlan): string => `${copyStateOf(original)} ${side}`;
