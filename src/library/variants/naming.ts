import { formats } from '../../formats/index.ts';
import type { Fonts } from '../../render/pixels/fonts.ts';
import type { PlanLimits } from '../../render/planning/plan.ts';
import type { BlobEntry, BlobStore } from '../../store/blob-store.ts';
import type { ResolvedTransform } from '../../transform/transform.ts';
import { type Annotations, nextGeneration, type Original } from '../original.ts';
import type { Originals, Precondition } from '../originals/originals.ts';
import { allPages } from '../pages.ts';
import { currentPrefix, epochPrefix, readVariantName, variantsFolder, variantsPrefix } from '../storage-keys.ts';
import { checksumBytes } from './checksum.ts';
import type { PurgeEpoch } from './epoch.ts';
import type { MemoryCache } from './memory-cache.ts';
import { layerIdsIn, specifyVariant, type VariantSpec } from './spec.ts';
import { assertFits } from './variant-cost.ts';
import type { Variants } from './variants.ts';
import type { WorkingCopies } from './working-copies.ts';

/** What a purge did on this node. */
export type ForgottenVariants = {
  readonly originals: number;
  readonly memory: number;
  readonly bucket: { readonly objects: number; readonly bytes: number };
  readonly inFlight: number;
};

export const nothingForgotten: ForgottenVariants = {
  originals: 0,
  memory: 0,
  bucket: { objects: 0, bytes: 0 },
  inFlight: 0,
};

/** A variant that stands in the bucket, as its name tells. */
export interface StoredVariant {
  readonly hash: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly mediaType: string;
}

export interface VariantLibraryOptions {
  readonly originals: Originals;
  /** Where layers are found: among the originals, and perhaps in what stands behind them. */
  readonly layers: Pick<Originals, 'find' | 'known'>;
  readonly variants: Variants;
  readonly memory: MemoryCache;
  readonly copies: Pick<WorkingCopies, 'drop' | 'dropAll'>;
  readonly epoch: PurgeEpoch;
  /** The derived bucket. */
  readonly bucket: BlobStore;
  /** `deadline`: milliseconds of CPU that a render may use. */
  readonly limits: PlanLimits & { readonly deadline: number };
  /** What text is set in. */
  readonly fonts: Pick<Fonts, 'digest'>;
}

/** Names variants, lists them and makes all of this node forget them. */
export class VariantLibrary {
  readonly #parts: VariantLibraryOptions;

  constructor(parts: VariantLibraryOptions) {
    this.#parts = parts;
  }

  /** The variant's name; asks the store for the epoch only where it is not trusted any more. Throws `missing-layer`, `over-limit`. */
  async specify(original: Original, transform: ResolvedTransform): Promise<VariantSpec> {
    const { limits, fonts, epoch, layers: among } = this.#parts;
    const found = await Promise.all(layerIdsIn(transform).map((id) => among.find(id)));
    const layers = found.filter((layer) => layer !== null);
    const context = { epoch: await epoch.current(), limits, layers, fonts: fonts.digest };
    const spec = specifyVariant(original, transform, context);
    assertFits(spec, limits.deadline);
    return spec;
  }

  /** Begins to ask for what naming takes, where that is not believed any more. */
  prefetchRecords(): void {
    void this.#parts.epoch.current().catch(() => {});
  }

  /** Whether a name that was given before would be given again: the records of its originals and the epoch are the same. */
  async isCurrent(spec: VariantSpec, original: Original): Promise<boolean> {
    return this.#isOf(spec, original, await this.#parts.epoch.current());
  }

  /** The same, where the store need not be asked for it; false where it would have to be. */
  isStored(spec: VariantSpec, original: Original): boolean {
    const { epoch } = this.#parts;
    return epoch.isFresh && this.#isOf(spec, original, epoch.value);
  }

