import { readFile } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';
import { allowSvg } from './loaders.ts';
import type { RenderPlan } from './plan.ts';
import { applySteps, paintSteps, passesOf } from './steps/index.ts';
import type { Picture } from './steps/step.ts';

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

function reopen({ pixels, width, height, channels }: Picture): Sharp {
  return sharp(pixels, { raw: { width, height, channels }, limitInputPixels: false });
}

/** Ends a pipeline: what it made, as pixels. */
async function settle(image: Sharp): Promise<Picture> {
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  return { pixels: data, width: info.width, height: info.height, channels: info.channels === 4 ? 4 : 3 };
}

/**
 * Runs a plan. The original has passed the door, so its size is known to be bearable.
 * Metadata never reaches the answer, colours are sRGB.
 */
export async function render(job: RenderJob): Promise<Uint8Array<ArrayBuffer>> {
  const [first, ...rest] = passesOf(job.plan.steps);
  let image = applySteps(await open(job), first.steps);
  for (const { by, steps } of rest) {
    const picture = await settle(image);
    image = by === 'hand' ? reopen(await paintSteps(picture, steps)) : applySteps(reopen(picture), steps);
  }
  return encode(image, job.plan).toBuffer();
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
