import type { FormatName } from '../formats/format.ts';
import { isAnimation } from '../render/frames.ts';
import { candidatesFor } from '../transform/negotiate.ts';
import type { ResolvedTransform } from '../transform/transform.ts';
import type { Library } from './library.ts';
import type { Original } from './original.ts';
import type { Remembered } from './remembered.ts';
import type { Asker, Variants } from './variants.ts';

export interface BreakpointParts {
  readonly library: Library;
  readonly variants: Variants;
  readonly remembered: Remembered;
}

/** What is worth offering of a picture. */
export interface Offer {
  /** Rising, none beyond the original. */
  readonly widths: readonly number[];
  /** Each with fewer bytes than all behind it; the last is what everybody takes. */
  readonly formats: readonly [FormatName, ...FormatName[]];
}

/** Widths that are measured, in pixels; screens have no more to show than the last one. */
const measured = [320, 640, 1280, 2560] as const;
/** At this one in every format. */
const middle = 640;
/** Bytes between neighbours that make a difference, widths at most, and the grid they lie on in pixels. */
const leastStep = 20_000;
const mostWidths = 8;
const grid = 20;

interface Sample {
  readonly width: number;
  readonly bytes: number;
}

/** In which formats and widths a picture's bytes differ enough to matter: measured on some of them, once, and remembered. */
export class Breakpoints {
  readonly #parts: BreakpointParts;

  constructor(parts: BreakpointParts) {
    this.#parts = parts;
  }

  /** `at`: the picture at a width in a format. */
  async of(
    original: Original,
    at: (width: number, format: FormatName) => ResolvedTransform,
    asker: Asker | null,
  ): Promise<Offer> {
    const { library, variants, remembered } = this.#parts;
    const known = readOffer(await remembered.find(original, 'offer'));
    if (known !== null) return known;
    const sizes = async (wanted: readonly (readonly [width: number, format: FormatName])[]) => {
      const specs = await Promise.all(wanted.map(([width, format]) => library.specify(original, at(width, format))));
      return (await variants.obtainAll(specs, asker)).map(({ bytes }) => bytes.byteLength);
    };
    const { width } = original.facts;
    const widths = [...new Set(measured.map((one) => Math.min(one, width)))];
    const lengths = await sizes(widths.map((one) => [one, 'webp']));
    const candidates = formatsOf(original);
    const inFormats = await sizes(candidates.map((format) => [Math.min(middle, width), format]));
    const samples = widths.map((one, index) => ({ width: one, bytes: lengths[index] ?? 0 }));
    const worthy = candidates.filter((_, index) => isLeast(inFormats, index));
    const answer = `${worthy.join('.')} ${widthsBetween(samples).join(',')}`;
    const offer = readOffer(await remembered.settle(original, 'offer', answer));
    if (offer === null) throw new TypeError('Expected to read what was written');
    return offer;
  }
}

/** The richest first. */
function formatsOf({ facts }: Original): readonly FormatName[] {
  const picture = { alpha: facts.alpha, animated: isAnimation(facts), pixels: 0 };
  const [plainest] = candidatesFor('base', picture);
  const rich = (['avif', 'webp'] as const).flatMap((bucket) => candidatesFor(bucket, picture));
  return [...new Set(rich.filter((format) => format !== plainest)), plainest];
}

/** Whether it has fewer bytes than all that are plainer. */
function isLeast(bytes: readonly number[], index: number): boolean {
  return bytes.slice(index + 1).every((plainer) => (bytes[index] ?? 0) < plainer);
}

const names: readonly FormatName[] = ['avif', 'webp', 'jpg', 'png', 'gif'];

/** null for what is none we wrote. */
function readOffer(text: string | null): Offer | null {
  const [, formats = '', widths = ''] = /^([a-z.]+) (\d+(?:,\d+)*)$/.exec(text ?? '') ?? [];
  const [richest, ...plainer] = names.filter((name) => formats.split('.').includes(name));
  return richest === undefined ? null : { formats: [richest, ...plainer], widths: widths.split(',').map(Number) };
}

/** Begins with the smallest, ends with the largest, and goes on wherever enough bytes have come together. */
export function widthsBetween(samples: readonly Sample[]): readonly number[] {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined) return [];
  const step = Math.max(leastStep, (last.bytes - first.bytes) / (mostWidths - 1));
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
