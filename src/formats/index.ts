import { avif } from './avif.ts';
import type { Format, FormatName } from './format.ts';
import { gif } from './gif.ts';
import { jpg } from './jpg.ts';
import { png } from './png.ts';
import { tiff } from './tiff.ts';
import { webp } from './webp.ts';

/** All output formats. */
export const formats: Readonly<Record<FormatName, Format>> = { jpg, png, webp, avif, gif, tiff };

/** Format of a file extension in any case, or null. */
export function formatOfExtension(extension: string): FormatName | null {
  const lower = extension.toLowerCase();
  const found = Object.values(formats).find((format) => format.extensions.includes(lower));
  return found?.name ?? null;
}
