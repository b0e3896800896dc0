import { render } from '../../src/render/pixels/render.ts';
import { planRender, type RenderPlan } from '../../src/render/planning/plan.ts';
import type { SourceFacts } from '../../src/render/source-facts.ts';
import { validateUpload } from '../../src/render/validation/validate.ts';
import { parseTransform } from '../../src/transform/grammar.ts';
import { splitImagePath } from '../../src/transform/image-path.ts';
import { resolveTransform } from '../../src/transform/resolve.ts';
import { letTestsLook } from './looking.ts';

/** From words and a file to pixels, as the server goes, without a server. */

/** An upload policy that most pictures pass. */
export const policy = {
  formats: ['jpg', 'png', 'webp', 'avif', 'gif', 'tiff'],
  maxPixels: 50_000_000,
  maxTotalPixels: 100_000_000,
  maxFrames: 256,
  svg: 'off',
} as const;

export const roomy = { maxOutput: 40_000_000, maxFrames: 256 } as const;

export type FocalPoint = readonly [x: number, y: number] | null;

export interface Rendered {
  readonly plan: RenderPlan;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The facts that validation finds in a file. Cached, because many tests use the same files. */
const known = new Map<string, Promise<SourceFacts>>();

export function factsOf(path: string): Promise<SourceFacts> {
  const found = known.get(path) ?? validateUpload(path, policy);
  known.set(path, found);
  return found;
}

export async function planWords(path: string, words: string, focalPoint: FocalPoint = null): Promise<RenderPlan> {
  const url = words === '' ? '/img/picture' : `/img/picture/${words}`;
  const asked = parseTransform(splitImagePath(url, '/img/'), new Map());
  return planRender(resolveTransform(asked, { accept: null }), { facts: await factsOf(path), focalPoint }, roomy);
}

/** `renderWords(fixturePath('scene.png'), 'f_png,w_100')`. */
export async function renderWords(path: string, words: string, focalPoint: FocalPoint = null): Promise<Rendered> {
  const plan = await planWords(path, words, focalPoint);
  const bytes = await render({ plan, path, version: '0'.repeat(64) });
  // The engine's import has closed the loaders from memory that tests look with.
  letTestsLook();
  return { plan, bytes };
}
