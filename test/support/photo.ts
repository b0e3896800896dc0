import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { clamp, fractal, noise, randomFrom, smoothStep } from '../../fixtures/draw/noise.ts';

/** Pictures for tests: the committed fixtures, photos of any size, and small pictures known to the pixel. */

const fixtureFolder = fileURLToPath(new URL('../../fixtures/', import.meta.url));

/** The absolute path of a committed fixture, for example `fixturePath('orientation/6.jpg')`. */
export function fixturePath(name: string): string {
  return join(fixtureFolder, name);
}

export function fixtureBytes(name: string): Buffer<ArrayBuffer> {
  return readFileSync(fixturePath(name));
}

export interface PhotoOptions {
  /** Default `jpeg`. */
  readonly format?: 'jpeg' | 'png' | 'webp';
  /** Default 85; PNG has none. */
  readonly quality?: number;
  /** Another seed, another photo. Default 1. */
  readonly seed?: number;
}

/** Bumped when the drawing changes, or an old photo would come out of the cache. */
const recipe = 1;

/**
 * Something that looks and compresses like a photo of a misty valley: smooth gradients, sharp edges, fine texture and
 * sensor noise. 12 megapixels take about two seconds and make a JPEG of 2 to 6 MB. Kept in the system's temporary
 * folder by its parameters, so only the first test of a machine pays.
 */
export async function drawPhoto(
  width: number,
  height: number,
  options: PhotoOptions = {},
): Promise<Buffer<ArrayBuffer>> {
  const { format = 'jpeg', quality = 85, seed = 1 } = options;
  const folder = join(tmpdir(), 'tintype-photos');
  const path = join(folder, `${recipe}-${sharp.versions.sharp}-${width}x${height}-${seed}-q${quality}.${format}`);
  const kept = readIfThere(path);
  if (kept !== null) return kept;
  const image = sharp(await exposePhoto(width, height, seed), {
    raw: { width, height, channels: 3 },
    limitInputPixels: false,
  });
  const encoded = format === 'png' ? image.png({ compressionLevel: 3 }) : image.toFormat(format, { quality });
  const bytes = Buffer.from(await encoded.toBuffer());
  mkdirSync(folder, { recursive: true });
  keep(path, bytes);
  return bytes;
}

function readIfThere(path: string): Buffer<ArrayBuffer> | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}

/** Renamed into place, since test files run side by side and must not read half a photo. */
function keep(path: string, bytes: Uint8Array): void {
  const unfinished = `${path}.${process.pid}-${Math.random().toString(36).slice(2)}`;
  writeFileSync(unfinished, bytes);
  renameSync(unfinished, path);
}

/** Red, green, blue and the height of the land, drawn at a quarter of the size: what needs many octaves of noise. */
function sketch(width: number, height: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(width * height * 4);
  // About the same composition at every size and shape.
  const unit = 3 / Math.max(width, height);
  for (let y = 0, at = 0; y < height; y++) {
    const down = y / height;
    for (let x = 0; x < width; x++, at += 4) {
      const cloud = fractal(x * unit * 0.7, y * unit * 1.6, 4, seed);
      const land = fractal(x * unit, y * unit * 1.3, 5, seed + 40);
      const warm = noise(x * unit * 0.5, y * unit * 0.5, seed + 80);
      bytes[at] = 255 * clamp(0.62 + 0.24 * cloud + 0.2 * warm + 0.1 * down);
      bytes[at + 1] = 255 * clamp(0.6 + 0.26 * cloud - 0.04 * warm);
      bytes[at + 2] = 255 * clamp(0.66 + 0.28 * cloud - 0.24 * warm - 0.24 * down);
      bytes[at + 3] = 255 * clamp(0.5 + 0.5 * land + 0.55 * (down - 0.5));
    }
  }
  return bytes;
}

const tileSide = 512;

/** Texture of a few pixels' grain that repeats without a seam every 512 pixels; -127 to 127. */
function textureTile(seed: number): Int8Array {
  const tile = new Int8Array(tileSide * tileSide);
  const random = randomFrom(seed);
  for (let at = 0; at < tile.length; at++) {
    const x = at % tileSide;
    const y = Math.floor(at / tileSide);
    // Two copies faded into each other across the tile, so that its edges meet.
    const share = x / tileSide;
    const leaves = fractal(x / 7, y / 7, 3, seed) * share + fractal((x + tileSide) / 7, y / 7, 3, seed) * (1 - share);
    tile[at] = clamp(70 * leaves + 26 * (random() + random() - 1), -127, 127);
  }
  return tile;
}

