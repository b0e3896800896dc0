import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { calc_s2, get_buffer, initSync, new_buffer, remove_buffer } from 'calc-s2-rust/calc_s2_rust.js';
import sharp from 'sharp';

/** Of an optional package: only who compares pictures loads this file. */
const wasm = createRequire(import.meta.url).resolve('calc-s2-rust/calc_s2_rust_bg.wasm');
const { memory } = initSync(readFileSync(wasm));

/** 3 × 8 bits a pixel; with four the metric panics and is of no use any more. */
export interface Pixels {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

/** How like a picture another one is. */
export interface QualityScore {
  /** SSIMULACRA2: 100 is the same, 90 cannot be told apart, 70 is good; saturates near 100. */
  readonly ssimulacra2: number;
  /** Peak signal-to-noise ratio in dB, which goes on where the other saturates. */
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

/** The metric tells the console of every buffer it takes. */
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

/** Upright pixels; null where it is no picture. */
export async function sizeIn(encoded: Buffer): Promise<readonly [width: number, height: number] | null> {
  try {
    const { autoOrient } = await sharp(encoded).metadata();
    return [autoOrient.width, autoOrient.height];
  } catch {
    return null;
  }
}
