import { Failure } from '../../errors.ts';
import type { FormatName } from '../../formats/format.ts';
import { formats } from '../../formats/index.ts';
import type { ResolvedComponent, ResolvedTransform } from '../../transform/transform.ts';
import type { PlanLimits, SourceFacts } from '../source-facts.ts';

/** Whether the original is an animation. Documents with pages are not. */
export function isAnimation({ format, pages }: SourceFacts): boolean {
  return pages > 1 && formats[format].animation;
}

/** Facts of the requested page. Throws `unfit-words` if it does not exist. */
export function factsOfPage({ sheets, ...facts }: SourceFacts, page: number | null): SourceFacts {
  if (page !== null && page > facts.pages) {
    throw new Failure('unfit-words', `Expected a page from 1 to ${facts.pages} for pg but received ${page}`);
  }
  return { ...facts, ...sheets?.[(page ?? 1) - 1] };
}

/**
 * Number of frames of the output; 1 for a still.
 * @throws Failure `unfit-words` for parameters that cannot apply to frames, or for `fl_animated` on a still;
 * `over-limit` for too many frames.
 */
export function framesOf(
  asked: ResolvedTransform,
  facts: SourceFacts,
  format: FormatName,
  { maxFrames }: PlanLimits,
): number {
  const moves = isAnimation(facts) && asked.page === null && formats[format].animation;
  if (!moves) {
    if (asked.animated) throw still(facts, format);
    return 1;
  }
  const stiff = asked.components.flatMap((component) => stiffWord(component) ?? [])[0];
  if (stiff !== undefined) {
    const sentence = `Expected parameters that apply to each of ${facts.pages} frames but received ${stiff}; add pg_1 for a single frame`;
    throw new Failure('unfit-words', sentence);
  }
  if (facts.pages > maxFrames) {
    throw new Failure('over-limit', `Expected at most ${maxFrames} frames but there are ${facts.pages}`);
  }
  return facts.pages;
}

function still(facts: SourceFacts, format: FormatName): Failure {
  const reason = isAnimation(facts) ? `${format} holds one frame` : 'the original is a still image';
  return new Failure('unfit-words', `Expected an animation for fl_animated but ${reason}`);
}

/** Parameter whose result or size would differ between frames, as text; null if there is none. */
function stiffWord({ angle, effects, gravity }: ResolvedComponent): string | null {
  if (angle.degrees % 90 !== 0) return `a_${angle.degrees}`;
  if (effects.trim !== undefined) return 'e_trim';
  return gravity === 'auto' || gravity === 'auto:entropy' ? `g_${gravity}` : null;
}
