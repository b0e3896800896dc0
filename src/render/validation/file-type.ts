import type { FormatName } from '../../formats/format.ts';
import { brandedType } from './heif-boxes.ts';
import type { DetectedType } from './sniffed.ts';
import { isSvg } from './svg-text.ts';

/** Number of bytes that `identify` needs. */
export const headLength = 16 * 1024;

type Magic<T> = readonly [bytes: string, what: T];

const taken: readonly Magic<FormatName>[] = [
  ['\xff\xd8', 'jpg'],
  ['\x89PNG\r\n\x1a\n', 'png'],
  ['GIF87a', 'gif'],
  ['GIF89a', 'gif'],
  ['II*\0', 'tiff'],
  ['MM\0*', 'tiff'],
  ['II+\0', 'tiff'],
  ['MM\0+', 'tiff'],
];

/** Known formats that are not accepted, for a better error. */
const known: readonly Magic<string>[] = [
  ['\x1f\x8b', 'gzip'],
  ['\0\0\0\x0cJXL \r\n\x87\n', 'JPEG XL'],
  ['\xff\x0a', 'JPEG XL'],
  ['\0\0\0\x0cjP  \r\n\x87\n', 'JPEG 2000'],
  ['\xff\x4f\xff\x51', 'JPEG 2000'],
  ['%PDF', 'PDF'],
  ['%!PS', 'PostScript'],
  ['BM', 'BMP'],
  ['\0\0\x01\0', 'ICO'],
  ['\0\0\x02\0', 'CUR'],
  ['8BPS', 'PSD'],
  ['PK\x03\x04', 'ZIP'],
  ['\x7fELF', 'ELF'],
  ['v/1\x01', 'OpenEXR'],
  ['SIMPLE  =', 'FITS'],
  ['#?RADIANCE', 'Radiance HDR'],
  ['\x08\xf2\xa6\xb6', 'a libvips image'],
  ['\xb6\xa6\xf2\x08', 'a libvips image'],
];

/** Detects the type of a file by its first bytes. File names and media types are ignored. */
export function identify(head: Buffer): DetectedType {
  const start = head.toString('latin1', 0, 16);
  const found = taken.find(([bytes]) => start.startsWith(bytes));
  if (found !== undefined) return { taken: found[1] };
  if (start.startsWith('RIFF') && start.slice(8, 12) === 'WEBP') return { taken: 'webp' };
  if (start.slice(4, 8) === 'ftyp') return brandedType(head);
  const other = known.find(([bytes]) => start.startsWith(bytes));
  if (other !== undefined) return { refused: other[1] };
  if (isSvg(head)) return { taken: 'svg' };
  if (/^P[1-7]\s/.test(start)) return { refused: 'PPM' };
  return { refused: 'bytes of no picture format' };
}
