import type { DetectedType, UnsupportedFile } from './sniffed.ts';

const hevc = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs']);
export const heicAdvice = 'convert it to JPEG, PNG or AVIF first';

/** HEVC in HEIF; we carry no decoder for it. */
const heic: UnsupportedFile = { refused: 'HEIC (HEVC)', advice: heicAdvice };

/**
 * What a file of ISO boxes is, by the brands in its first one (ISO/IEC 23008-12 10.2, AV1-ISOBMFF): a still AVIF is
 * taken; a sequence of AV1 or HEVC pictures is not, nor is HEIC, since there is no decoder for them here.
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

/** Whether a file was judged to be HEIC: nothing the door takes, but some decoders do. */
export function isHeic(detected: DetectedType): boolean {
  return detected === heic;
}

function brandsOf(head: Buffer): readonly string[] {
  const end = Math.min(head.length >= 4 ? head.readUInt32BE(0) : 0, head.length, 256);
  const brands = [head.toString('latin1', 8, 12)];
  for (let at = 16; at + 4 <= end; at += 4) brands.push(head.toString('latin1', at, at + 4));
  return brands;
}
