import * as v from 'valibot';
import { type Placeholder, placeholderSide } from '../../render/placeholder-facts.ts';
import { type PlanLimits, planRender } from '../../render/planning/plan.ts';
import type { RenderQueue } from '../../render/queue/render-queue.ts';
import type { SourceFacts } from '../../render/source-facts.ts';
import type { Renderer } from '../../render/workers/renderer.ts';
import { squareTransform } from '../../transform/resolve.ts';
import type { ResolvedTransform } from '../../transform/transform.ts';
import type { Original } from '../original.ts';
import { placeholderSchema } from '../originals/record.ts';
import type { VariantLibrary } from '../variants/naming.ts';
import type { Variants } from '../variants/variants.ts';
import type { DecisionCache } from './decision-cache.ts';

/** The picture that is looked at. */
const placeholderTransform: ResolvedTransform = {
  ...squareTransform(placeholderSide),
  format: { kind: 'fixed', name: 'png' },
};

export type { Placeholder as Look };

const decisionKey = 'look';
const storedPlaceholder = v.pipe(v.string(), v.parseJson(), placeholderSchema);

/** Measures the placeholder of an upload. If that fails, the first request for it measures it again. */
export async function measurePlaceholder(
  {
    queue,
    renderer,
    limits,
  }: { readonly queue: RenderQueue; readonly renderer: Renderer; readonly limits: PlanLimits },
  file: { readonly path: string; readonly version: string },
  facts: SourceFacts,
): Promise<{ readonly look?: Placeholder }> {
  const plan = planRender(placeholderTransform, { facts, focalPoint: null }, limits);
  const looking = queue.run(() => renderer.computePlaceholder({ path: file.path, version: file.version, plan }));
  return looking.then(
    (placeholder) => ({ look: placeholder }),
    () => ({}),
  );
}

/** What can be shown of an original before it is there: made when it came in, or, where that was long ago, when it is asked for. */
export class Placeholders {
  readonly #parts: {
    readonly library: VariantLibrary;
    readonly variants: Variants;
    readonly decisionCache: DecisionCache;
  };

  constructor(parts: {
    readonly library: VariantLibrary;
    readonly variants: Variants;
    readonly decisionCache: DecisionCache;
  }) {
    this.#parts = parts;
  }

  async of(original: Original): Promise<Placeholder> {
    if (original.look !== undefined) return original.look;
    const { library, variants, decisionCache } = this.#parts;
    const known = await decisionCache.find(original, decisionKey, readPlaceholder);
    if (known !== null) return known;
    const placeholder = await variants.peek(await library.specify(original, placeholderTransform));
    await decisionCache.putIfAbsent(original, decisionKey, JSON.stringify(placeholder), readPlaceholder);
    return placeholder;
  }
}

/** Null for a text that is none of ours. */
function readPlaceholder(text: string): Placeholder | null {
  const read = v.safeParse(storedPlaceholder, text);
  return read.success ? read.output : null;
}
