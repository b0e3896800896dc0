import sharp from 'sharp';
import { Failure } from '../../errors.ts';
import type { ResolvedText } from '../../transform/transform.ts';
import type { RawPicture } from '../steps/step.ts';

/** Pango reads markup: what people write is never any. */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** At 72 dots per inch a point is a pixel. */
const dpi = 72;

/** Cairo's largest surface, in pixels a side. */
const maxSide = 32_767;

/**
 * Draws text in its colour on nothing, as large as its ink; Pango decides the direction of each line by its letters.
 * Throws `over-limit` where it is too long or has too many lines to be drawn at all.
 */
export async function drawText({ text, font, size, bold, italic, colour }: ResolvedText): Promise<RawPicture> {
  // Behind the comma no word can belong to the family's name.
  const described = `${font},${bold ? ' Bold' : ''}${italic ? ' Italic' : ''} ${size}`;
  const drawn = sharp({ text: { text: escaped(text), font: described, dpi } });
  const inked = await drawn.raw().toBuffer({ resolveWithObject: true }).catch(withoutInk);
  if (inked === null) return { width: 1, height: 1, channels: 4, pixels: new Uint8Array(4) };
  const { data, info } = inked;
  const { width, height, channels } = info;
  const pixels = new Uint8Array(width * height * 4);
  for (let at = 0, from = 0; at < pixels.length; at += 4, from += channels) {
    pixels[at] = colour.red;
    pixels[at + 1] = colour.green;
    pixels[at + 2] = colour.blue;
    pixels[at + 3] = Math.round(((data[from] ?? 0) * colour.alpha) / 255);
  }
  return { width, height, channels: 4, pixels };
}

/** Spaces and the like have no ink, which libvips takes for a mistake. */
function withoutInk(cause: unknown): null {
  const said = cause instanceof Error ? cause.message : '';
  if (said.includes('no text to render')) return null;
  if (!said.includes('too big')) throw cause;
  throw new Failure('over-limit', `Expected text of at most ${maxSide} px a side before it is scaled`, { cause });
}
