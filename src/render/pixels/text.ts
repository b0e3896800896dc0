import sharp from 'sharp';
import { Failure } from '../../errors.ts';
import type { ResolvedText } from '../../transform/transform.ts';
import type { RawPicture } from '../steps/step.ts';

/** Escapes text for Pango markup. */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Makes a point equal a pixel. */
const dpi = 72;

/** Maximum side of a Cairo surface, in pixels. */
const maxSide = 32_767;

/**
 * Draws text in its colour on a transparent background, cropped to its ink. Pango chooses the direction of each line.
 * Throws `over-limit` if the text is too large to be drawn.
 */
export async function drawText({ text, font, size, bold, italic, colour }: ResolvedText): Promise<RawPicture> {
  // The comma ends the family name, so that no word of it is read as a style.
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

/** Returns null for text without ink, such as spaces, which libvips reports as an error. */
function withoutInk(cause: unknown): null {
  const said = cause instanceof Error ? cause.message : '';
  if (said.includes('no text to render')) return null;
  if (!said.includes('too big')) throw cause;
  throw new Failure('over-limit', `Expected text of at most ${maxSide} px a side before it is scaled`, { cause });
}
