import { Failure } from '../../errors.ts';
import type { FormatName } from '../../formats/format.ts';
import { formats } from '../../formats/index.ts';
import type { ResolvedComponent, ResolvedTransform } from '../../transform/transform.ts';
import type { PlanLimits, SourceFacts } from '../source-facts.ts';

/** Whether it is an animation whose frames we can reach; pages of a document are none. */
export function isAnimation({ format, pages }: SourceFacts): boolean {
  return pages > 1 && formats[format].animation;
}

/** The facts of the page that was asked for. Throws `unfit-words` where there are fewer pages. */
export function factsOfPage({ sheets, ...facts }: SourceFacts, page: number | null): SourceFacts {
  if (page !== null && page > facts.pages) {
    throw new Failure('unfit-words', `Expected a page from 1 to ${facts.pages} for pg but received ${page}`);
  }
  return { ...facts, ...sheets?.[(page ?? 1) - 1] };
}

/**
 * Frames of the answer; 1 where it is a still.
 * @throws Failure `unfit-words` for words that cannot run on frames, or `fl_animated` where nothing moves; `over-limit`
 * for too many.
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
    const sentence = `Expected words that can be done to each of ${facts.pages} frames but received ${stiff}; pg_1 asks for one frame`;
    throw new Failure('unfit-words', sentence);
  }
  if (facts.pages > maxFrames) {
    throw new Failure('over-limit', `Expected at most ${maxFrames} frames but there are ${facts.pages}`);
  }
  return facts.pages;
}

function still(facts: SourceFacts, format: FormatName): Failure {
  const reason = isAnimation(facts) ? `${format} holds one frame` : 'the original does not move';
  return new Failure('unfit-words', `Expected an animation for fl_animated but ${reason}`);
}

/** What has another result, or another size, on every frame. */
function stiffWord({ angle, effects, gravity }: ResolvedComponent): string | null {
  if (angle.degrees % 90 !== 0) return `a_${angle.degrees}`;
  if (effects.trim !== undefined) return 'e_trim';
  return gravity === 'auto' || gravity === 'auto:entropy' ? `g_${gravity}` : null;
}
