import sharp, { type Sharp } from 'sharp';
import type { RenderPlan } from '../planning/plan.ts';
import { reopen, settleRaw } from '../steps/raw.ts';
import type { RawPicture } from '../steps/step.ts';
import { type Attribution, attributionIn } from './attribution.ts';
import { hasRgbProfile } from './colour-profile.ts';

/** What of an original's metadata goes into the answer: as a rule nothing. */
export interface KeptMetadata {
  readonly profile: boolean;
  readonly attribution: Attribution | null;
}

const opened = { limitInputPixels: false } as const;

/** Looks into the original for what the plan keeps. */
export async function readMetadata(path: string, plan: RenderPlan): Promise<KeptMetadata> {
  if (plan.source === 'svg' || (plan.profile !== true && plan.attribution !== true)) {
    return { profile: false, attribution: null };
  }
  const metadata = await sharp(path, opened).metadata();
  return {
    profile: plan.profile === true && hasRgbProfile(metadata),
    attribution: plan.attribution === true && metadata.exif !== undefined ? attributionIn(metadata.exif) : null,
  };
}

/** Where pixels come from, and through how many pipelines they went. */
interface Way {
  readonly path: string;
  readonly passes: number;
}

/** Puts what is kept onto the picture before it is encoded. */
export async function attachMetadata(
  image: Sharp,
  { profile, attribution }: KeptMetadata,
  { path, passes }: Way,
): Promise<Sharp> {
  if (attribution === null) return profile && passes > 1 ? onProfileOf(path, await settleRaw(image)) : image;
  // Out of a pipeline that began with a file, libvips would write that file's orientation besides the two names.
  const picture = await settleRaw(image);
  const bare = profile ? onProfileOf(path, picture) : reopen(picture);
  return bare.withExif({ IFD0: { ...attribution } });
}

/**
 * libvips keeps a profile only along a pipeline that began with its file, and sharp cannot attach one without turning
 * colours into it. So the pixels are laid over the file's own, scaled to them, and replace every one.
 */
function onProfileOf(path: string, { pixels, width, height, channels }: RawPicture): Sharp {
  const whole = sharp(path, { ...opened, autoOrient: true })
    .resize(width, height, { fit: 'fill', kernel: 'nearest' })
    .composite([{ input: Buffer.from(pixels), raw: { width, height, channels }, blend: 'source' }])
    .keepIccProfile();
  return channels === 3 ? whole.removeAlpha() : whole;
}
