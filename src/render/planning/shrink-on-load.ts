import type { Size } from '../geometry.ts';
import { orientationOfExif, swapsSides } from '../orientation.ts';
import type { SourceFacts } from '../source-facts.ts';
import type { Step } from '../steps/index.ts';

/** Factor by which libjpeg reduces the sides while decoding. At least a factor of two is left to Lanczos. */
function divisorFor(from: Size, to: Size): number {
  const shrink = Math.min(from.width / to.width, from.height / to.height);
  return [8, 4, 2].find((divisor) => shrink >= 2 * divisor) ?? 1;
}

/** Size of an original as stored, without its orientation applied. */
export function lyingSize({ width, height, orientation }: SourceFacts): Size {
  return swapsSides(orientationOfExif(orientation)) ? { width: height, height: width } : { width, height };
}

/**
 * Size of the original if it must be decoded in full before scaling; undefined otherwise.
 * If libjpeg cannot divide the sides of a JPEG evenly, it adds a partial column or row, and the result is shifted by a
 * fraction of a pixel. Striped photos lose 15 dB against exact Lanczos by that.
 */
export function wholeFor(facts: SourceFacts, to: Size): Size | undefined {
  if (facts.format !== 'jpg') return undefined;
  const from = lyingSize(facts);
  const divisor = divisorFor(from, to);
  return from.width % divisor === 0 && from.height % divisor === 0 ? undefined : from;
}

/** Factor by which the sides of an original are reduced while decoding. */
export function divisorOf(facts: SourceFacts, to: Size): number {
  return facts.format === 'jpg' && wholeFor(facts, to) === undefined ? divisorFor(lyingSize(facts), to) : 1;
}

/** Marks an initial resize step for a full decode where `wholeFor` requires it. */
export function scaledExactly(steps: readonly Step[], facts: SourceFacts): readonly Step[] {
  const [first, ...rest] = steps;
  const whole = first?.kind === 'resize' ? wholeFor(facts, first) : undefined;
  return first?.kind !== 'resize' || whole === undefined ? steps : [{ ...first, whole }, ...rest];
}
