import sharp, { type Sharp } from 'sharp';
import { type Attribution, attributionIn } from './attribution.ts';
import { hasRgbProfile } from './colour-profile.ts';
import { reopen, settle } from '../steps/raw.ts';
import type { RenderPlan } from '../planning/plan.ts';
import type { Picture } from '../steps/step.ts';

/** What of an original's metadata goes into the answer: as a rule nothing. */
export interface Kept {
  readonly profile: boolean;
  readonly attribution: Attribution | null;
}

const opened = { limitInputPixels: false } as const;

/** Looks into the original for what the plan keeps. */
export async function keptOf(path: string, plan: RenderPlan): Promise<Kept> {
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
export async function carry(image: Sharp, { profile, attribution }: Kept, { path, passes }: Way): Promise<Sharp> {
  if (attribution === null) return profile && passes > 1 ? onProfileOf(path, await settle(image)) : image;
  // Out of a pipeline that began with a file, libvips would write that file's orientation besides the two names.
  const picture = await settle(image);
  const bare = profile ? onProfileOf(path, picture) : reopen(picture);
  return bare.withExif({ IFD0: { ...attribution } });
}

/**
 * libvips keeps a profile only along a pipeline that began with its file, and sharp cannot attach one without turning
 * colours into it. So the pixels are laid over the file's own, scaled to them, and replace every one.
 */
function onProfileOf(path: string, { pixels, width, height, channels }: Picture): Sharp {
  const whole = sharp(path, { ...opened, autoOrient: true })
    .resize(width, height, { fit: 'fill', kernel: 'nearest' })
    .composite([{ input: Buffer.from(pixels), raw: { width, height, channels }, blend: 'source' }])
    .keepIccProfile();
  return channels === 3 ? whole.removeAlpha() : whole;
}
