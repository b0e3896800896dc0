import type { FormatName } from '../../formats/format.ts';
import { candidatesFor } from '../../transform/negotiate.ts';
import type { ResolvedTransform } from '../../transform/transform.ts';
import type { Original } from '../original.ts';
import { readVariantName } from '../storage-keys.ts';
import type { MemoryCache } from '../variants/memory-cache.ts';
import type { VariantLibrary } from '../variants/naming.ts';
import type { VariantSpec } from '../variants/spec.ts';

/** How an answer may differ from the request when the server has no time to render it. */
export const degradations = ['format', 'size'] as const;
export type Degradation = (typeof degradations)[number];

export interface DegradedAnswersOptions {
  readonly library: VariantLibrary;
  readonly memory: MemoryCache;
  /** In the order they are tried. */
  readonly degrade: readonly Degradation[];
}

export interface StoredAnswer {
  readonly spec: VariantSpec;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Sizes that are looked at, the nearest first. */
const maxSizes = 8;

/** Shapes that differ by less than this share are the same, rounded to whole pixels. */
const sameShape = 0.02;

/** Finds a substitute in memory: the same picture in a plainer format, or the same picture larger. */
export class DegradedAnswers {
  readonly #parts: DegradedAnswersOptions;

  constructor(parts: DegradedAnswersOptions) {
    this.#parts = parts;
  }

  /** Null if nothing suitable is in memory, if degraded answers are off, or if the answer might exceed the byte limit. */
  async find(original: Original, asked: ResolvedTransform): Promise<StoredAnswer | null> {
    const { degrade, library } = this.#parts;
    if (degrade.length === 0 || asked.aim?.kind === 'bytes') return null;
    const wanted = await library.specify(original, { ...asked, aim: null });
    const names = degrade.includes('format') ? formatsFor(original, asked, wanted) : [wanted.plan.format];
    for (const name of names) {
      const same = this.#atHand(await this.#specify(original, asked, name));
      if (same !== null) return same;
    }
    if (!degrade.includes('size')) return null;
    for (const name of names) {
      const larger = await this.#larger(original, asked, await this.#specify(original, asked, name));
      if (larger !== null) return larger;
    }
    return null;
  }

  #specify(original: Original, asked: ResolvedTransform, name: FormatName): Promise<VariantSpec> {
    return this.#parts.library.specify(original, { ...asked, aim: null, format: { kind: 'fixed', name } });
  }

  /** The same words with other sides, if that has the very name of something that is there. */
  async #larger(original: Original, asked: ResolvedTransform, spec: VariantSpec): Promise<StoredAnswer | null> {
    const [component, ...more] = asked.components;
    if (component === undefined || more.length > 0) return null;
    for (const { width, height } of this.#sizesAbove(spec)) {
      const sides = {
        width: component.width === null ? null : ({ unit: 'px', value: width } as const),
        height: component.height === null ? null : ({ unit: 'px', value: height } as const),
      };
      const resized = { ...asked, components: [{ ...component, ...sides }] };
      const larger = this.#atHand(await this.#specify(original, resized, spec.plan.format));
      if (larger !== null) return larger;
    }
    return null;
  }

  #atHand(spec: VariantSpec): StoredAnswer | null {
    const bytes = this.#parts.memory.get(spec.key);
    return bytes === undefined ? null : { spec, bytes };
  }

  /** Sizes in memory of the same original, format and shape, the nearest first. */
  #sizesAbove({ key, original, plan }: VariantSpec) {
    const prefix = key.slice(0, key.lastIndexOf('/') + 1);
    const extension = readVariantName(key)?.extension;
    return this.#parts.memory
      .keysOf(original.id)
      .filter((other) => other.startsWith(prefix))
      .flatMap((other) => readVariantName(other) ?? [])
      .filter((name) => name.extension === extension && name.width > plan.width && name.height > plan.height)
      .filter(({ width, height }) => Math.abs((width * plan.height) / (height * plan.width) - 1) < sameShape)
      .sort((a, b) => a.width - b.width)
      .slice(0, maxSizes);
  }
}

/** Under `f_auto` what the client takes, the richest first; else what was asked for alone. */
function formatsFor(
  original: Original,
  { format, page }: ResolvedTransform,
  { plan }: VariantSpec,
): readonly FormatName[] {
  if (format.kind !== 'auto') return [plan.format];
  const { alpha, pages } = original.facts;
  const pixels = plan.width === 0 ? null : plan.width * plan.height;
  return candidatesFor(format.bucket, {
    alpha,
    animated: page === null && pages > 1 && plan.frames !== undefined,
    pixels,
  });
}
