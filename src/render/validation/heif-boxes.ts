import type { DetectedType, UnsupportedFile } from './sniffed.ts';

const hevc = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs']);
export const heicAdvice = 'convert it to JPEG, PNG or AVIF first';

/** HEVC in HEIF, for which there is no included decoder. */
const heic: UnsupportedFile = {
  refused: 'HEIC (HEVC)',
  advice: `${heicAdvice}, or set TINTYPE_HEIC=convert to accept it`,
};

/**
 * Type of a file of ISO boxes, by its brands (ISO/IEC 23008-12 10.2, AV1-ISOBMFF). A still AVIF is accepted.
 * Sequences and HEIC are not, because there is no decoder for them.
 */
export function brandedType(head: Buffer): DetectedType {
  const [major = '', ...compatible] = brandsOf(head);
  if (major === 'avif') return { taken: 'avif' };
  if (major === 'avis') return { refused: 'an AVIF sequence', advice: 'animations are taken as GIF or WebP' };
  if (hevc.has(major)) return heic;
  if (major === 'mif1' || major === 'msf1') {
    if (compatible.includes('avif')) return { taken: 'avif' };
    return compatible.some((brand) => hevc.has(brand)) ? heic : { refused: 'HEIF without AV1', advice: heicAdvice };
  }
  return { refused: 'a film or another file of ISO boxes' };
}

/** Whether a file is HEIC, which can be converted with an optional decoder. */
export function isHeic(detected: DetectedType): boolean {
  return detected === heic;
}

function brandsOf(head: Buffer): readonly string[] {
  const end = Math.min(head.length >= 4 ? head.readUInt32BE(0) : 0, head.length, 256);
  const brands = [head.toString('latin1', 8, 12)];
  for (let at = 16; at + 4 <= end; at += 4) brands.push(head.toString('latin1', at, at + 4));
  return brands;
}
