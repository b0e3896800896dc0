import sharp, { type Sharp } from 'sharp';
import type { RenderPlan } from '../planning/plan.ts';
import { reopen, settleRaw } from '../steps/raw.ts';
import type { RawPicture } from '../steps/step.ts';
import { type Attribution, attributionIn } from './attribution.ts';
import { hasRgbProfile } from './colour-profile.ts';

/** Metadata of the original to keep in the output; usually none. */
export interface KeptMetadata {
  readonly profile: boolean;
  readonly attribution: Attribution | null;
}

const opened = { limitInputPixels: false } as const;

/** Reads from the original the metadata that the plan keeps. */
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

/** The original's path, and the number of pipelines that produced the pixels. */
interface Way {
  readonly path: string;
  readonly passes: number;
}

/** Adds the kept metadata to an image before encoding. */
export async function attachMetadata(
  image: Sharp,
  { profile, attribution }: KeptMetadata,
  { path, passes }: Way,
): Promise<Sharp> {
  if (attribution === null) return profile && passes > 1 ? onProfileOf(path, await settleRaw(image)) : image;
  // A pipeline that starts from a file would also write that file's orientation.
  const picture = await settleRaw(image);
  const bare = profile ? onProfileOf(path, picture) : reopen(picture);
  return bare.withExif({ IFD0: { ...attribution } });
}

/**
 * Attaches the profile of the file to pixels, by compositing them over the scaled file, where they replace every pixel.
 * libvips keeps a profile only in a pipeline that starts from the file, and sharp cannot attach one without converting
 * colours.
 */
function onProfileOf(path: string, { pixels, width, height, channels }: RawPicture): Sharp {
  const whole = sharp(path, { ...opened, autoOrient: true })
    .resize(width, height, { fit: 'fill', kernel: 'nearest' })
    .composite([{ input: Buffer.from(pixels), raw: { width, height, channels }, blend: 'source' }])
    .keepIccProfile();
  return channels === 3 ? whole.removeAlpha() : whole;
}
