import { Failure } from '../../errors.ts';
import type { FormatName } from '../../formats/format.ts';
import { isAnimation } from '../../render/planning/frames.ts';
import { candidatesFor } from '../../transform/negotiate.ts';
import type { ResolvedTransform } from '../../transform/transform.ts';
import type { Original } from '../original.ts';
import type { VariantLibrary } from '../variants/naming.ts';
import type { Requester, Variants } from '../variants/variants.ts';
import type { DecisionCache } from './decision-cache.ts';

export interface BreakpointOptions {
  readonly library: VariantLibrary;
  readonly variants: Variants;
  readonly decisionCache: DecisionCache;
}

/** The richest first, each with fewer bytes than all behind it; the last is what everybody takes. */
export type Worthy = readonly [FormatName, ...FormatName[]];

/** The picture at a width in a format. */
type At = (width: number, format: FormatName) => ResolvedTransform;

/** Widths that are measured, in pixels; screens have no more to show than the last one. */
const measured = [320, 640, 1280, 2560] as const;
/** At this one in every format. */
const middle = 640;
/** Bytes between neighbours that make a difference, widths at most, and the grid they lie on in pixels. */
const minStep = 20_000;
const maxWidths = 8;
const grid = 20;

interface Sample {
  readonly width: number;
  readonly bytes: number;
}

/** In which formats and widths a picture's bytes differ enough to matter: measured on some of them, once, and remembered. */
export class Breakpoints {
  readonly #parts: BreakpointOptions;

  constructor(parts: BreakpointOptions) {
    this.#parts = parts;
  }

  async formats(original: Original, at: At, asker: Requester | null): Promise<Worthy> {
    const { decisionCache } = this.#parts;
    const known = await decisionCache.find(original, 'formats', readFormats);
    if (known !== null) return known;
    const [plainest, ...richer] = formatsOf(original);
    const candidates = [...richer, plainest];
    const either = [measured[0], middle].map((one) => Math.min(one, original.facts.width));
    const width = (await this.fitting(original, either, at)).at(-1) ?? middle;
    const bytes = await this.#measure(
      original,
      candidates.map((format) => at(width, format)),
      asker,
    );
    const worthy = candidates.filter((_, index) => isLeast(bytes, index)).join('.');
    return (await decisionCache.putIfAbsent(original, 'formats', worthy, readFormats)) ?? [plainest];
  }

  /** Rising, none beyond the original. */
  async widths(original: Original, at: At, asker: Requester | null): Promise<readonly number[]> {
    const { decisionCache } = this.#parts;
    const known = await decisionCache.find(original, 'widths', readWidths);
    if (known !== null) return known;
    const within = measured.map((one) => Math.min(one, original.facts.width));
    const widths = await this.fitting(original, within, at);
    const bytes = await this.#measure(
      original,
      widths.map((width) => at(width, 'webp')),
      asker,
    );
    const found = widthsBetween(widths.map((width, index) => ({ width, bytes: bytes[index] ?? 0 })));
    return (await decisionCache.putIfAbsent(original, 'widths', found.join(','), readWidths)) ?? found;
  }

  /**
   * Those that can be rendered, rising: none beyond the original where any is within it, and none over a limit.
   * Throws `over-limit` where none is left.
   */
  async fitting(original: Original, widths: readonly number[], at: At): Promise<readonly number[]> {
    const rising = [...new Set(widths)].toSorted((a, b) => a - b);
    const within = rising.filter((width) => width <= original.facts.width);
    const [least, ...more] = within.length > 0 ? within : rising.slice(0, 1);
    if (least === undefined) return [];
    await this.#parts.library.specify(original, at(least, 'webp'));
    const fits = await Promise.all(more.map((width) => this.#fits(original, at(width, 'webp'))));
    return [least, ...more.filter((_, index) => fits[index])];
  }

  #fits(original: Original, resolved: ResolvedTransform): Promise<boolean> {
    return this.#parts.library.specify(original, resolved).then(
      () => true,
      (thrown: unknown) => {
        if (thrown instanceof Failure && thrown.kind === 'over-limit') return false;
        throw thrown;
      },
    );
  }

  async #measure(original: Original, wanted: readonly ResolvedTransform[], asker: Requester | null) {
    const specs = await Promise.all(wanted.map((one) => this.#parts.library.specify(original, one)));
    return (await this.#parts.variants.obtainAll(specs, asker)).map(({ bytes }) => bytes.byteLength);
  }
}

/** The plainest, then the others, the richest first. */
function formatsOf({ facts }: Original): Worthy {
  const picture = { alpha: facts.alpha, animated: isAnimation(facts), pixels: 0 };
  const [plainest] = candidatesFor('base', picture);
  const rich = (['avif', 'webp'] as const).flatMap((bucket) => candidatesFor(bucket, picture));
  return [plainest, ...new Set(rich.filter((format) => format !== plainest))];
}

/** Whether it has fewer bytes than all that are plainer. */
function isLeast(bytes: readonly number[], index: number): boolean {
  return bytes.slice(index + 1).every((plainer) => (bytes[index] ?? 0) < plainer);
}

const names: readonly FormatName[] = ['avif', 'webp', 'jpg', 'png', 'gif'];

/** Null for a text that is none of ours. */
function readFormats(text: string): Worthy | null {
  const given = text.split('.');
  const [richest, ...plainer] = names.filter((name) => given.includes(name));
  if (given.length !== plainer.length + 1) return null;
  return richest === undefined ? null : [richest, ...plainer];
}

/** Null for a text that is none of ours. */
function readWidths(text: string): readonly number[] | null {
  return /^\d{1,5}(?:,\d{1,5})*$/.test(text) ? text.split(',').map(Number) : null;
}

/** Begins with the smallest, ends with the largest, and goes on wherever enough bytes have come together. */
export function widthsBetween(samples: readonly Sample[]): readonly number[] {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined) return [];
  const step = Math.max(minStep, (last.bytes - first.bytes) / (maxWidths - 1));
  const widths = [first.width];
  let reached = first.bytes;
  for (let width = first.width + grid; width < last.width; width += grid) {
    const bytes = bytesAt(width, samples);
    if (bytes - reached < step || last.bytes - bytes < step / 2) continue;
    widths.push(width);
    reached = bytes;
  }
  return last.width > first.width ? [...widths, last.width] : widths;
}

/** Between two samples bytes are a power of the width. */
function bytesAt(width: number, samples: readonly Sample[]): number {
  const above = samples.findIndex((sample) => sample.width >= width);
  const [from, to] = [samples[above - 1], samples[above]];
  if (from === undefined || to === undefined) return samples[0]?.bytes ?? 0;
  const share = Math.log(width / from.width) / Math.log(to.width / from.width);
  return from.bytes * (to.bytes / from.bytes) ** share;
}