  #isOf(spec: VariantSpec, original: Original, epoch: number): boolean {
    const { layers: among } = this.#parts;
    const layersStand = spec.layers.every((layer) => among.known(layer.id) === layer);
    return layersStand && spec.epoch === epoch && spec.original === original;
  }

  /** Variants of what is stored now. */
  async stored(original: Original): Promise<readonly StoredVariant[]> {
    const { bucket, epoch } = this.#parts;
    const found: StoredVariant[] = [];
    for await (const entries of allPages(bucket, currentPrefix(epoch.value, original))) {
      for (const { key, bytes } of entries) {
        const name = readVariantName(key);
        const format = Object.values(formats).find(({ extensions }) => extensions[0] === name?.extension);
        if (name === null || format === undefined) continue;
        const { hash, width, height } = name;
        found.push({ hash, width, height, bytes: bytes - checksumBytes, mediaType: format.mediaType });
      }
    }
    return found;
  }

  /** All variants of these originals. Visible at once, since their names change; then the bytes go. Unknown ids are no error. */
  async purge(ids: readonly string[]): Promise<ForgottenVariants> {
    let sum = nothingForgotten;
    for (const id of new Set(ids)) sum = add(add(sum, await this.rename(id)), await this.drop(id));
    return sum;
  }

  /** From now on nobody is answered with what was made of an original. Its bytes stay, for `drop`. */
  async rename(id: string): Promise<ForgottenVariants> {
    const inFlight = this.#parts.variants.inFlight(id);
    const original = await this.#parts.originals.bumpGeneration(id);
    return { ...nothingForgotten, originals: original === null ? 0 : 1, inFlight };
  }

  /** What `forget` would take away. */
  async weigh(id: string): Promise<ForgottenVariants> {
    const { originals, variants, memory, bucket, epoch } = this.#parts;
    const original = await originals.confirmed(id);
    let sum = nothingForgotten;
    for await (const entries of allPages(bucket, variantsPrefix(epoch.value, id))) {
      sum = add(sum, { ...nothingForgotten, bucket: weightOf(entries) });
    }
    const memorized = { memory: memory.keysOf(id).length, inFlight: variants.inFlight(id) };
    return { ...sum, ...memorized, originals: original === null ? 0 : 1 };
  }

  /** What of what stands now is in memory or in the bucket; `modified` in milliseconds since 1970, null while only in memory. */
  async kept(
    original: Original,
  ): Promise<ReadonlyMap<string, { readonly bytes: number; readonly modified: number | null }>> {
    const { bucket, memory, epoch } = this.#parts;
    const prefix = currentPrefix(epoch.value, original);
    const ours = memory.keysOf(original.id).filter((key) => key.startsWith(prefix));
    const kept = new Map<string, { readonly bytes: number; readonly modified: number | null }>();
    for (const key of ours) kept.set(key, { bytes: 0, modified: null });
    for await (const entries of allPages(bucket, prefix)) {
      for (const { key, bytes, modified } of entries) kept.set(key, { bytes: bytes - checksumBytes, modified });
    }
    return kept;
  }

  /** Every variant of everything: one number goes up. The bytes of the old epoch are left to the sweep. */
  async purgeAll(): Promise<ForgottenVariants> {
    const { variants, memory, copies, epoch } = this.#parts;
    const inFlight = variants.inFlight(null);
    await epoch.bump();
    await copies.dropAll();
    return { ...nothingForgotten, memory: memory.clear(), inFlight };
  }

  /** What `forgetAll` would make unreachable. */
  async weighAll(): Promise<ForgottenVariants> {
    const { variants, memory, epoch } = this.#parts;
    return { ...(await this.#weighEpoch(epoch.value)), memory: memory.size, inFlight: variants.inFlight(null) };
  }

  /** Takes away the bytes of all epochs before this one. */
  async dropPast(told: (sum: ForgottenVariants) => Promise<void>): Promise<ForgottenVariants> {
    const { bucket, epoch } = this.#parts;
    await epoch.refresh();
    let sum = nothingForgotten;
    for await (const entries of allPages(bucket, variantsFolder)) {
      const past = entries.filter(({ key }) => !key.startsWith(epochPrefix(epoch.value)));
      if (past.length > 0) await bucket.delete(past.map(({ key }) => key));
      sum = add(sum, { ...nothingForgotten, bucket: weightOf(past) });
      await told(sum);
    }
    return sum;
  }

  async #weighEpoch(epoch: number): Promise<ForgottenVariants> {
    let sum = nothingForgotten;
    for await (const entries of allPages(this.#parts.bucket, epochPrefix(epoch))) {
      sum = add(sum, { ...nothingForgotten, bucket: weightOf(entries) });
    }
    return sum;
  }

  /** One rendering by name. */
  async purgeVariant(key: string): Promise<ForgottenVariants> {
    const { memory, objects, bytes } = await this.#parts.variants.purge(key);
    return { ...nothingForgotten, memory, bucket: { objects, bytes } };
  }

  /** Says something else of an original; where that changes an answer, its variants are forgotten. Null where there is none. */
  async annotate(id: string, notes: Partial<Annotations>, precondition: Precondition | null): Promise<Original | null> {
    let isSeen = false;
    const noted = await this.#parts.originals.change(id, (current) => {
      precondition?.(current);
      const next = { ...current, ...notes };
      isSeen = String(next.focalPoint) !== String(current.focalPoint) || next.lifetime !== current.lifetime;
      return isSeen ? { ...next, generation: nextGeneration(current.generation, Date.now()) } : next;
    });
    if (noted === null) precondition?.(null);
    if (isSeen) await this.drop(id);
    return noted;
  }

  /** The original and everything made from it. False where there is none. */
  async remove(id: string, precondition: Precondition | null): Promise<boolean> {
    const removed = await this.#parts.originals.remove(id, precondition);
    if (removed) await this.drop(id);
    return removed;
  }

  /** Everything that was ever made of an original, from memory, from this machine's disk and from the bucket. */
  async drop(id: string): Promise<ForgottenVariants> {
    const { bucket, epoch, memory, copies } = this.#parts;
    await copies.drop(id);
    let sum = { ...nothingForgotten, memory: memory.purgeOriginal(id) };
    for await (const entries of allPages(bucket, variantsPrefix(epoch.value, id))) {
      await bucket.delete(entries.map(({ key }) => key));
      sum = add(sum, { ...nothingForgotten, bucket: weightOf(entries) });
    }
    return sum;
  }
}

/** Without what is stored behind each of them. */
function weightOf(entries: readonly BlobEntry[]): ForgottenVariants['bucket'] {
  return { objects: entries.length, bytes: entries.reduce((sum, { bytes }) => sum + bytes - checksumBytes, 0) };
}

export function add(a: ForgottenVariants, b: ForgottenVariants): ForgottenVariants {
  return {
    originals: a.originals + b.originals,
    memory: a.memory + b.memory,
    bucket: { objects: a.bucket.objects + b.bucket.objects, bytes: a.bucket.bytes + b.bucket.bytes },
    inFlight: a.inFlight + b.inFlight,
  };
}
