import sharp, { type Sharp } from 'sharp';
import { Failure } from '../../errors.ts';
import type { Point, Size } from '../geometry.ts';
import { planLayer } from '../planning/layers.ts';
import { trimmedSource } from '../planning/trim.ts';
import { passesOf, type Step } from '../steps/index.ts';
import type { LaidPicture, LayerOrigin, LayerPlan } from '../steps/overlay.ts';
import { reopen, settleRaw } from '../steps/raw.ts';
import type { RawPicture } from '../steps/step.ts';
import { withDominant } from './dominant.ts';
import { runPasses } from './passes.ts';
import { openFile } from './source-file.ts';
import { drawText } from './text.ts';

/** Paths of layers by the SHA-256 of their bytes. */
export type LayerFiles = Readonly<Record<string, string>>;

/** Renders the layers in the steps. Layers entirely outside of the image are dropped. */
export async function withLayers(steps: readonly Step[], files: LayerFiles): Promise<readonly Step[]> {
  const drawn: Step[] = [];
  for (const step of steps) {
    if (step.kind !== 'overlay' || 'pixels' in step.layer) {
      drawn.push(step);
      continue;
    }
    const layer = await draw(step.layer, step, files);
    if (layer !== null) drawn.push({ ...step, layer });
  }
  return drawn;
}

async function draw(plan: LayerPlan<Step>, base: Size, files: LayerFiles): Promise<LaidPicture | null> {
  let picture = await shape(() => begin(plan.origin, files), plan.steps);
  let planned = plan;
  while (planned.rest !== undefined) {
    const { rest, origin } = planned;
    const drawn: RawPicture = picture;
    planned = planLayer(rest.layer, { origin, source: trimmedSource(rest, drawn) }, rest.base);
    picture = await shape(async () => reopen(drawn), planned.steps);
  }
  return planned.corner === null ? null : cutTo(base, picture, planned.corner);
}

async function begin(origin: LayerOrigin, files: LayerFiles): Promise<Sharp> {
  if (origin.kind === 'text') return reopen(await drawText(origin));
  const path = files[origin.version];
  if (path === undefined)
    throw new Failure('damaged-original', 'The bytes of a layer are missing; upload its original again');
  return openFile({ path, source: origin.source, page: 0 });
}

async function shape(open: () => Promise<Sharp>, steps: readonly Step[]): Promise<RawPicture> {
  const { image, picture } = await runPasses(await open(), passesOf(await withDominant(steps, open)));
  return picture ?? settleRaw(image);
}

/** The part of a layer inside the base, for its top left corner; null if there is none. */
async function cutTo(base: Size, picture: RawPicture, corner: Point): Promise<LaidPicture | null> {
  const [left, top] = [Math.max(0, corner.x), Math.max(0, corner.y)];
  const width = Math.min(base.width, corner.x + picture.width) - left;
  const height = Math.min(base.height, corner.y + picture.height) - top;
  if (width <= 0 || height <= 0) return null;
  if (width === picture.width && height === picture.height) return { ...picture, left, top };
  const { pixels, channels } = picture;
  const raw = { width: picture.width, height: picture.height, channels };
  const cut = sharp(pixels, { raw, limitInputPixels: false });
  const seen = await settleRaw(cut.extract({ left: left - corner.x, top: top - corner.y, width, height }));
  return { ...seen, left, top };
}
