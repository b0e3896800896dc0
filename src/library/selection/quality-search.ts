import { Failure } from '../../errors.ts';
import type { FormatName } from '../../formats/format.ts';
import { formats } from '../../formats/index.ts';
import type { Gate } from '../../render/queue/render-queue.ts';
import type { RenderPlan } from '../../render/planning/plan.ts';
import { squareTransform } from '../../transform/resolve.ts';
import type { QualityAim, ResolvedTransform } from '../../transform/transform.ts';
import type { Library } from '../variants/naming.ts';
import type { Original } from '../original.ts';
import type { Remembered } from './decision-cache.ts';
import type { Report } from '../../observability/report.ts';
import { SingleFlight } from '../../concurrency/single-flight.ts';
import type { Variants } from '../variants/variants.ts';

/** A quality that is wanted. */
export interface Tuned {
  readonly original: Original;
  readonly format: FormatName;
  /** Of the answer: only its size matters. */
  readonly plan: Pick<RenderPlan, 'width' | 'height'>;
  readonly aim: Extract<QualityAim, { kind: 'likeness' }>;
}

export interface TuningParts {
  readonly library: Library;
  readonly variants: Variants;
  readonly remembered: Remembered;
  readonly gate: Gate;
  readonly report: Report;
}

/** Qualities that are looked for or wait for it; beyond, whoever asks later has them looked for. */
const mostWaiting = 100;
/** Sides of the proxy, in pixels: more costs time, less is no likeness of the picture. */
const leastSide = 64;
const mostSide = 512;

/** Doublings of pixels: what is found out for one size holds for sizes near it. 0 where it takes pixels to tell. */
export function sizeClass({ width, height }: Tuned['plan']): number {
  return width === 0 ? 0 : Math.round(Math.log2(width * height));
}

export function readQuality(text: string | null): number | null {
  return text !== null && /^([1-9]\d?|100)$/.test(text) ? Number(text) : null;
}

/**
 * Finds the lowest quality at which a picture still looks like itself: on a small proxy, when nobody waits for a render, and
 * once for each format and size class. Depends on the picture and the aim alone, so every node finds the same.
 */
export class Tuning {
  readonly #parts: TuningParts;
  readonly #flights = new SingleFlight<void>();

  constructor(parts: TuningParts) {
    this.#parts = parts;
  }

  /** The quality that suffices; null where nobody knows yet, and then it is looked for. */
  async qualityFor(wanted: Tuned): Promise<number | null> {
    const question = `q.${wanted.format}.${sizeClass(wanted.plan)}.${wanted.aim.target}`;
    const known = readQuality(await this.#parts.remembered.find(wanted.original, question));
    if (known === null && [...this.#flights.keys()].length < mostWaiting) void this.#find(wanted, question);
    return known;
  }

  /** Resolves once nothing is being looked for. */
  async settled(): Promise<void> {
    await Promise.all([...this.#flights.keys()].map((key) => this.#flights.join(key, async () => {})));
  }

  async #find({ original, format, plan, aim }: Tuned, question: string): Promise<void> {
    const { library, variants, remembered, gate, report } = this.#parts;
    const find = async () => {
      const [least, most] = formats[format].qualities ?? [1, 100];
      const qualities = Array.from({ length: most - least + 1 }, (_, index) => least + index);
      const proxy = proxyOf(plan, format);
      const specs = await Promise.all(qualities.map((quality) => library.specify(original, { ...proxy, quality })));
      const index = await variants.search(specs, aim);
      await remembered.settle(original, question, String(qualities[index] ?? most));
    };
    const reported = (cause: unknown) => {
      // Too busy, or about to end: whoever asks next has it looked for again.
      if (!(cause instanceof Failure && cause.kind === 'overloaded'))
        report('The quality that suffices could not be found', cause);
    };
    await this.#flights.join(`${original.blob} ${question}`, () => gate.quietly(find).catch(reported));
  }
}

/** The whole picture, as small as the answer or smaller. */
function proxyOf({ width, height }: Tuned['plan'], name: FormatName): ResolvedTransform {
  const side =
    width === 0 ? mostSide : Math.min(mostSide, Math.max(leastSide, 2 ** Math.ceil(sizeClass({ width, height }) / 2)));
  return { ...squareTransform(side), format: { kind: 'fixed', name } };
}
