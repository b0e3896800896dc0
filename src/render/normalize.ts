import { readFile, writeFile } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';
import type { FormatName } from '../formats/format.ts';
import { FileBytes } from './door/file-bytes.ts';
import { headLength, identify } from './door/file-type.ts';
import { isHeic } from './door/heif-boxes.ts';
import { inspect } from './door.ts';
import type { DoorPolicy } from './door-policy.ts';
import { stripGif } from './normalize/gif.ts';
import { fromHeic } from './normalize/heic.ts';
import { stripJpeg } from './normalize/jpeg.ts';
import { stripPng } from './normalize/png.ts';
import { namesOfExif, type Removable, type Stripped } from './normalize/stripped.ts';
import { stripWebp } from './normalize/webp.ts';
import type { SourceFacts } from './source-facts.ts';

/** What is done to an upload before it is stored: nothing, taking out what its picture does not need, or that as WebP. */
export type Normalize = 'off' | 'strip' | 'webp';

export interface Preparation {
  readonly path: string;
  /** Where to put what is to be stored instead. */
  readonly out: string;
  readonly policy: DoorPolicy;
  readonly normalize: Normalize;
}

export interface Prepared {
  /** False: the file is as it should be, and nothing stands at `out`. */
  readonly written: boolean;
  readonly removed: readonly Removable[];
}

const asItIs: Prepared = { written: false, removed: [] };

/**
 * Makes of an upload what is to be stored. A HEIC, where the policy takes it, becomes a JPEG; then what the picture does not
 * need is taken out, without touching a pixel where it is upright already. Everything else passes the door first.
 * The colour profile stays. Throws as the door does.
 */
export async function prepare({ path, out, policy, normalize }: Preparation): Promise<Prepared> {
  if (policy.heic === 'convert' && isHeicFile(path)) {
    const { exif, xmp } = await sharp(path, opened).metadata();
    await writeFile(out, await fromHeic(path, policy));
    if (normalize === 'webp') await writeFile(out, await whole(out).webp(webpOptions).toBuffer());
    return { written: true, removed: namesOf({ exif, xmp }) };
  }
  if (normalize === 'off') return asItIs;
  const facts = await inspect(path, policy);
  if (facts.mediaType === 'image/svg+xml') return asItIs;
  return normalizePixels({ path, out, facts, normalize });
}

interface Job {
  readonly path: string;
  readonly out: string;
  readonly facts: SourceFacts;
  readonly normalize: 'strip' | 'webp';
}

async function normalizePixels({ path, out, facts, normalize }: Job): Promise<Prepared> {
  const { format, orientation, pages } = facts;
  const stripped = strippers[format]?.(await readFile(path));
  const removed = stripped === undefined ? namesOf(await sharp(path, opened).metadata()) : [...stripped.removed];
  const isWebp = normalize === 'webp' && format !== 'webp';
  const isUpright = orientation === 1 && !isWebp;
  // What else a TIFF holds in its tags nobody has told us.
  if (isUpright && removed.length === 0 && format !== 'tiff') return asItIs;
  if (isUpright && stripped !== undefined) {
    await writeFile(out, stripped.pieces);
    return { written: true, removed };
  }
  const upright = whole(path, pages);
  await writeFile(out, await (isWebp ? upright.webp(webpOptions) : encoders[format](upright)).toBuffer());
  return { written: true, removed };
}

const opened = { limitInputPixels: false } as const;

/** All its frames or pages, upright, with its profile. */
function whole(path: string, pages = 1): Sharp {
  return sharp(path, { ...opened, failOn: 'error', ...(pages === 1 ? {} : { pages }) })
    .autoOrient()
    .keepIccProfile();
}

const strippers: Partial<Record<FormatName, (file: Buffer) => Stripped>> = {
  jpg: stripJpeg,
  png: stripPng,
  webp: stripWebp,
  gif: stripGif,
};

const webpOptions = { quality: 90, smartSubsample: true } as const;

/** As near to the picture as each can come. */
const encoders: Readonly<Record<FormatName, (image: Sharp) => Sharp>> = {
  jpg: (image) => image.jpeg({ quality: 95, chromaSubsampling: '4:4:4' }),
  png: (image) => image.png(),
  webp: (image) => image.webp({ quality: 95, smartSubsample: true }),
  gif: (image) => image.gif(),
  tiff: (image) => image.tiff({ compression: 'deflate' }),
  avif: (image) => image.avif({ quality: 90, chromaSubsampling: '4:4:4' }),
};

interface Metadata {
  readonly exif?: Uint8Array | undefined;
  readonly xmp?: Uint8Array | undefined;
  readonly iptc?: Uint8Array | undefined;
}

function namesOf({ exif, xmp, iptc }: Metadata): readonly Removable[] {
  return [
    ...(exif === undefined ? [] : namesOfExif(exif)),
    ...(xmp === undefined ? [] : (['xmp'] as const)),
    ...(iptc === undefined ? [] : (['iptc'] as const)),
  ];
}

function isHeicFile(path: string): boolean {
  const file = new FileBytes(path);
  try {
    return isHeic(identify(file.at(0, headLength)));
  } finally {
    file.close();
  }
}
