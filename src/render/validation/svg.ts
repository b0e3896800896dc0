import { formats } from '../../formats/index.ts';
import { allowSvgLoader } from '../sharp-setup.ts';
import { type SourceFacts, svgMediaType } from '../source-facts.ts';
import { decodeAll, readHeader, type Undecoded } from './decode.ts';
import type { FileBytes } from './file-bytes.ts';
import { checkSize } from './limits.ts';
import { refused } from './refusal.ts';
import type { UploadPolicy } from './upload-policy.ts';

const maxBytes = 1024 * 1024;

/**
 * Validates an SVG of at most 1 MB by rendering it once. Its format is PNG, the default for its output.
 * Read into memory, because by path librsvg could open neighbouring files.
 */
export async function inspectSvg(file: FileBytes, policy: UploadPolicy): Promise<SourceFacts> {
  if (file.size > maxBytes) throw refused(`Expected an SVG of at most ${maxBytes} bytes but received ${file.size}`);
  allowSvgLoader();
  const bytes = Buffer.from(file.at(0, file.size));
  const drawing: Undecoded = { input: bytes, format: 'svg' };
  const { width, height } = await readHeader(drawing);
  const size = { width, height, pages: 1 };
  checkSize(size, policy);
  await decodeAll(drawing, { limitInputPixels: policy.maxPixels });
  return { ...size, format: formats.png.name, mediaType: svgMediaType, orientation: 1, alpha: true };
}