/** The raw pixels: the sketch enlarged, its land cut out with an edge as sharp as the full size allows, then texture. */
async function exposePhoto(width: number, height: number, seed: number): Promise<Uint8Array> {
  const quarter = { width: Math.ceil(width / 4), height: Math.ceil(height / 4) };
  const coarse = sketch(quarter.width, quarter.height, seed);
  // Four plain bands: with an alpha channel sharp would premultiply them by the height of the land.
  const enlarged = await Promise.all(
    [0, 1, 2, 3].map((band) =>
      sharp(pickBand(coarse, band), { raw: { ...quarter, channels: 1 }, limitInputPixels: false })
        .resize(width, height, { fit: 'fill', kernel: 'cubic' })
        .toColourspace('b-w')
        .raw()
        .toBuffer(),
    ),
  );
  return expose(enlarged, width, textureTile(seed));
}

function pickBand(pixels: Uint8Array, band: number): Uint8Array {
  const picked = new Uint8Array(pixels.length / 4);
  for (let at = 0; at < picked.length; at++) picked[at] = pixels[at * 4 + band] ?? 0;
  return picked;
}

function expose(bands: readonly Uint8Array[], width: number, tile: Int8Array): Uint8Array {
  const [reds, greens, blues, lands] = bands;
  if (!reds || !greens || !blues || !lands) throw new TypeError('Expected four bands of the sketch');
  const pixels = new Uint8ClampedArray(reds.length * 3);
  const ranges = rangeTable();
  for (let at = 0, x = 0, y = 0; at < reds.length; at++) {
    const range = ranges[lands[at] ?? 0] ?? 0;
    const texture = tile[(y % tileSide) * tileSide + (x % tileSide)] ?? 0;
    const light = 1 - 0.22 * range;
    const detail = texture * (0.25 + 0.25 * range);
    pixels[at * 3] = (reds[at] ?? 0) * light + detail;
    pixels[at * 3 + 1] = (greens[at] ?? 0) * (light + 0.03 * range) + detail;
    pixels[at * 3 + 2] = (blues[at] ?? 0) * light + detail * 0.8;
    if (++x === width) {
      x = 0;
      y++;
    }
  }
  return new Uint8Array(pixels.buffer);
}

/** Which of three ranges of hills (0 is air) a height of the land belongs to, with an edge of one or two levels. */
function rangeTable(): Float32Array {
  return Float32Array.from({ length: 256 }, (_, land) => {
    return smoothStep(118, 121, land) + smoothStep(150, 153, land) + smoothStep(182, 185, land);
  });
}

/** A pixel of a small picture: red, green, blue and perhaps alpha, 0 to 255. */
export type Pixel = readonly [number, number, number] | readonly [number, number, number, number];

export interface SmallOptions {
  /** Default `png`; all of them without loss. */
  readonly format?: 'png' | 'webp' | 'tiff';
  /** The picture: colour at a place. The default is told in `smallPixel`. */
  readonly pixel?: (x: number, y: number) => Pixel;
}

/** Red tells the column, green the row, blue their parity: no two neighbours are alike, no mirror goes unseen. */
export function smallPixel(x: number, y: number): Pixel {
  return [(x * 7) % 256, (y * 11) % 256, (x + y) % 2 === 0 ? 64 : 192];
}

/** A lossless picture whose every pixel is known. It has an alpha channel if its first pixel has one. */
export async function drawSmall(
  width: number,
  height: number,
  options: SmallOptions = {},
): Promise<Buffer<ArrayBuffer>> {
  const { format = 'png', pixel = smallPixel } = options;
  const channels = pixel(0, 0).length;
  const bytes = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) bytes.set(pixel(x, y), (y * width + x) * channels);
  }
  const image = sharp(bytes, { raw: { width, height, channels } });
  const lossless = { png: {}, webp: { lossless: true, exact: true }, tiff: { compression: 'deflate' } } as const;
  return Buffer.from(await image.toFormat(format, lossless[format]).toBuffer());
}
