import { SingleFlight } from '../../concurrency/single-flight.ts';
import type { EncodingPace } from '../../formats/pace.ts';
import type { Report } from '../../observability/report.ts';
import type { Placeholder } from '../../render/placeholder-facts.ts';
import type { RenderQueue, RenderRequest } from '../../render/queue/render-queue.ts';
import type { Renderer } from '../../render/workers/renderer.ts';
import type { BlobStore } from '../../store/blob-store.ts';
import type { QualityAim } from '../../transform/transform.ts';
import type { Integrity } from '../originals/integrity.ts';
import type { Bytes } from '../originals/references.ts';
import { idOfVariant } from '../storage-keys.ts';
import type { Budget } from './budget.ts';
import { ChargedRenders } from './charged-renders.ts';
import { appendChecksum, checksumBytes } from './checksum.ts';
import type { DiskQuota } from './disk-quota.ts';
import type { MemoryCache } from './memory-cache.ts';
import { type Obtained } from './obtained.ts';
import type { RenderLeases } from './render-lease.ts';
import { costOfMaking, renderVariants } from './rendering.ts';
import type { VariantSpec } from './spec.ts';
import { readStored } from './stored-variant.ts';
import type { VariantCap } from './variant-cap.ts';
import { costOfSpecs } from './variant-cost.ts';
import { withFiles } from './variant-files.ts';
import type { WorkingCopies } from './working-copies.ts';
import type { WriteBehind } from './write-behind.ts';

/** A request that waits for a picture. */
export type Requester = RenderRequest;

/** A search halves what is left of a hundred qualities with each encoding. */
const maxEncodings = 7;

type Made = Omit<Obtained, 'collapsed'>;

export interface VariantsOptions {
  readonly originals: Pick<Bytes, 'localPath'>;
  /** The derived bucket. */
  readonly variants: BlobStore;
  readonly memory: MemoryCache;
  readonly renderer: Renderer;
  readonly queue: RenderQueue;
  readonly budget: Budget;
  readonly cap: VariantCap;
  readonly copies: WorkingCopies;
  readonly writeBehind: WriteBehind;
  readonly leases: RenderLeases;
  readonly integrity: Integrity;
  readonly quota: DiskQuota;
  readonly report: Report;
}

/** Finds a variant in memory or in the bucket, or makes it: once, however many ask. */
export class Variants {
  readonly #parts: VariantsOptions;
  readonly #renders: ChargedRenders;
  readonly #flights = new SingleFlight<Made>();
  /** Keys purged by name while they were being made: they are not kept. */
  readonly #unwanted = new Set<string>();

  constructor(parts: VariantsOptions) {
    this.#parts = parts;
    this.#renders = new ChargedRenders(parts);
  }

  /** A hit that needs no waiting. */
  inMemory(spec: VariantSpec): Obtained | null {
    const bytes = this.#parts.memory.get(spec.key);
    if (bytes === undefined) return null;
    this.#parts.quota.markServed(spec.key);
    return { bytes, tier: 'memory', stored: true, collapsed: false, stages: {} };
  }

  /** `asker`: who pays for what has to be made, and when it goes away; null is this server itself. */
  async obtain(spec: VariantSpec, asker: Requester | null = null): Promise<Obtained> {
    const hit = this.inMemory(spec);
    if (hit !== null) return hit;
    const make = (signal: AbortSignal) =>
      this.#findOrMake(spec, asker === null ? null : { client: asker.client, signal });
    const { value, collapsed } = await this.#flights.join(spec.key, make, asker?.signal);
    return { ...value, collapsed };
  }

