import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { calc_s2, get_buffer, initSync, new_buffer, remove_buffer } from 'calc-s2-rust/calc_s2_rust.js';
import sharp from 'sharp';

/** Belongs to an optional package; loaded only to compare images. */
const wasm = createRequire(import.meta.url).resolve('calc-s2-rust/calc_s2_rust_bg.wasm');
const { memory } = initSync(readFileSync(wasm));

/** RGB with 8 bits per channel. A fourth channel would make the metric panic permanently. */
export interface Pixels {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

/** Similarity of an image to its original. */
export interface QualityScore {
  /** SSIMULACRA2: 100 is identical, 90 is visually lossless, 70 is good. Saturates near 100. */
  readonly ssimulacra2: number;
  /** Peak signal-to-noise ratio in dB; it still differs where SSIMULACRA2 saturates. */
  readonly psnr: number;
}

export async function pixelsOf(encoded: Buffer): Promise<Pixels> {
  const { data, info } = await sharp(encoded)
    .flatten()
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

export function score(original: Pixels, copy: Pixels): QualityScore {
  return { ssimulacra2: inSilence(() => ssimulacra2(original, copy)), psnr: psnr(original.data, copy.data) };
}

/** Suppresses the metric's console output. */
function inSilence<T>(work: () => T): T {
  const { log } = console;
  console.log = () => {};
  try {
    return work();
  } finally {
    console.log = log;
  }
}

function ssimulacra2(original: Pixels, copy: Pixels): number {
  for (const [name, { data }] of [
    ['original', original],
    ['copy', copy],
  ] as const) {
    new_buffer(name, data.byteLength);
    new Uint8Array(memory.buffer, get_buffer(name), data.byteLength).set(data);
  }
  const value = calc_s2('original', 'copy', original.width, original.height);
  remove_buffer('original');
  remove_buffer('copy');
  return value;
}

function psnr(one: Buffer, other: Buffer): number {
  let sum = 0;
  for (const [at, value] of one.entries()) sum += (value - (other[at] ?? 0)) ** 2;
  return 10 * Math.log10(255 ** 2 / Math.max(sum / one.byteLength, 1e-9));
}

/** Size of the upright image; null if it cannot be decoded. */
export async function sizeIn(encoded: Buffer): Promise<readonly [width: number, height: number] | null> {
  try {
    const { autoOrient } = await sharp(encoded).metadata();
    return [autoOrient.width, autoOrient.height];
  } catch {
    return null;
  }
}
