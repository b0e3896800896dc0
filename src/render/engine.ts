import { readFile } from 'node:fs/promises';
import sharp, { type OutputInfo, type Sharp } from 'sharp';
import { allowSvg } from './loaders.ts';
import type { RenderPlan } from './plan.ts';
import { applyStep, type Step, slotOf } from './steps/index.ts';

/** Work that needs pixels: what to do, and the local file to do it to. */
export interface RenderJob {
  readonly plan: RenderPlan;
  readonly path: string;
  /** SHA-256 of the file, hex. */
  readonly version: string;
}

/** Steps that libvips can do in one pipeline, in its own order: a new one begins where slots stop rising. */
function pipelines(steps: readonly Step[]): readonly (readonly Step[])[] {
  const all: Step[][] = [[]];
  let slot = Number.NEGATIVE_INFINITY;
  for (const step of steps) {
    if (slotOf(step) <= slot) all.push([]);
    all.at(-1)?.push(step);
    slot = slotOf(step);
  }
  return all;
}

/** SVG from memory only: by path its renderer would open pictures that lie beside it. */
async function open({ path, plan }: RenderJob): Promise<Sharp> {
  if (plan.source === 'svg') {
    allowSvg();
    return sharp(await readFile(path), { limitInputPixels: false });
  }
  return sharp(path, { failOn: 'error', page: plan.page, limitInputPixels: false, sequentialRead: true });
}

function reopen(data: Buffer, { width, height, channels }: OutputInfo): Sharp {
  return sharp(data, { raw: { width, height, channels }, limitInputPixels: false });
}

/**
 * Runs a plan. The original has passed the door, so its size is known to be bearable.
 * Metadata never reaches the answer, colours are sRGB.
 */
export async function render(job: RenderJob): Promise<Uint8Array<ArrayBuffer>> {
  const [first = [], ...rest] = pipelines(job.plan.steps);
  let image = first.reduce(applyStep, await open(job));
  for (const steps of rest) {
    const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
    image = steps.reduce(applyStep, reopen(data, info));
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
