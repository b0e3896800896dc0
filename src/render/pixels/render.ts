import type { Sharp } from 'sharp';
import { eachFrame, readFrames, reopenFrames, type Timing } from './animation.ts';
import { withDensity } from './density.ts';
import { withDominant } from './dominant.ts';
import { attachMetadata, type KeptMetadata, readMetadata } from './kept-metadata.ts';
import '../sharp-setup.ts';
import { planRender, type RenderPlan } from '../planning/plan.ts';
import { closingOf, sharedBy, stepsBeforeClosing } from '../planning/shared-decode.ts';
import { trimmedSource } from '../planning/trim.ts';
import { applySteps, passesOf, type SettledStep, type Step } from '../steps/index.ts';
import { reopen, settleRaw } from '../steps/raw.ts';
import type { RawPicture } from '../steps/step.ts';
import { type LayerFiles, withLayers } from './layer-pictures.ts';
import { type PassResult, runPasses } from './passes.ts';
import { encodePng } from './png-encoding.ts';
import { openFile } from './source-file.ts';

/** A plan and the local file to run it on. */
export interface RenderJob {
  readonly plan: RenderPlan;
  readonly path: string;
  /** SHA-256 of the file, hex. */
  readonly version: string;
  /** Files of the layers in the plan. */
  readonly layers?: LayerFiles;
}

/** Several renders of one file. */
export interface RenderJobs extends Omit<RenderJob, 'plan'> {
  readonly plans: readonly RenderPlan[];
}

const open = ({ path, plan: { source, page } }: RenderJob): Promise<Sharp> => openFile({ path, source, page });

/** Renders the layers in the steps and looks up dominant colours. */
async function settled(steps: readonly Step[], job: RenderJob): Promise<readonly SettledStep[]> {
  return withDominant(await withLayers(steps, job.layers ?? {}), () => open(job));
}

/** An image or an animation before the steps that depend on the output format. */
export interface Drawn {
  readonly picture: RawPicture;
  readonly timing: Timing | null;
}

/** Runs the steps that do not depend on the output format. Not for plans with `trim`. */
export async function draw(job: RenderJob): Promise<Drawn> {
  const { frames } = job.plan;
  return frames === undefined ? { picture: await pictureOf(job), timing: null } : drawFrames(job, frames);
}

/** Runs the steps on each frame as on a still. */
async function drawFrames(job: RenderJob, count: number): Promise<Drawn> {
  const frames = await readFrames(job.path, count);
  const passes = passesOf(await settled(stepsBeforeClosing(job.plan), job));
  const picture = await eachFrame(frames, async (frame) => {
    const ran = await runPasses(reopen(frame), passes);
    return ran.picture ?? settleRaw(ran.image);
  });
  return { picture, timing: frames.timing };
}

/**
 * Runs a plan on a validated original and returns the encoded image.
 * Metadata is dropped unless the plan keeps it. Colours are sRGB unless the profile is kept.
 * Throws `over-limit` if the output is too large and only the pixels could show that.
 */
export async function render(job: RenderJob): Promise<Uint8Array<ArrayBuffer>> {
  const { plan, path } = job;
  if (plan.frames !== undefined) return encodeDrawn(job, await draw(job));
  const kept = await readMetadata(path, plan);
  const passes = async (steps: RenderPlan['steps']) => passesOf(await settled(steps, job));
  const begun = kept.profile ? (await open(job)).keepIccProfile() : await open(job);
  const ran = await runPasses(begun, await passes(plan.steps));
  const { rest } = plan;
  if (rest === undefined || ran.picture === null) return finish(plan, ran, { kept, path });
  const whole = planRender(rest.asked, trimmedSource(rest, ran.picture), rest.limits, rest.layers);
  const again = await runPasses(reopen(ran.picture), await passes(whole.steps));
  return finish(whole, { ...again, passes: ran.passes + again.passes }, { kept, path });
}

/**
 * Runs several plans on one original, in order; if one fails, all fail.
 * Plans with equal pixels share one decode and one run of their steps. Keep-metadata settings apply per plan.
 */
export async function renderAll({ plans, ...file }: RenderJobs): Promise<readonly Uint8Array<ArrayBuffer>[]> {
  const rendered = new Map<RenderPlan, Uint8Array<ArrayBuffer>>();
  for (const sharing of sharedBy(plans)) {
    const [first] = sharing;
    const isAlone = sharing.length === 1 || first.rest !== undefined;
    const drawn = isAlone ? null : await draw({ ...file, plan: first });
    for (const plan of sharing) {
      const job = { ...file, plan };
      rendered.set(plan, await (drawn === null ? render(job) : encodeDrawn(job, drawn)));
    }
  }
  return plans.flatMap((plan) => rendered.get(plan) ?? []);
}

/** The pixels of a plan for a still image without `trim`. */
export async function pictureOf(job: RenderJob): Promise<RawPicture> {
  const { plan, path } = job;
  const begun = (await readMetadata(path, plan)).profile ? (await open(job)).keepIccProfile() : await open(job);
  const { image, picture } = await runPasses(begun, passesOf(await settled(stepsBeforeClosing(plan), job)));
  return picture ?? settleRaw(image);
}

/** Runs the format-dependent steps and encodes. */
export async function encodeDrawn(job: RenderJob, { picture, timing }: Drawn): Promise<Uint8Array<ArrayBuffer>> {
  const { plan, path } = job;
  const kept = await readMetadata(path, plan);
  const closing = await settled(closingOf(plan), job);
  if (timing === null) {
    return finish(plan, { image: applySteps(reopen(picture), closing), picture: null, passes: 2 }, { kept, path });
  }
  const image = applySteps(reopenFrames(picture, timing.delay.length), closing);
  const { attribution } = kept;
  const carried = attribution === null ? image : image.withExif({ IFD0: { ...attribution } });
  return encode(carried, plan, timing).toBuffer();
}

/** Encodes an image with the metadata to keep. */
async function finish(
  plan: RenderPlan,
  { image, passes }: PassResult,
  { kept, path }: Origin,
): Promise<Uint8Array<ArrayBuffer>> {
  const carried = await attachMetadata(image, kept, { path, passes });
  const { encoder, options, density } = plan.encoding;
  const bytes =
    encoder === 'png' && options.palette !== true
      ? await encodePng(carried, options, kept.profile || kept.attribution !== null)
      : await encode(carried, plan).toBuffer();
  return density === undefined ? bytes : withDensity(bytes, density);
}

interface Origin {
  readonly kept: KeptMetadata;
  readonly path: string;
}

function encode(image: Sharp, { encoding }: RenderPlan, timing: Partial<Timing> = {}): Sharp {
  switch (encoding.encoder) {
    case 'jpeg':
      return image.jpeg(encoding.options);
    case 'png':
      return image.png(encoding.options);
    case 'webp':
      return image.webp({ ...encoding.options, ...timing });
    case 'avif':
      return image.avif(encoding.options);
    case 'gif':
      return image.gif({ ...encoding.options, ...timing });
    case 'tiff':
      return image.tiff(encoding.options);
  }
}
