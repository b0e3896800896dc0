import type { Size } from '../geometry.ts';
import { orientationOfExif, swapsSides } from '../orientation.ts';
import type { SourceFacts } from '../source-facts.ts';
import type { Step } from '../steps/index.ts';

/** What libjpeg divides sides by while it decodes, where at least a factor of two is to be left to Lanczos. */
function divisorFor(from: Size, to: Size): number {
  const shrink = Math.min(from.width / to.width, from.height / to.height);
  return [8, 4, 2].find((divisor) => shrink >= 2 * divisor) ?? 1;
}

/** Sides of an original as it lies. */
export function lyingSize({ width, height, orientation }: SourceFacts): Size {
  return swapsSides(orientationOfExif(orientation)) ? { width: height, height: width } : { width, height };
}

/**
 * The original to be decoded whole before it is scaled, where that shows; else undefined. A JPEG whose sides libjpeg cannot
 * divide evenly gets a column or a row that is only in part the picture's, and all of it comes out a fraction of a pixel too
 * small: striped photos lose 15 dB against exact Lanczos by that.
 */
export function wholeFor(facts: SourceFacts, to: Size): Size | undefined {
  if (facts.format !== 'jpg') return undefined;
  const from = lyingSize(facts);
  const divisor = divisorFor(from, to);
  return from.width % divisor === 0 && from.height % divisor === 0 ? undefined : from;
}

/** By what the sides of an original are divided while it is decoded. */
export function divisorOf(facts: SourceFacts, to: Size): number {
  return facts.format === 'jpg' && wholeFor(facts, to) === undefined ? divisorFor(lyingSize(facts), to) : 1;
}

/** Steps that begin with scaling the original, which decodes whole where it has to be. */
export function scaledExactly(steps: readonly Step[], facts: SourceFacts): readonly Step[] {
  const [first, ...rest] = steps;
  const whole = first?.kind === 'resize' ? wholeFor(facts, first) : undefined;
  return first?.kind !== 'resize' || whole === undefined ? steps : [{ ...first, whole }, ...rest];
}
