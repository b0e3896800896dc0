import type { Gate } from '../../render/queue/render-queue.ts';
import { type Look, lookSide } from '../../render/placeholder-facts.ts';
import { type PlanLimits, planRender } from '../../render/planning/plan.ts';
import type { Renderer } from '../../render/workers/renderer.ts';
import type { SourceFacts } from '../../render/source-facts.ts';
import { squareTransform } from '../../transform/resolve.ts';
import type { ResolvedTransform } from '../../transform/transform.ts';
import type { Library } from '../variants/naming.ts';
import type { Original } from '../original.ts';
import type { Remembered } from './decision-cache.ts';
import type { Variants } from '../variants/variants.ts';

/** The picture that is looked at. */
const lookTransform: ResolvedTransform = {
  ...squareTransform(lookSide),
  format: { kind: 'fixed', name: 'png' },
};

export type { Look };

const question = 'look';

/** Looks at a picture that comes in. One that cannot be looked at now is looked at when somebody asks for it. */
export async function lookAt(
  { gate, renderer, limits }: { readonly gate: Gate; readonly renderer: Renderer; readonly limits: PlanLimits },
  file: { readonly path: string; readonly version: string },
  facts: SourceFacts,
): Promise<{ readonly look?: Look }> {
  const plan = planRender(lookTransform, { facts, focalPoint: null }, limits);
  const looking = gate.pass(() => renderer.look({ path: file.path, version: file.version, plan }));
  return looking.then(
    (look) => ({ look }),
    () => ({}),
  );
}

/** What can be shown of an original before it is there: made when it came in, or, where that was long ago, when it is asked for. */
export class Looks {
  readonly #parts: { readonly library: Library; readonly variants: Variants; readonly remembered: Remembered };

  constructor(parts: { readonly library: Library; readonly variants: Variants; readonly remembered: Remembered }) {
    this.#parts = parts;
  }

  async of(original: Original): Promise<Look> {
    if (original.look !== undefined) return original.look;
    const { library, variants, remembered } = this.#parts;
    const known = readLook(await remembered.find(original, question));
    if (known !== null) return known;
    const look = await variants.look(await library.specify(original, lookTransform));
    await remembered.settle(original, question, JSON.stringify(look));
    return look;
  }
}

/** null for what is none we wrote. */
function readLook(text: string | null): Look | null {
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
