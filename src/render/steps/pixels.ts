import type { RawPicture } from './step.ts';

/** Rounds to the nearest integer from 0 to 255. */
export function byteOf(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : Math.round(value);
}

/** Applies a function of one byte to every channel but alpha. */
export function byTable(picture: RawPicture, change: (value: number) => number): RawPicture {
  const table = Uint8Array.from({ length: 256 }, (_, value) => byteOf(change(value)));
  const { pixels, channels } = picture;
  for (let at = 0; at < pixels.length; at += channels) {
    pixels[at] = table[pixels[at] ?? 0] ?? 0;
    pixels[at + 1] = table[pixels[at + 1] ?? 0] ?? 0;
    pixels[at + 2] = table[pixels[at + 2] ?? 0] ?? 0;
  }
  return picture;
}

type Row = readonly [red: number, green: number, blue: number];
export type Matrix = readonly [red: Row, green: Row, blue: Row];

/** Replaces every channel by a weighted sum of the three. */
export function byMatrix(picture: RawPicture, [r, g, b]: Matrix): RawPicture {
  const { pixels, channels } = picture;
  for (let at = 0; at < pixels.length; at += channels) {
    const red = pixels[at] ?? 0;
    const green = pixels[at + 1] ?? 0;
    const blue = pixels[at + 2] ?? 0;
    pixels[at] = byteOf(r[0] * red + r[1] * green + r[2] * blue);
    pixels[at + 1] = byteOf(g[0] * red + g[1] * green + g[2] * blue);
    pixels[at + 2] = byteOf(b[0] * red + b[1] * green + b[2] * blue);
  }
  return picture;
}

/** Linear light (0 to 1) of an sRGB byte, by IEC 61966-2-1. */
const lightOf = Float64Array.from({ length: 256 }, (_, byte) => {
  const encoded = byte / 255;
  return encoded <= 0.04045 ? encoded / 12.92 : ((encoded + 0.055) / 1.055) ** 2.4;
});

/**
 * Number of steps of linear light. It is fine enough that greys survive a round trip: a step is 0.2 of a byte near
 * black.
 */
const shades = 16_383;
const byteOfLight = Uint8Array.from({ length: shades + 1 }, (_, step) => {
  const light = step / shades;
  return byteOf(255 * (light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055));
});

/** Grey of equal luminance (Rec. 709, in linear light) as an sRGB byte. */
export function lightnessAt(pixels: Uint8Array, at: number): number {
  const light =
    0.2126 * (lightOf[pixels[at] ?? 0] ?? 0) +
    0.7152 * (lightOf[pixels[at + 1] ?? 0] ?? 0) +
    0.0722 * (lightOf[pixels[at + 2] ?? 0] ?? 0);
  return byteOfLight[Math.round(light * shades)] ?? 0;
}

/** Mixes every pixel with the colour that `ramp` gives for its lightness. `share` from 0 to 1; 1 replaces the pixel. */
export function byLightness(picture: RawPicture, ramp: (lightness: number) => Row, share: number): RawPicture {
  const table = Float64Array.from(Array.from({ length: 256 }, (_, lightness) => ramp(lightness)).flat());
  const { pixels, channels } = picture;
  for (let at = 0; at < pixels.length; at += channels) {
    const row = lightnessAt(pixels, at) * 3;
    for (let band = 0; band < 3; band++) {
      const value = pixels[at + band] ?? 0;
      pixels[at + band] = byteOf(value + ((table[row + band] ?? 0) - value) * share);
    }
  }
  return picture;
}

/** Adds an opaque alpha channel if there is none. */
export function withAlpha(picture: RawPicture): RawPicture {
  if (picture.channels === 4) return picture;
  const { width, height, pixels: from } = picture;
  const pixels = new Uint8Array(width * height * 4);
  for (let at = 0, to = 0; at < from.length; at += 3, to += 4) {
    pixels[to] = from[at] ?? 0;
    pixels[to + 1] = from[at + 1] ?? 0;
    pixels[to + 2] = from[at + 2] ?? 0;
    pixels[to + 3] = 255;
  }
  return { width, height, channels: 4, pixels };
}

/** Alpha of a pixel, 0 to 255. */
export function alphaAt({ pixels, channels }: RawPicture, at: number): number {
  return channels === 4 ? (pixels[at + 3] ?? 0) : 255;
}