  /**
   * Several variants of one original: what is not there yet is made together, in one turn at the gate and from one decode
   * where nothing but the encoding differs. Where one cannot be made, all fail. `pace`: of what is made here.
   */
  async obtainAll(
    specs: readonly VariantSpec[],
    asker: Requester | null = null,
    pace: EncodingPace = 'usual',
  ): Promise<readonly Obtained[]> {
    const found = await Promise.all(specs.map(async (spec) => this.inMemory(spec) ?? (await this.#find(spec.key))));
    const missing = specs.filter(({ key }, index) => found[index] === null && !this.#flights.has(key));
    const making = missing.length === 0 ? null : this.#makeOnce(missing, asker, pace);
    const obtain = async (spec: VariantSpec, hit: Made | null): Promise<Obtained> => {
      if (hit !== null) return { ...hit, collapsed: false };
      const ours = making === null ? -1 : missing.indexOf(spec);
      const made = async () => (await making)?.[ours] ?? this.#findOrMake(spec, asker);
      const { value, collapsed } = await this.#flights.join(spec.key, made);
      return { ...value, collapsed };
    };
    return Promise.all(specs.map((spec, index) => obtain(spec, found[index] ?? null)));
  }

  /**
   * One of several variants that differ in their quality alone, the lowest first: see `search`. What is found is kept like
   * every other rendering, where it is one that was asked for and no proxy.
   */
  async search(specs: readonly VariantSpec[], aim: QualityAim, asker: Requester | null = null): Promise<number> {
    const tried = specs.slice(0, maxEncodings);
    return this.#renders.run(tried, { asker, cost: costOfSpecs(tried) }, async () => {
      const plans = specs.map(({ plan }) => plan);
      const { index, bytes } = await withFiles(this.#parts, specs, (files) =>
        this.#parts.renderer.search({ ...files, plans, aim }),
      );
      const found = specs[index];
      if (found !== undefined && aim.kind === 'bytes') this.#keep(found.key, bytes);
      return index;
    });
  }

  /** What can be shown of a picture before it is there; the plan brings it to at most `lookSide` a side. */
  async peek(spec: VariantSpec): Promise<Placeholder> {
    return this.#parts.queue.run(() =>
      withFiles(this.#parts, [spec], (files) => this.#parts.renderer.computePlaceholder({ ...files, plan: spec.plan })),
    );
  }

  /** Length in bytes if the variant is made already, without making or reading it; null where nobody knows. */
  async lengthOf(spec: VariantSpec): Promise<number | null> {
    const hit = this.inMemory(spec);
    if (hit !== null) return hit.bytes.byteLength;
    const entry = await this.#parts.variants.stat(spec.key).catch(() => null);
    return entry === null ? null : entry.bytes - checksumBytes;
  }

  /** Renders of an original that are under way. */
  inFlight(id: string | null): number {
    return [...this.#flights.keys()].filter((key) => id === null || idOfVariant(key) === id).length;
  }

  /** What is in memory of an original goes; what is being made of it is answered to those who wait, but not kept. */
  invalidate(id: string): void {
    const making = [...this.#flights.keys()].filter((key) => idOfVariant(key) === id);
    for (const key of making) if (this.#flights.abandon(key)) this.#unwanted.add(key);
    this.#parts.memory.purgeOriginal(id);
  }

  /** Drops one variant by name everywhere; one that is being made is answered to those who wait, but not kept. */
  async purge(key: string): Promise<{ readonly memory: number; readonly objects: number; readonly bytes: number }> {
    if (this.#flights.abandon(key)) this.#unwanted.add(key);
    const memory = this.#parts.memory.delete(key) ? 1 : 0;
    await this.#parts.writeBehind.settled(key);
    const entry = await this.#parts.variants.stat(key);
    await this.#parts.variants.delete([key]);
    return { memory, objects: entry === null ? 0 : 1, bytes: entry === null ? 0 : entry.bytes - checksumBytes };
  }

  async #findOrMake(spec: VariantSpec, asker: Requester | null): Promise<Made> {
    const asked = performance.now();
    const found = await this.#find(spec.key);
    if (found !== null) {
      this.#unwanted.delete(spec.key);
      return found;
    }
    const store = performance.now() - asked;
    const [made] = await this.#makeOnce([spec], asker, 'usual');
    if (made === undefined) throw new TypeError('Expected a rendering for a plan');
    return { ...made, stages: { store, ...made.stages } };
  }

  async #find(key: string): Promise<Made | null> {
    const asked = performance.now();
    const bytes = await readStored(this.#parts, key);
    if (bytes === null) return null;
    this.#parts.quota.markServed(key);
    if (!this.#unwanted.has(key)) this.#parts.memory.set(key, bytes);
    return { bytes, tier: 'bucket', stored: true, stages: { store: performance.now() - asked } };
  }

  async #makeOnce(
    specs: readonly VariantSpec[],
    asker: Requester | null,
    pace: EncodingPace,
  ): Promise<readonly Made[]> {
    const names = specs.map(({ key }) => key);
    const make = (some: readonly string[]) => {
      const left = specs.filter(({ key }) => some.includes(key));
      return this.#make(left, asker, pace);
    };
    const turn = { find: (name: string) => this.#find(name), make, signal: asker?.signal ?? null };
    // Also where another node made it, or nobody waited for it any more.
    return this.#parts.leases.once(names, turn).finally(() => {
      for (const name of names) this.#unwanted.delete(name);
    });
  }

  /** All are of one original. */
  async #make(specs: readonly VariantSpec[], asker: Requester | null, pace: EncodingPace): Promise<readonly Made[]> {
    const asked = performance.now();
    const cost = costOfMaking(this.#parts, specs);
    const { rendered, queue, render } = await this.#renders.run(specs, { asker, cost }, async () => {
      const begun = performance.now();
      // Formats are compared at the usual pace only: what wins is remembered.
      const isHurried = asker !== null && specs.length === 1 && this.#parts.queue.isCrowded;
      const rendered = await renderVariants(this.#parts, specs, isHurried ? 'hurried' : pace);
      return { rendered, queue: begun - asked, render: performance.now() - begun };
    });
    return specs.flatMap(({ key }, index): readonly Made[] => {
      const bytes = rendered[index];
      if (bytes === undefined) return [];
      return [{ bytes, tier: 'render', stored: this.#keep(key, bytes), stages: { queue, render } }];
    });
  }

  /**
   * Never waits for the bucket: variants are counted and written after the reply. False where it was purged by name
   * meanwhile, cannot be saved, or is known to be one too many of its original.
   */
  #keep(key: string, bytes: Uint8Array<ArrayBuffer>): boolean {
    const { cap, memory, writeBehind, quota, leases } = this.#parts;
    const prefix = key.slice(0, key.lastIndexOf('/') + 1);
    if (this.#unwanted.has(key) || !leases.mayKeep(key)) return false;
    memory.set(key, bytes);
    if (cap.isFull(prefix) || !quota.reserve(bytes.byteLength + checksumBytes)) return false;
    return writeBehind.save(key, appendChecksum(bytes), () => cap.take(prefix));
  }
}
