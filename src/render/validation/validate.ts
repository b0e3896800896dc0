import type { Metadata, SharpOptions } from 'sharp';
import type { FormatName } from '../../formats/format.ts';
import { formats } from '../../formats/index.ts';
import { orientationOfExif, swapsSides } from '../orientation.ts';
import type { Sheet, SourceFacts } from '../source-facts.ts';
import { checkContainer } from './containers.ts';
import { decodeAll, readHeader } from './decode.ts';
import { FileBytes } from './file-bytes.ts';
import { headLength, identify } from './file-type.ts';
import { checkSize } from './limits.ts';
import { notAnImage, refused } from './refusal.ts';
import type { UnsupportedFile } from './sniffed.ts';
import { inspectSvg } from './svg.ts';
import type { UploadPolicy } from './upload-policy.ts';
import '../sharp-setup.ts';

/**
 * Validates an upload and returns its facts. The type comes from its bytes, limits are checked in the header before
 * decoding, and all pixels are decoded once to detect damage.
 * Throws `not-an-image` for an unsupported type, and `refused-image` for a damaged file or one over a limit.
 * Time and memory of decoding are not limited: run it in a worker process.
 */
export async function validateUpload(path: string, policy: UploadPolicy): Promise<SourceFacts> {
  const file = new FileBytes(path);
  try {
    const format = admit(file, policy);
    if (format === 'svg') return await inspectSvg(file, policy);
    checkContainer(file, format, policy);
    return await inspectPixels(path, format, policy);
  } finally {
    file.close();
  }
}

/** Format by the first bytes. Throws if it is not accepted. */
function admit(file: FileBytes, policy: UploadPolicy): FormatName | 'svg' {
  if (file.size === 0) throw refused('Expected a picture but received no bytes');
  const detected = identify(file.at(0, headLength));
  if ('refused' in detected) throw notTaken(detected, policy);
  const format = detected.taken;
  const allowed = format === 'svg' ? policy.svg === 'raster' : policy.formats.includes(format);
  if (!allowed) throw notTaken(format === 'svg' ? svgOff : { refused: format, advice: formatsAdvice }, policy);
  return format;
}

const svgOff = { refused: 'SVG', advice: 'SVG uploads are off, set TINTYPE_SVG=raster to accept them' };
const formatsAdvice = 'TINTYPE_FORMATS lists the formats that are accepted';

function notTaken({ refused, advice }: UnsupportedFile, { formats }: UploadPolicy): Error {
  const hint = advice === undefined ? '' : `; ${advice}`;
  return notAnImage(`Expected ${formats.join(', ')} but received ${refused}${hint}`);
}

async function inspectPixels(input: string, format: FormatName, policy: UploadPolicy): Promise<SourceFacts> {
  const header = await readHeader({ input, format });
  checkKind(header, format);
  const pages = pagesOf(header, format);
  checkSize({ width: header.width, height: heightOf(header), pages: format === 'tiff' ? 1 : pages }, policy);
  // Colours do not matter here, so profiles are ignored, except for CMYK, where sharp would apply a default profile.
  const ignoreIcc = header.space !== 'cmyk';
  for (const options of decodings(format, pages, policy)) await decodeAll({ input, format }, { ...options, ignoreIcc });
  const facts = factsOf(header, format, pages);
  return format === 'tiff' && pages > 1 ? { ...facts, sheets: await sheetsOf(input, pages) } : facts;
}

/** Facts of each page of a TIFF, since pages may differ. */
async function sheetsOf(input: string, pages: number): Promise<readonly Sheet[]> {
  const sheets: Sheet[] = [];
  for (let page = 0; page < pages; page++) {
    const header = await readHeader({ input, format: 'tiff' }, page);
    const { width, height, orientation, alpha } = factsOf(header, 'tiff', 1);
    sheets.push({ width, height, orientation, alpha });
  }
  return sheets;
}

/** Checks that the decoder found the format that the first bytes promised. */
function checkKind({ format: opened, compression = 'av1' }: Metadata, format: FormatName): void {
  const expected = { jpg: 'jpeg', png: 'png', webp: 'webp', avif: 'heif', gif: 'gif', tiff: 'tiff' }[format];
  if (opened === expected && (format !== 'avif' || compression === 'av1')) return;
  throw notAnImage(`Expected ${format} as the first bytes promise but received something else`);
}

/** PNG and AVIF count as one page, because other images in the file are not reachable. */
function pagesOf({ pages = 1 }: Metadata, format: FormatName): number {
  return format === 'png' || format === 'avif' ? 1 : pages;
}

/** Decoder options that cover all pixels: animations at once, TIFF pages one by one, since they differ in size. */
function decodings(format: FormatName, pages: number, policy: UploadPolicy): readonly SharpOptions[] {
  if (pages === 1) return [{ limitInputPixels: policy.maxPixels }];
  if (format !== 'tiff') return [{ pages, limitInputPixels: policy.maxTotalPixels }];
  return Array.from({ length: pages }, (_, page) => ({ page, limitInputPixels: policy.maxPixels }));
}

function heightOf({ height, pageHeight }: Metadata): number {
  return pageHeight ?? height;
}

function factsOf(header: Metadata, format: FormatName, pages: number): SourceFacts {
  // libvips applies the rotation of AVIF (irot, imir) itself, and drops invalid EXIF orientations.
  const orientation = format === 'avif' ? 1 : (header.orientation ?? 1);
  const sides = { width: header.width, height: heightOf(header) };
  const upright = swapsSides(orientationOfExif(orientation)) ? { width: sides.height, height: sides.width } : sides;
  const { mediaType } = formats[format];
  return { format, mediaType, ...upright, orientation, alpha: header.hasAlpha, pages };
}
