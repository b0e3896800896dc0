import { namesOfExif, type Removable, type Stripped } from './stripped.ts';

/** Chunks that affect the displayed image (PNG, third edition, 4.7), animations included. */
const kept = new Set(
  'IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs acTL fcTL fdAT'.split(' '),
);

const signature = 8;

export function stripPng(file: Buffer): Stripped {
  const pieces: Uint8Array[] = [file.subarray(0, signature)];
  const removed = new Set<Removable>();
  for (let at = signature; at + 12 <= file.length; ) {
    const end = at + 12 + file.readUInt32BE(at);
    const name = file.toString('latin1', at + 4, at + 8);
    if (kept.has(name)) pieces.push(file.subarray(at, end));
    else for (const what of namesOf(name, file.subarray(at + 8, end - 4))) removed.add(what);
    if (name === 'IEND') {
      if (end < file.length) removed.add('trailer');
      break;
    }
    at = end;
  }
  return { pieces, removed };
}

function namesOf(name: string, data: Buffer): readonly Removable[] {
  if (name === 'eXIf') return namesOfExif(data);
  if (name === 'iTXt' && data.toString('latin1', 0, 17) === 'XML:com.adobe.xmp') return ['xmp'];
  return [/^[itz]?TXt$|^tEXt$/.test(name) ? 'comment' : 'other'];
}
