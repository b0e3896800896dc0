import { type Placeholder, placeholderSide } from '../../render/placeholder-facts.ts';
import { type PlanLimits, planRender } from '../../render/planning/plan.ts';
import type { RenderQueue } from '../../render/queue/render-queue.ts';
import type { SourceFacts } from '../../render/source-facts.ts';
import type { Renderer } from '../../render/workers/renderer.ts';
import { squareTransform } from '../../transform/resolve.ts';
import type { ResolvedTransform } from '../../transform/transform.ts';
import type { Original } from '../original.ts';
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

/** Looks at a picture that comes in. One that cannot be looked at now is looked at when somebody asks for it. */
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
    const known = readLook(await decisionCache.find(original, decisionKey));
    if (known !== null) return known;
    const placeholder = await variants.peek(await library.specify(original, placeholderTransform));
    await decisionCache.putIfAbsent(original, decisionKey, JSON.stringify(placeholder));
    return placeholder;
  }
}

/** null for what is none we wrote. */
function readLook(text: string | null): Placeholder | null {
  const fields = new Map<string, unknown>(Object.entries(parsed(text)));
  const names = ['dominantColor', 'thumbHash', 'blurHash', 'placeholder'] as const;
  const [dominantColor, thumbHash, blurHash, placeholder] = names.map((name) => fields.get(name));
  if (typeof dominantColor !== 'string' || typeof thumbHash !== 'string') return null;
  if (typeof blurHash !== 'string' || typeof placeholder !== 'string') return null;
  return { dominantColor, thumbHash, blurHash, placeholder };
}

function parsed(text: string | null): object {
  try {
    return Object(JSON.parse(text ?? '{}'));
  } catch {
    return {};
  }
}
