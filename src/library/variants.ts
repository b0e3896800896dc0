import { Failure } from '../errors.ts';
import type { Gate } from '../render/gate.ts';
import type { Renderer } from '../render/renderer.ts';
import type { BlobStore } from '../store/blob-store.ts';
import type { Integrity } from './integrity.ts';
import type { MemoryTier } from './memory-tier.ts';
import { idOfVariant } from './names.ts';
import type { Report, Saver } from './saver.ts';
import { seal, sealBytes, unseal } from './seal.ts';
import { SingleFlight } from './single-flight.ts';
import type { VariantSpec } from './variant.ts';

export type Tier = 'memory' | 'bucket' | 'render';

/** Milliseconds of each stage that took place. */
export type Stages = Readonly<Partial<Record<'store' | 'queue' | 'render', number>>>;

export interface Obtained {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly tier: Tier;
  /** Whether it will be found in the bucket next time. */
  readonly stored: boolean;
  readonly collapsed: boolean;
  readonly stages: Stages;
}

type Made = Omit<Obtained, 'collapsed'>;

export interface VariantsOptions {
  readonly originals: BlobStore;
  /** The derived bucket. */
  readonly variants: BlobStore;
  readonly memory: MemoryTier;
  readonly renderer: Renderer;
  readonly gate: Gate;
  readonly saver: Saver;
  readonly integrity: Integrity;
  readonly report: Report;
}

/** Finds a variant in memory or in the bucket, or makes it: once, however many ask. */
export class Variants {
  readonly #parts: VariantsOptions;
  readonly #flights = new SingleFlight<Made>();
  /** Keys purged by name while they were being made: they are not kept. */
  readonly #unwanted = new Set<string>();

  constructor(parts: VariantsOptions) {
    this.#parts = parts;
  }

  /** A hit that needs no waiting. */
  inMemory(spec: VariantSpec): Obtained | null {
    const bytes = this.#parts.memory.get(spec.key);
    return bytes === undefined ? null : { bytes, tier: 'memory', stored: true, collapsed: false, stages: {} };
  }

  async obtain(spec: VariantSpec): Promise<Obtained> {
    const hit = this.inMemory(spec);
    if (hit !== null) return hit;
    const { value, collapsed } = await this.#flights.join(spec.key, () => this.#findOrMake(spec));
    return { ...value, collapsed };
  }

  /** Length in bytes if the variant is made already, without making or reading it; null where nobody knows. */
  async lengthOf(spec: VariantSpec): Promise<number | null> {
    const hit = this.inMemory(spec);
    if (hit !== null) return hit.bytes.byteLength;
    const entry = await this.#parts.variants.stat(spec.key).catch(() => null);
    return entry === null ? null : entry.bytes - sealBytes;
  }

  /** Renders of an original that are under way. */
  inFlight(id: string | null): number {
    return [...this.#flights.keys()].filter((key) => id === null || idOfVariant(key) === id).length;
  }

  /** Drops one variant by name everywhere; one that is being made is answered to those who wait, but not kept. */
  async forget(key: string): Promise<{ readonly memory: number; readonly objects: number; readonly bytes: number }> {
    if (this.#flights.forget(key)) this.#unwanted.add(key);
    const memory = this.#parts.memory.delete(key) ? 1 : 0;
    await this.#parts.saver.settled(key);
    const entry = await this.#parts.variants.stat(key);
    await this.#parts.variants.delete([key]);
    return { memory, objects: entry === null ? 0 : 1, bytes: entry === null ? 0 : entry.bytes - sealBytes };
  }

  async #findOrMake(spec: VariantSpec): Promise<Made> {
    try {
      const asked = performance.now();
      const found = await this.#fromBucket(spec.key);
      const store = performance.now() - asked;
      if (found === null) return await this.#make(spec, store);
      if (!this.#unwanted.has(spec.key)) this.#parts.memory.set(spec.key, found);
      return { bytes: found, tier: 'bucket', stored: true, stages: { store } };
    } finally {
      this.#unwanted.delete(spec.key);
    }
  }

  /** A bucket that does not answer is a miss: the picture can still be made. A damaged variant is one too, and goes. */
  async #fromBucket(key: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const { variants, report } = this.#parts;
    try {
      const blob = await variants.get(key);
      if (blob === null) return null;
      const bytes = unseal(blob.bytes);
      if (bytes !== null) return bytes;
      report('A stored variant is damaged and will be made again', key);
      await variants.delete([key]);
    } catch (cause) {
      report('The store of variants does not answer', cause);
    }
    return null;
  }

  async #make(spec: VariantSpec, store: number): Promise<Made> {
    const { gate, memory, saver } = this.#parts;
    const asked = performance.now();
    const { bytes, queue, render } = await gate.pass(async () => {
      const begun = performance.now();
      const bytes = await this.#render(spec);
      return { bytes, queue: begun - asked, render: performance.now() - begun };
    });
    const stages = { store, queue, render };
    if (this.#unwanted.has(spec.key)) return { bytes, tier: 'render', stored: false, stages };
    memory.set(spec.key, bytes);
    const stored = saver.save(spec.key, seal(bytes));
    return { bytes, tier: 'render', stored, stages };
  }

  async #render({ original, plan }: VariantSpec): Promise<Uint8Array<ArrayBuffer>> {
    const file = await this.#parts.originals.localPath(original.blob);
    if (file === null) throw new Failure('damaged-original', `The bytes of "${original.id}" are missing`);
    try {
      await this.#parts.integrity.check(original, file.path);
      return await this.#parts.renderer.render({ plan, path: file.path, version: original.version });
    } finally {
      file.release();
    }
  }
}
