import type { OverlayOptions } from 'sharp';
import type { Border } from '../../transform/params/border.ts';
import { type Colour, transparent } from '../../transform/params/colour.ts';
import type { Shade, SharpStep } from './step.ts';

/** Rounds the corners of an image that already has its border. */
export interface RoundStep {
  readonly kind: 'round';
  /** Outer radii clockwise from the top left, at most half a side. A border lies within them. */
  readonly corners: readonly [number, number, number, number];
  readonly border: Border | null;
  /** Colour outside the corners. */
  readonly background: Shade;
  /** Whether the result is opaque, so that it needs no alpha. */
  readonly opaque: boolean;
  /** Size of the whole image. */
  readonly width: number;
  readonly height: number;
}

/** RGBA with 8 bits per channel, not premultiplied. */
interface Tile {
  readonly side: number;
  readonly pixels: Uint8Array;
}

interface Arc {
  readonly radius: number;
  readonly border: Border | null;
  readonly background: Colour;
}

/**
 * Share of a pixel inside a circle, by the distance of its centre from the circle's centre.
 * Exact for a straight edge through the pixel's centre, within 0.1 for others.
 */
function share(radius: number, distance: number): number {
  return Math.min(1, Math.max(0, radius + 0.5 - distance));
}

/** Visits the pixels of the top left corner that are not fully inside, row by row. Returns the side of the corner. */
function drawCorner(radius: number, inner: number, draw: (at: number, inside: number, within: number) => void): number {
  const side = Math.ceil(radius);
  for (let y = 0; y < side; y++) {
    const down = radius - y - 0.5;
    for (let x = 0; x < side; x++) {
      const distance = Math.hypot(Math.max(0, radius - x - 0.5), down);
      const inside = share(inner, distance);
      if (inside === 1) break;
      draw((y * side + x) * 4, inside, share(radius, distance));
    }
  }
  return side;
}

/** Tile that erases the image outside of the inner circle. */
function eraser({ radius, border }: Arc): Tile {
  const side = Math.ceil(radius);
  const pixels = new Uint8Array(side * side * 4);
  drawCorner(radius, radius - (border?.width ?? 0), (at, inside) => {
    pixels[at + 3] = Math.round(255 * (1 - inside));
  });
  return { side, pixels };
}

/** Tile with the border's ring and the background outside of it. */
function filling({ radius, border, background }: Arc): Tile {
  const side = Math.ceil(radius);
  const pixels = new Uint8Array(side * side * 4);
  const line = border?.colour ?? transparent;
  drawCorner(radius, radius - (border?.width ?? 0), (at, inside, within) => {
    const ring = (within - inside) * line.alpha;
    const rest = (1 - within) * background.alpha;
    const alpha = ring + rest;
    if (alpha === 0) return;
    const mix = (over: number, under: number) => Math.round((over * ring + under * rest) / alpha);
    pixels.set([mix(line.red, background.red), mix(line.green, background.green), mix(line.blue, background.blue)], at);
    pixels[at + 3] = Math.round(alpha);
  });
  return { side, pixels };
}

/** Mirrors a tile into a corner, numbered clockwise from the top left. */
function mirrored({ side, pixels }: Tile, corner: number): Tile {
  const [acrossFlipped, downFlipped] = [corner === 1 || corner === 2, corner >= 2];
  if (!acrossFlipped && !downFlipped) return { side, pixels };
  const from = new Uint32Array(pixels.buffer);
  const to = new Uint32Array(from.length);
  for (let y = 0; y < side; y++) {
    const row = (downFlipped ? side - 1 - y : y) * side;
    for (let x = 0; x < side; x++) to[row + (acrossFlipped ? side - 1 - x : x)] = from[y * side + x] ?? 0;
  }
  return { side, pixels: new Uint8Array(to.buffer) };
}

/** Overlays of one corner: the eraser, and the filling unless it is empty. */
function overlays(arc: Arc, corner: number, { width, height }: RoundStep): readonly OverlayOptions[] {
  const bare = arc.border === null && arc.background.alpha === 0;
  const tiles = [{ tile: eraser(arc), blend: 'dest-out' } as const];
  const all = bare ? tiles : [...tiles, { tile: filling(arc), blend: 'add' } as const];
  return all.map(({ tile, blend }) => {
    const { side, pixels } = mirrored(tile, corner);
    const left = corner === 1 || corner === 2 ? width - side : 0;
    const top = corner >= 2 ? height - side : 0;
    return { input: Buffer.from(pixels.buffer), raw: { width: side, height: side, channels: 4 }, blend, left, top };
  });
}

/**
 * Erases the corners and adds border and background there. Small tiles per corner are cheaper than a mask of the whole
 * image. Adding exactly what was erased leaves no seam between image and border.
 */
export const roundStep: SharpStep<RoundStep> = {
  kind: 'round',
  slot: 90,
  pipeline: 1,
  apply(image, step) {
    const { corners, border, background, opaque } = step;
    const rounded = image.composite(
      corners.flatMap((radius, corner) => (radius === 0 ? [] : overlays({ radius, border, background }, corner, step))),
    );
    return opaque ? rounded.removeAlpha() : rounded;
  },
};
