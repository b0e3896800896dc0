import { readdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import sharp from 'sharp';
import type { Encoding, QualityLevel } from '../src/formats/format.ts';
import { qualityLevels } from '../src/formats/format.ts';
import { formats } from '../src/formats/index.ts';
import { type Pixels, pixelsOf, type QualityScore, score } from '../src/render/pixels/score.ts';
import { lumaOf, ssim } from '../src/render/pixels/ssim.ts';
import { mean } from './numbers.ts';
import { printQualities } from './qualities-file.ts';

/**
 * `npm run bench:qualities -- DIR`: finds the qualities of equal perceived quality on the photos of a folder and writes
 * `src/formats/qualities.ts`. JPEG's are given; another format's is the lowest at which the photos' mean SSIMULACRA2 is no
 * lower than JPEG's, nor their mean PSNR by more than `psnrSlack`, and, for AVIF, no photo is more than `mostLost` points below
 * its JPEG. That holds AVIF alone, which most clients get in JPEG's place; what WebP loses on saturated colours is chroma,
 * and no quality brings it back.
 */
const yardstick: Readonly<Record<QualityLevel, number>> = { best: 90, good: 80, eco: 70, low: 55 };
/** Points of SSIMULACRA2. */
const maxLost = 2;
/** In dB. SSIMULACRA2 saturates at 100 where pictures are nearly the same; PSNR does not, but knows little of eyes. */
const psnrSlack = 1;
/** Of the box that photos are brought into, in pixels. */
const side = 400;
/** Qualities that are measured; between them scores are interpolated. */
const grids = { webp: [45, 60, 74, 84, 90, 96], avif: [35, 46, 57, 67, 76, 86, 91, 95] } as const;

/** Boxes whose outputs need more of AVIF at times, and how much more is tried. */
const boxes = { tiny: side, small: 600, middle: 800, large: 1400 } as const;
const minPixels = { tiny: 0, small: 0, middle: 300_000, large: 500_000 } as const;
const tried = [0, 1, 2, 3, 4, 5, 6] as const;

async function photosIn(folder: string, box: number = side): Promise<readonly Pixels[]> {
  const names = (await readdir(folder)).toSorted().filter((name) => /^\.(jpe?g|png)$/i.test(extname(name)));
  const bring = async (name: string) => {
    const image = sharp(await readFile(join(folder, name))).autoOrient();
    return pixelsOf(await image.resize(box, box, { fit: 'inside', withoutEnlargement: true }).png().toBuffer());
  };
  const photos: Pixels[] = [];
  for (const name of names) photos.push(await bring(name));
  return photos;
}

async function encode(
  { data, width, height }: Pixels,
  format: 'jpg' | 'webp' | 'avif',
  quality: number,
): Promise<Buffer> {
  const image = sharp(data, { raw: { width, height, channels: 3 } });
  const encoding: Encoding = formats[format].encode({ quality, pixels: width * height, frames: 1 });
  switch (encoding.encoder) {
    case 'jpeg':
      return image.jpeg(encoding.options).toBuffer();
    case 'webp':
      return image.webp(encoding.options).toBuffer();
    case 'avif':
      return image.avif(encoding.options).toBuffer();
    default:
      throw new Error(`Expected an encoder with a quality but received ${encoding.encoder}`);
  }
}

interface Sample extends QualityScore {
  readonly bytes: number;
  readonly likeness: number;
}

async function sample(photo: Pixels, format: 'jpg' | 'webp' | 'avif', quality: number): Promise<Sample> {
  const encoded = await encode(photo, format, quality);
  const copy = await pixelsOf(encoded);
  const [one, other] = [photo, copy].map(({ data, ...size }) => lumaOf({ pixels: data, ...size, channels: 3 }));
  const likeness = one === undefined || other === undefined ? 0 : ssim(one, other);
  return { ...score(photo, copy), bytes: encoded.byteLength, likeness };
}

type Curve = ReadonlyMap<number, Sample>;

async function curveOf(photo: Pixels, format: 'jpg' | 'webp' | 'avif', grid: readonly number[]): Promise<Curve> {
  const samples = new Map<number, Sample>();
  for (const quality of grid) samples.set(quality, await sample(photo, format, quality));
  return samples;
}

/** What a photo would be at a quality between two that were measured. */
function at(curve: Curve, quality: number, read: (sample: Sample) => number): number {
  const measured = [...curve].map(([one, found]) => [one, read(found)] as const);
  const above = measured.findIndex(([one]) => one >= quality);
  const [to, from] = [measured[above] ?? measured.at(-1), measured[above - 1] ?? measured[0]];
  if (to === undefined || from === undefined) throw new Error('Expected a curve with points');
  const share = to[0] === from[0] ? 0 : (quality - from[0]) / (to[0] - from[0]);
  return from[1] + (to[1] - from[1]) * share;
}

interface Curves {
  readonly jpg: readonly Curve[];
  readonly other: readonly Curve[];
}

/** How much better photos are at one quality of a format than at one of JPEG: each photo's difference. */
function gains({ jpg, other }: Curves, ours: number, its: number, read: (sample: Sample) => number): readonly number[] {
  return other.map((curve, index) => at(curve, ours, read) - at(jpg[index] ?? curve, its, read));
}

function suffices(format: 'webp' | 'avif', curves: Curves, ours: number, its: number): boolean {
  const points = gains(curves, ours, its, ({ ssimulacra2 }) => ssimulacra2);
  const decibels = mean(gains(curves, ours, its, ({ psnr }) => psnr));
  return mean(points) >= 0 && decibels >= -psnrSlack && (format === 'webp' || Math.min(...points) >= -maxLost);
}

function levelsOf(format: 'webp' | 'avif', curves: Curves): Record<QualityLevel, number> {
  const [first = 1, ...rest] = grids[format];
  const all = Array.from({ length: (rest.at(-1) ?? first) - first + 1 }, (_, index) => first + index);
  const find = (level: QualityLevel) =>
    all.find((quality) => suffices(format, curves, quality, yardstick[level])) ?? all.at(-1) ?? first;
  const levels = { best: find('best'), good: find('good'), eco: find('eco'), low: find('low') };
  for (const level of qualityLevels) tell(format, curves, levels[level], yardstick[level]);
  return levels;
}

function tell(format: string, curves: Curves, ours: number, its: number): void {
  const points = gains(curves, ours, its, ({ ssimulacra2 }) => ssimulacra2);
  const decibels = mean(gains(curves, ours, its, ({ psnr }) => psnr));
  const bytes = mean(
    curves.other.map(
      (curve, at_) => at(curve, ours, (one) => one.bytes) / at(curves.jpg[at_] ?? curve, its, (one) => one.bytes),
    ),
  );
  console.log(
    `${format} ${ours} for jpg ${its}: ${bytes.toFixed(3)} of the bytes, ${mean(points).toFixed(2)} points in the mean, ${Math.min(...points).toFixed(2)} at worst, ${decibels.toFixed(2)} dB`,
  );
}

/** The least that is added to AVIF's quality in outputs of this size so that no photo loses more than it may. */
async function moreFor(size: keyof typeof boxes, folder: string, good: number): Promise<number> {
  const photos = (await photosIn(folder, boxes[size])).filter(({ width, height }) => width * height > minPixels[size]);
  const jpg: number[] = [];
  for (const photo of photos) jpg.push((await sample(photo, 'jpg', yardstick.good)).ssimulacra2);
  for (const more of tried) {
    let worst = Number.POSITIVE_INFINITY;
    for (const [index, photo] of photos.entries()) {
      worst = Math.min(worst, (await sample(photo, 'avif', good + more)).ssimulacra2 - (jpg[index] ?? 0));
      if (worst < -maxLost) break;
    }
    console.log(`avif ${good + more} in boxes of ${boxes[size]}: ${worst.toFixed(2)} points at worst`);
    if (worst >= -maxLost) return more;
  }
  return tried.at(-1) ?? 0;
}

async function run(folder: string): Promise<void> {
  const photos = await photosIn(folder);
  const curves: { jpg: Curve[]; webp: Curve[]; avif: Curve[] } = { jpg: [], webp: [], avif: [] };
  for (const photo of photos) {
    curves.jpg.push(
      await curveOf(
        photo,
        'jpg',
        Object.values(yardstick).toSorted((a, b) => a - b),
      ),
    );
    curves.webp.push(await curveOf(photo, 'webp', grids.webp));
    curves.avif.push(await curveOf(photo, 'avif', grids.avif));
  }
  const likenessAt = (level: QualityLevel) =>
    Number(mean(curves.jpg.map((curve) => at(curve, yardstick[level], ({ likeness }) => likeness))).toFixed(3));
  const found = levelsOf('avif', { jpg: curves.jpg, other: curves.avif });
  // Between the qualities that were measured AVIF has steps.
  const least = Math.max(await moreFor('tiny', folder, found.good), await moreFor('small', folder, found.good));
  const avif = { ...found, good: found.good + least };
  const avifMore = {
    middle: await moreFor('middle', folder, avif.good),
    large: await moreFor('large', folder, avif.good),
  };
  const text = printQualities({
    measured: `${photos.length} photos in boxes of ${side} to ${boxes.large} pixels, sharp ${sharp.versions.sharp ?? ''}, libvips ${sharp.versions.vips}`,
    qualities: {
      jpg: yardstick,
      webp: levelsOf('webp', { jpg: curves.jpg, other: curves.webp }),
      avif,
    },
    avifMore,
    likeness: { best: likenessAt('best'), good: likenessAt('good'), eco: likenessAt('eco'), low: likenessAt('low') },
  });
  console.log(`\n${text}`);
  await writeFile(new URL('../src/formats/qualities.ts', import.meta.url), text);
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Expected a folder of photos: npm run bench:qualities -- DIR');
await run(folder);
