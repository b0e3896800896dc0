import { SingleFlight } from '../../concurrency/single-flight.ts';
import { Failure } from '../../errors.ts';
import type { FormatName } from '../../formats/format.ts';
import { formats } from '../../formats/index.ts';
import type { Report } from '../../observability/report.ts';
import type { RenderPlan } from '../../render/planning/plan.ts';
import type { RenderQueue } from '../../render/queue/render-queue.ts';
import { squareTransform } from '../../transform/resolve.ts';
import type { QualityAim, ResolvedTransform } from '../../transform/transform.ts';
import type { Original } from '../original.ts';
import type { VariantLibrary } from '../variants/naming.ts';
import type { Variants } from '../variants/variants.ts';
import type { DecisionCache } from './decision-cache.ts';

/** A quality that is wanted. */
export interface QualityRequest {
  readonly original: Original;
  readonly format: FormatName;
  /** Of the answer: only its size matters. */
  readonly plan: Pick<RenderPlan, 'width' | 'height'>;
  readonly aim: Extract<QualityAim, { kind: 'likeness' }>;
}

export interface QualitySearchOptions {
  readonly library: VariantLibrary;
  readonly variants: Variants;
  readonly decisionCache: DecisionCache;
  readonly queue: RenderQueue;
  readonly report: Report;
}

/** Qualities that are looked for or wait for it; beyond, whoever asks later has them looked for. */
const maxWaiting = 100;
/** Sides of the proxy, in pixels: more costs time, less is no likeness of the picture. */
const minSide = 64;
const maxSide = 512;

/** Doublings of pixels: what is found out for one size holds for sizes near it. 0 where it takes pixels to tell. */
export function sizeClass({ width, height }: QualityRequest['plan']): number {
  return width === 0 ? 0 : Math.round(Math.log2(width * height));
}

export function readQuality(text: string): number | null {
  return /^([1-9]\d?|100)$/.test(text) ? Number(text) : null;
}

/**
 * Finds the lowest quality at which a picture still looks like itself: on a small proxy, when nobody waits for a render, and
 * once for each format and size class. Depends on the picture and the aim alone, so every node finds the same.
 */
export class QualitySearch {
  readonly #parts: QualitySearchOptions;
  readonly #flights = new SingleFlight<void>();

  constructor(parts: QualitySearchOptions) {
    this.#parts = parts;
  }

  /** The quality that suffices; null where nobody knows yet, and then it is looked for. */
  async qualityFor(wanted: QualityRequest): Promise<number | null> {
    const question = `q.${wanted.format}.${sizeClass(wanted.plan)}.${wanted.aim.target}`;
    const known = await this.#parts.decisionCache.find(wanted.original, question, readQuality);
    if (known === null && [...this.#flights.keys()].length < maxWaiting) void this.#find(wanted, question);
    return known;
  }

  /** Resolves once nothing is being looked for. */
  async settled(): Promise<void> {
    await Promise.all([...this.#flights.keys()].map((key) => this.#flights.join(key, async () => {})));
  }

  async #find({ original, format, plan, aim }: QualityRequest, question: string): Promise<void> {
    const { library, variants, decisionCache, queue, report } = this.#parts;
    const find = async () => {
      const [least, most] = formats[format].qualities ?? [1, 100];
      const qualities = Array.from({ length: most - least + 1 }, (_, index) => least + index);
      const proxy = sampleOf(plan, format);
      const specs = await Promise.all(qualities.map((quality) => library.specify(original, { ...proxy, quality })));
      const index = await variants.search(specs, aim);
      await decisionCache.putIfAbsent(original, question, String(qualities[index] ?? most), readQuality);
    };
    const reported = (cause: unknown) => {
      // Too busy, or about to end: whoever asks next has it looked for again.
      if (!(cause instanceof Failure && cause.kind === 'overloaded'))
        report('The quality that suffices could not be found', cause);
    };
    await this.#flights.join(`${original.blob} ${question}`, () => queue.runInBackground(find).catch(reported));
  }
}

/** The whole picture, as small as the answer or smaller. */
function sampleOf({ width, height }: QualityRequest['plan'], name: FormatName): ResolvedTransform {
  const side =
    width === 0 ? maxSide : Math.min(maxSide, Math.max(minSide, 2 ** Math.ceil(sizeClass({ width, height }) / 2)));
  return { ...squareTransform(side), format: { kind: 'fixed', name } };
}
