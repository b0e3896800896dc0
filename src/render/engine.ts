import { readFile } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';
import { withDensity } from './density.ts';
import { withDominant } from './dominant.ts';
import { carry, keptOf } from './kept.ts';
import { allowSvg } from './loaders.ts';
import { reopen, settle } from './pixels.ts';
import type { RenderPlan } from './plan.ts';
import { applySteps, paintSteps, passesOf } from './steps/index.ts';

/** Work that needs pixels: what to do, and the local file to do it to. */
export interface RenderJob {
  readonly plan: RenderPlan;
  readonly path: string;
  /** SHA-256 of the file, hex. */
  readonly version: string;
}

/** SVG from memory only: by path its renderer would open pictures that lie beside it. */
async function open({ path, plan }: RenderJob): Promise<Sharp> {
  if (plan.source === 'svg') {
    allowSvg();
    return sharp(await readFile(path), { limitInputPixels: false });
  }
  return sharp(path, { failOn: 'error', page: plan.page, limitInputPixels: false, sequentialRead: true });
}

/**
 * Runs a plan. The original has passed the door, so its size is known to be bearable.
 * No metadata reaches the answer but what the plan keeps; colours are sRGB unless the original's profile is kept.
 */
export async function render(job: RenderJob): Promise<Uint8Array<ArrayBuffer>> {
  const { plan, path } = job;
  const kept = await keptOf(path, plan);
  const [first, ...rest] = passesOf(await withDominant(plan.steps, () => open(job)));
  let image = applySteps(kept.profile ? (await open(job)).keepIccProfile() : await open(job), first.steps);
  for (const { by, steps } of rest) {
    const picture = await settle(image);
    image = by === 'hand' ? reopen(await paintSteps(picture, steps)) : applySteps(reopen(picture), steps);
  }
  const isTagged = plan.untagged === true && rest.length === 0;
  if (isTagged) image = reopen(await settle(image));
  const carried = await carry(image, kept, { path, passes: isTagged ? 2 : rest.length + 1 });
  const bytes = await encode(carried, plan).toBuffer();
  const { density } = plan.encoding;
  return density === undefined ? bytes : withDensity(bytes, density);
}

function encode(image: Sharp, { encoding }: RenderPlan): Sharp {
  switch (encoding.encoder) {
    case 'jpeg':
      return image.jpeg(encoding.options);
    case 'png':
      return image.png(encoding.options);
    case 'webp':
      return image.webp(encoding.options);
    case 'avif':
      return image.avif(encoding.options);
    case 'gif':
      return image.gif(encoding.options);
    case 'tiff':
      return image.tiff(encoding.options);
  }
}
